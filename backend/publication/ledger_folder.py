"""The folder of a season's ledger (docs/formats/ledger.md) out of its entries, on each of the three levels."""

import io
import zipfile
from collections.abc import Collection, Mapping

from backend.fairness.canonical import sha256_hex
from backend.foundation.database import db
from backend.foundation.problems import NotFound
from backend.publication.enter_ledger import decision_of, decision_of_statement, entries_of
from backend.publication.rows import LedgerEntry, Run
from backend.publication.rules.ledger import (
    MANIFEST,
    STATEMENT,
    Level,
    decision_files,
    manifest,
    own_proofs,
    shown_names,
)
from backend.publication.runs import RunDamaged

LONG_AGO = (1980, 1, 1, 0, 0, 0)
"""The time of every file in an archive: the same folder gives the same bytes."""


def public_folder(season: str) -> dict[str, bytes]:
    """What everybody may have, {path: bytes}, as it was entered. Raises NotFound for a season without decisions."""
    return _with_manifest(season, Level.PUBLIC, {})


def family_folder(season: str, own: Mapping[str, Collection[str]]) -> dict[str, bytes]:
    """The public files with the proofs of a family's rows; `own` gives its numbers by the cause of an entry.

    Raises NotFound, RunDamaged, SealBroken.
    """
    proofs: dict[str, bytes] = {}
    for entry in entries_of(season):
        if entry.cause in own:
            decision = decision_of(_run(entry)) if entry.run_id else decision_of_statement(entry)
            found = own_proofs(decision, own[entry.cause])
            proofs |= {f"{entry.entry['path']}/proofs/{name}": data for name, data in found.items()}
    return _with_manifest(season, Level.FAMILY, proofs)


def sealed_folder(season: str) -> dict[str, bytes]:
    """The public files with the whole input and output of every run, for accredited auditors.

    Every file is held against the hash it was entered with. Raises NotFound, RunDamaged, SealBroken.
    """
    found: dict[str, bytes] = {}
    for entry in entries_of(season):
        if entry.run_id is None and entry.entry["kind"] == STATEMENT:
            continue
        decision = decision_of(_run(entry)) if entry.run_id else decision_of_statement(entry)
        contents = decision_files(decision)
        for name in shown_names(entry.entry["kind"], Level.SEALED) & contents.keys():
            if sha256_hex(contents[name]) != entry.entry["files"][name]:
                raise RunDamaged(f"{entry.cause}: {name}")
            found[f"{entry.entry['path']}/{name}"] = contents[name]
    return _with_manifest(season, Level.SEALED, found)


def archive(season: str, folder: Mapping[str, bytes]) -> bytes:
    """The folder as a zip archive with one top folder, `sunroll-ledger-<season>`; the same bytes for the same folder."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as opened:
        for path in sorted(folder):
            member = zipfile.ZipInfo(f"sunroll-ledger-{season}/{path}", LONG_AGO)
            member.compress_type = zipfile.ZIP_DEFLATED
            opened.writestr(member, folder[path])
    return out.getvalue()


def _with_manifest(season: str, level: Level, more: Mapping[str, bytes]) -> dict[str, bytes]:
    entries = entries_of(season)
    if not entries:
        raise NotFound
    shown = {f"{entry.entry['path']}/{name}": text.encode() for entry in entries for name, text in entry.shown.items()}
    return {MANIFEST: manifest(season, level, [entry.entry for entry in entries])} | shown | dict(more)


def _run(entry: LedgerEntry) -> Run:
    return db.session.get_one(Run, entry.run_id)

"""The published ledger: decisions in, the folder's files out, on three levels (docs/formats/ledger.md).

The hashes of all files stand in the manifest on every level, so that the public, the family's and the sealed folder
of one season have the same last hash and differ only in what they show.
"""

import hmac
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from backend.fairness.canonical import canonical_json, sha256_hex
from backend.fairness.merkle import inclusion_proof, merkle_root
from backend.publication.rules.summaries import public_summary

FORMAT = "sunroll-ledger/v1"
MANIFEST = "manifest.json"
SALT_DOMAIN = b"sunroll-salt/v1"


class Level(StrEnum):
    """Who a folder is for: everybody, one family (its own rows with proofs), accredited auditors (the whole input)."""

    PUBLIC = "public"
    FAMILY = "family"
    SEALED = "sealed"


@dataclass(frozen=True, slots=True)
class KindOfDecision:
    """Which lists of input and output are people, by which key they are named, and what else is kept from the rule."""

    people: str | None
    output_people: str | None
    named_by: str = "id"
    private: tuple[str, ...] = ()


KINDS = {
    "draw": KindOfDecision("roster", "order", "no"),
    "circle-draw": KindOfDecision(None, None),
    "placement": KindOfDecision("applicants", "placements"),
    "classes": KindOfDecision("pupils", "classes", "no"),
    "team-draw": KindOfDecision(None, None),
    "exam-admission": KindOfDecision("candidates", "candidates", private=("events",)),
    "quota": KindOfDecision("juniors", "rows"),
    "statement": KindOfDecision("rows", "rows"),
}
STATEMENT = "statement"


@dataclass(frozen=True, slots=True)
class Ceremony:
    """How the seed came about. `witnesses`, `beacon` and its fall-back are None where they were not named before.

    `parts` are (party, text) in the order of the seed text, the office first.
    """

    office_commitment: str
    parts: tuple[tuple[str, str], ...]
    seed: str
    witnesses: tuple[str, ...] | None = None
    beacon: str | None = None
    beacon_fallback: str | None = None


@dataclass(frozen=True, slots=True)
class Decision:
    """One decision to be published.

    `value` is the frozen input with an empty seed, `output` the result document. `salt_key` (32 bytes by chance)
    salts the leaves of both lists; None publishes plain rows as leaves, which is only right where nobody gets a
    proof. `corrects` is the hash of an earlier entry and the reason. A statement brings its own `public` figures.
    """

    kind: str
    value: Mapping[str, Any]
    output: Mapping[str, Any]
    frozen_at: str
    rule_book_sha256: str | None = None
    ceremony: Ceremony | None = None
    salt_key: bytes | None = None
    corrects: tuple[str, str] | None = None
    public: Mapping[str, Any] | None = None


class ProofsNeedSalts(ValueError):
    """A family's proof shows the hashes beside its row; without salts those could be guessed back to neighbours."""

    code = "proofs-need-salts"


def ledger_files(
    season: str, decisions: Sequence[Decision], level: Level, own: Collection[str] = ()
) -> dict[str, bytes]:
    """The whole folder as {path: bytes} on one level; `own` are the family's numbers on level FAMILY.

    Raises ProofsNeedSalts where a family's row lies in a list without salts.
    """
    entries: list[dict[str, Any]] = []
    files: dict[str, bytes] = {}
    previous = first_hash(season)
    for number, decision in enumerate(decisions, 1):
        entry, contents = decision_entry(number, decision, previous)
        entries.append(entry)
        previous = entry["hash"]
        shown = shown_names(decision.kind, level)
        files |= {f"{entry['path']}/{name}": data for name, data in contents.items() if name in shown}
        if level is Level.FAMILY:
            files |= {f"{entry['path']}/proofs/{name}": data for name, data in own_proofs(decision, own).items()}
    return {MANIFEST: manifest(season, level, entries)} | files


def first_hash(season: str) -> str:
    """The `previous_hash` of a season's first entry."""
    return sha256_hex(canonical_json({"format": FORMAT, "season": season}))


def manifest(season: str, level: Level, entries: Sequence[Mapping[str, Any]]) -> bytes:
    """The bytes of `manifest.json` over the season's entries."""
    return canonical_json({"format": FORMAT, "season": season, "level": level.value, "decisions": list(entries)})


def decision_entry(number: int, decision: Decision, previous_hash: str) -> tuple[dict[str, Any], dict[str, bytes]]:
    """The decision's entry in the manifest, as the `number`-th (from 1) after `previous_hash`, and all its files."""
    contents = decision_files(decision)
    entry = {
        "kind": decision.kind,
        "path": f"{number:04d}-{decision.kind}",
        "files": {name: sha256_hex(data) for name, data in contents.items()},
        "roots": _roots(decision),
        "previous_hash": previous_hash,
    }
    return entry | {"hash": sha256_hex(canonical_json(entry))}, contents


def decision_files(decision: Decision) -> dict[str, bytes]:
    """Every file of the decision by name, whatever level shows it."""
    return {name: canonical_json(value) for name, value in _contents(decision).items()}


def salt_of(key: bytes, listed: str, index: int) -> str:
    """The salt of row `index` (from 0) of the list "input" or "output", in hex."""
    return hmac.digest(key, b"\0".join([SALT_DOMAIN, listed.encode(), str(index).encode()]), "sha256").hex()


def leaves(rows: Sequence[Any], listed: str, salt_key: bytes | None) -> list[bytes]:
    """The leaves of a list: each row with its salt, or the row alone where there is no key."""
    if salt_key is None:
        return [canonical_json(row) for row in rows]
    return [canonical_json({"row": row, "salt": salt_of(salt_key, listed, index)}) for index, row in enumerate(rows)]


def _lists(decision: Decision) -> dict[str, list[Any]]:
    kind = KINDS[decision.kind]
    return {
        "input": list(decision.value[kind.people]) if kind.people else [],
        "output": list(decision.output[kind.output_people]) if kind.output_people else [],
    }


def _roots(decision: Decision) -> dict[str, Any]:
    return {
        listed: {"root": merkle_root(leaves(rows, listed, decision.salt_key)).hex(), "rows": len(rows)}
        for listed, rows in _lists(decision).items()
    }


def _contents(decision: Decision) -> dict[str, Any]:
    kind, ceremony = KINDS[decision.kind], decision.ceremony
    hidden = {"seed", kind.people, *kind.private}
    root = _roots(decision)["input"]
    public = decision.public
    if public is None:
        public = public_summary(decision.kind, decision.value, decision.output)
    commit = {
        "frozen_at": decision.frozen_at,
        "input_sha256": sha256_hex(canonical_json(decision.value)),
        "root": root["root"],
        "rows": root["rows"],
        "leaf": "row" if decision.salt_key is None else "salted-row",
        "office_commitment": ceremony and ceremony.office_commitment,
        "witnesses": list(ceremony.witnesses) if ceremony and ceremony.witnesses is not None else None,
        "beacon": ceremony and ceremony.beacon,
        "beacon_fallback": ceremony and ceremony.beacon_fallback,
    }
    contents = {
        "rules.json": {
            "kind": decision.kind,
            "rule": {key: value for key, value in decision.value.items() if key not in hidden},
            "rule_book_sha256": decision.rule_book_sha256,
            "corrects": decision.corrects and dict(zip(("hash", "reason"), decision.corrects, strict=True)),
        },
        "commit.json": commit,
        "reveal.json": {
            "root": root["root"],
            "office_commitment": commit["office_commitment"],
            "parts": [{"party": party, "text": text} for party, text in ceremony.parts] if ceremony else [],
            "seed": ceremony and ceremony.seed,
        },
        "public.json": public,
        "input.json": decision.value,
        "output.json": decision.output,
    }
    return contents if decision.salt_key is None else contents | {"salts.json": {"key": decision.salt_key.hex()}}


def shown_names(kind: str, level: Level) -> set[str]:
    """The names of the files that a level shows of a decision of this kind; a statement's rows never leave the office."""
    shown = {"rules.json", "commit.json", "reveal.json", "public.json"}
    if level is Level.SEALED and kind != STATEMENT:
        shown |= {"input.json", "output.json", "salts.json"}
    return shown


def own_proofs(decision: Decision, own: Collection[str]) -> dict[str, bytes]:
    """One file for each row of the numbers `own`: the row, its salt, the hashes beside its way up to the root.

    Raises ProofsNeedSalts where such a row lies in a list without salts.
    """
    kind = KINDS[decision.kind]
    found: dict[str, bytes] = {}
    for listed, rows in _lists(decision).items():
        mine = [index for index, row in enumerate(rows) if row[kind.named_by] in own]
        if mine and decision.salt_key is None:
            raise ProofsNeedSalts(f"the {listed} of a decision of kind {decision.kind!r} has no salts")
        tree = leaves(rows, listed, decision.salt_key) if mine else []
        for index in mine:
            proof = {
                "list": listed,
                "index": index,
                "row": rows[index],
                "salt": salt_of(decision.salt_key, listed, index) if decision.salt_key else None,
                "proof": [beside.hex() for beside in inclusion_proof(tree, index)],
            }
            found[f"{listed}-{index}.json"] = canonical_json(proof)
    return found

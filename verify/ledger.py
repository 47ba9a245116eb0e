"""The whole ledger folder: the manifest's chain, the files each level shows, every decision in order."""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from verify.decision import ALWAYS, DIGEST, SEALED, STATEMENT, Program, check_decision, check_file_hashes, check_proof
from verify.folder import Lie, Unreadable, canonical, demand_equal, demand_keys, parse_canonical, sha256_hex

Row = dict[str, Any]
FORMAT = "sunroll-ledger/v1"
LEVELS = ("public", "family", "sealed")
MANIFEST = "manifest.json"
KIND = re.compile(r"[a-z]+(-[a-z]+)*")
ENTRY_KEYS = {"kind", "path", "files", "roots", "previous_hash", "hash"}


@dataclass
class Verdict:
    """A folder without a lie: how many decisions it holds, its last hash, and what was not recomputed."""

    decisions: int
    head: str
    notes: list[str] = field(default_factory=list)


def check_ledger(root: Path, programs: Mapping[str, Program] | None = None) -> Verdict:
    """Check everything in the folder. Raises Lie at the first thing that is not true, Unreadable for no ledger."""
    manifest = _manifest(root)
    previous = sha256_hex(canonical({"format": FORMAT, "season": manifest["season"]}))
    verdict = Verdict(len(manifest["decisions"]), previous)
    earlier: dict[str, str | None] = {}
    for number, entry in enumerate(manifest["decisions"], 1):
        with _told_as_a_lie(f"{MANIFEST}: decision {number}"):
            _check_entry(entry, number, verdict.head)
            verdict.notes += _check_one(root, entry, manifest["level"], earlier, programs or {})
        verdict.head = entry["hash"]
    _check_folders(root, {entry["path"] for entry in manifest["decisions"]})
    return verdict


@contextmanager
def _told_as_a_lie(where: str) -> Iterator[None]:
    """Whatever stumbles over the shape of a decision is told as a lie: the format leaves no such shape open."""
    try:
        yield
    except (KeyError, TypeError, ValueError, IndexError, AttributeError, ArithmeticError, RecursionError) as error:
        raise Lie(where, f"is not made as the format says: {type(error).__name__}: {error}") from error


def _check_one(
    root: Path, entry: Row, level: str, earlier: dict[str, str | None], programs: Mapping[str, Program]
) -> list[str]:
    files = check_file_hashes(root, entry, _shown(entry, level))
    _check_names(root / entry["path"], entry["path"], set(files))
    notes = check_decision(entry, files, earlier, programs)
    for proof in sorted((root / entry["path"] / "proofs").glob("*")):
        check_proof(entry, proof.read_bytes(), f"{entry['path']}/proofs/{proof.name}")
    return notes


def _manifest(root: Path) -> Row:
    try:
        data = (root / MANIFEST).read_bytes()
    except OSError as error:
        raise Unreadable(f"{MANIFEST} cannot be read: {error.strerror}") from error
    manifest = parse_canonical(data, MANIFEST)
    if not isinstance(manifest, dict) or manifest.get("format") != FORMAT:
        raise Unreadable(f"{MANIFEST} names no format that is known here; this checker reads {FORMAT}")
    demand_keys(manifest, {"format", "season", "level", "decisions"}, MANIFEST)
    if manifest["level"] not in LEVELS or not isinstance(manifest["decisions"], list):
        raise Lie(MANIFEST, f"the level is none of {', '.join(LEVELS)}, or there is no list of decisions")
    return manifest


def _check_entry(entry: Any, number: int, previous: str) -> None:
    where = f"{MANIFEST}: decision {number}"
    demand_keys(entry, ENTRY_KEYS, where)
    if not isinstance(entry["kind"], str) or KIND.fullmatch(entry["kind"]) is None:
        raise Lie(where, "the kind is none")
    demand_equal(entry["path"], f"{number:04d}-{entry['kind']}", where, "the path")
    demand_equal(entry["previous_hash"], previous, where, "the hash of the decision before")
    unhashed = {key: value for key, value in entry.items() if key != "hash"}
    demand_equal(entry["hash"], sha256_hex(canonical(unhashed)), where, "the hash")
    names = {*ALWAYS, "input.json", "output.json"}
    files = entry["files"]
    if not isinstance(files, dict) or set(files) - {"salts.json"} != names:
        raise Lie(where, f"must give the hash of each of {', '.join(sorted(names))}")
    if not all(isinstance(digest, str) and DIGEST.fullmatch(digest) for digest in files.values()):
        raise Lie(where, "a hash is none")
    roots = demand_keys(entry["roots"], {"input", "output"}, where)
    for listed in ("input", "output"):
        root = demand_keys(roots[listed], {"root", "rows"}, where)
        if not isinstance(root["root"], str) or DIGEST.fullmatch(root["root"]) is None or type(root["rows"]) is not int:
            raise Lie(where, f"the root of the {listed} is none")


def _shown(entry: Row, level: str) -> list[str]:
    """The files that the level shows of a decision."""
    shows_all = level == "sealed" and entry["kind"] != STATEMENT
    return [*ALWAYS, *(name for name in SEALED if shows_all and name in entry["files"])]


def _check_names(folder: Path, path: str, expected: set[str]) -> None:
    for found in sorted(folder.iterdir()):
        if found.name not in expected and found.name != "proofs":
            raise Lie(f"{path}/{found.name}", "does not belong to the decision on this level of the ledger")


def _check_folders(root: Path, expected: set[str]) -> None:
    for found in sorted(root.iterdir()):
        if found.is_dir() and found.name not in expected:
            raise Lie(found.name, "is not in the manifest")

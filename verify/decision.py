"""One decision of the ledger: its files against each other, its result against the rules, proofs against the roots."""

import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from verify.folder import Lie, demand_equal, demand_keys, parse_canonical, sha256_hex
from verify.kinds import KINDS, Kind, compare
from verify.merkle import leaf_of, root_from_proof, root_of, salt_of
from verify.seed import COMMIT_KEYS, seed_of

Row = dict[str, Any]
Program = Callable[[Row], Row]
ALWAYS = ("rules.json", "commit.json", "reveal.json", "public.json")
SEALED = ("input.json", "output.json", "salts.json")
STATEMENT = "statement"
DIGEST = re.compile(r"[0-9a-f]{64}")


def check_decision(
    entry: Row, files: Mapping[str, bytes], earlier: dict[str, str | None], programs: Mapping[str, Program]
) -> list[str]:
    """Check one decision; `files` are the files present by name, `earlier` the entries before: hash → seed.

    The decision's own seed is added to `earlier`. `programs` recompute the kinds that the standard library does not.
    Gives notes for the reader of the verdict. Raises Lie.
    """
    path = entry["path"]
    parsed = {name: parse_canonical(data, f"{path}/{name}") for name, data in files.items()}
    rules = demand_keys(parsed["rules.json"], {"kind", "rule", "rule_book_sha256", "corrects"}, f"{path}/rules.json")
    demand_equal(rules["kind"], entry["kind"], f"{path}/rules.json", "the kind")
    _check_correction(rules["corrects"], earlier, f"{path}/rules.json")
    commit = demand_keys(parsed["commit.json"], COMMIT_KEYS, f"{path}/commit.json")
    _check_commit(entry, commit, f"{path}/commit.json")
    seed = seed_of(commit, parsed["reveal.json"], f"{path}/reveal.json")
    earlier[entry["hash"]] = seed
    kind = KINDS.get(entry["kind"])
    if kind is not None and kind.draws_on:
        seed = _seed_behind(rules["rule"], earlier, f"{path}/rules.json")
    if kind is None:
        return [] if entry["kind"] == STATEMENT else [f"{path}: the kind is not known here; hashes and proofs only"]
    if "input.json" in parsed:
        given = _check_recomputed(entry, kind, parsed, seed)
        if kind.note and entry["kind"] in programs:
            compare(parsed["output.json"], programs[entry["kind"]](given), f"{path}/output.json", "")
            return []
        return [f"{path}: {kind.note}"] if kind.note else []
    rule = {**rules["rule"], "seed": seed} if kind.draws_on else rules["rule"]
    kind.check_summary(rule, parsed["public.json"], commit["rows"], f"{path}/public.json")
    return []


def _seed_behind(rule: Row, earlier: Mapping[str, str | None], where: str) -> str:
    """The seed of the decision that this one draws on. Raises Lie."""
    seed = earlier.get(rule["draws_on"])
    if seed is None:
        raise Lie(where, "draws on no earlier decision that has a seed")
    return seed


def _check_correction(corrects: Any, earlier: Mapping[str, str | None], where: str) -> None:
    if corrects is None:
        return
    named = demand_keys(corrects, {"hash", "reason"}, where)
    if named["hash"] not in earlier or not named["reason"]:
        raise Lie(where, "a correction names the hash of an earlier decision and its reason")


def _check_commit(entry: Row, commit: Row, where: str) -> None:
    demand_equal(commit["input_sha256"], entry["files"]["input.json"], where, "the input_sha256")
    demand_equal(
        {"root": commit["root"], "rows": commit["rows"]}, entry["roots"]["input"], where, "the root of the input"
    )
    demand_equal(commit["leaf"], "row" if "salts.json" not in entry["files"] else "salted-row", where, "the leaf")


def _check_recomputed(entry: Row, kind: Kind, parsed: Row, seed: str | None) -> Row:
    """Check the decision against its input; the input with its seed. Raises Lie."""
    path, given, output = entry["path"], parsed["input.json"], parsed["output.json"]
    hidden = {"seed", *kind.private, *([kind.people] if kind.people else [])}
    rule = {key: value for key, value in given.items() if key not in hidden}
    demand_equal(parsed["rules.json"]["rule"], rule, f"{path}/rules.json", "the rule")
    salts = demand_keys(parsed["salts.json"], {"key"}, f"{path}/salts.json") if "salts.json" in parsed else None
    if salts is not None and not (isinstance(salts["key"], str) and DIGEST.fullmatch(salts["key"])):
        raise Lie(f"{path}/salts.json", "the key is none")
    key = None if salts is None else bytes.fromhex(salts["key"])
    lists = {
        "input": given[kind.people] if kind.people else [],
        "output": output[kind.output_people] if kind.output_people else [],
    }
    for listed, rows in lists.items():
        salted = (None if key is None else salt_of(key, listed, index) for index in range(len(rows)))
        root = root_of([leaf_of(row, salt) for row, salt in zip(rows, salted, strict=True)])
        demand_equal(entry["roots"][listed], {"root": root, "rows": len(rows)}, path, f"the root of the {listed}")
    if "seed" in given:
        demand_equal(given["seed"], "", f"{path}/input.json", "the seed of a frozen input")
        if seed is None:
            raise Lie(f"{path}/reveal.json", "the decision needs a seed, and none was made")
        given = {**given, "seed": seed}
    kind.check_output(given, output, f"{path}/output.json")
    demand_equal(parsed["public.json"], kind.summarise(given, output), f"{path}/public.json", "the summary")
    return dict(given)


def check_proof(entry: Row, data: bytes, where: str) -> None:
    """Whether the row in a proof file stands in the list whose root the manifest names. Raises Lie."""
    proof = demand_keys(parse_canonical(data, where), {"list", "index", "row", "salt", "proof"}, where)
    root = entry["roots"].get(proof["list"]) if isinstance(proof["list"], str) else None
    index, beside = proof["index"], proof["proof"]
    if root is None or type(index) is not int or not isinstance(beside, list):
        raise Lie(where, "names no list of the decision, or is no proof")
    is_salted = "salts.json" in entry["files"]
    if not 0 <= index < root["rows"] or (proof["salt"] is not None) != is_salted:
        raise Lie(where, "names a row that is not in the list")
    if not all(isinstance(one, str) and DIGEST.fullmatch(one) for one in beside):
        raise Lie(where, "has a hash that is none")
    hashes = [bytes.fromhex(one) for one in beside]
    reached = root_from_proof(leaf_of(proof["row"], proof["salt"]), index, root["rows"], hashes)
    if reached != root["root"]:
        raise Lie(where, "the row does not stand in the list with the published root")


def check_file_hashes(root: Path, entry: Row, expected: list[str]) -> dict[str, bytes]:
    """The files that the level shows, each held against its hash in the manifest. Raises Lie."""
    found = {}
    for name in expected:
        where = f"{entry['path']}/{name}"
        try:
            found[name] = (root / where).read_bytes()
        except OSError as error:
            raise Lie(where, f"cannot be read: {error.strerror}") from error
        demand_equal(sha256_hex(found[name]), entry["files"][name], where, "the SHA-256")
    return found

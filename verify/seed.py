"""The seed of a decision: recomputed from the texts of the ceremony, held against what was published before it."""

import hashlib
import re
from typing import Any

from verify.folder import Lie, demand_equal, demand_keys

SEED_DOMAIN = "sunroll-seed/v1"
FEWEST_WITNESSES = 3
WITNESS_TEXT = re.compile(r"[0-9]{12,}")
COMMIT_KEYS = {
    "frozen_at",
    "input_sha256",
    "root",
    "rows",
    "leaf",
    "office_commitment",
    "witnesses",
    "beacon",
    "beacon_fallback",
}


def seed_of(commit: dict[str, Any], reveal: Any, where: str) -> str | None:
    """The seed that the ceremony gives, or None for a decision without chance. Raises Lie."""
    revealed = demand_keys(reveal, {"root", "office_commitment", "parts", "seed"}, where)
    demand_equal(revealed["root"], commit["root"], where, "the root")
    demand_equal(revealed["office_commitment"], commit["office_commitment"], where, "the office's commitment")
    parts = revealed["parts"]
    if not isinstance(parts, list):
        raise Lie(where, "the parts must be a list")
    for part in parts:
        demand_keys(part, {"party", "text"}, where)
        if not all(isinstance(text, str) and "\0" not in text for text in part.values()):
            raise Lie(where, "a part of the ceremony is no text")
    if commit["office_commitment"] is None:
        found = (parts, revealed["seed"], commit["witnesses"], commit["beacon"], commit["beacon_fallback"])
        demand_equal(found, ([], None, None, None, None), where, "the ceremony of a decision without chance")
        return None
    _check_parts(commit, parts, where)
    text = "\0".join([SEED_DOMAIN, commit["root"], *(part["text"] for part in parts)])
    seed = hashlib.sha256(text.encode("utf-8")).hexdigest()
    demand_equal(revealed["seed"], seed, where, "the seed")
    return seed


def _check_parts(commit: dict[str, Any], parts: list[dict[str, str]], where: str) -> None:
    witnesses = parts[1:-1] if commit["beacon"] is not None else parts[1:]
    if len({part["party"] for part in witnesses}) < max(FEWEST_WITNESSES, len(witnesses)):
        raise Lie(where, f"a ceremony has at least {FEWEST_WITNESSES} witnesses, each named once")
    if commit["witnesses"] is not None:
        demand_equal([part["party"] for part in witnesses], commit["witnesses"], where, "the list of witnesses")
    office = parts[0]
    demand_equal(office["party"], "office", where, "the first party")
    opened = hashlib.sha256(office["text"].encode("utf-8")).hexdigest() == commit["office_commitment"]
    if not opened and office["text"] != commit["office_commitment"]:
        raise Lie(where, "the office's text is not the one it was bound to")
    for place, part in enumerate(witnesses, 1):
        if WITNESS_TEXT.fullmatch(part["text"]) is None and part["text"] != f"unrevealed/{place}":
            raise Lie(where, f"the text of witness {part['party']!r} is neither twelve digits or more nor unrevealed")
    if commit["beacon"] is not None:
        demand_equal(parts[-1]["party"], commit["beacon"], where, "the last party")

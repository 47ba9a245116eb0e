"""The published file of a ceremony, `sunroll-ceremony/v1`: everything in it recomputed, by anybody, without a network.

The file stands at /public/ceremonies/<run>.json while the ceremony goes on and afterwards (docs/formats/ceremony.md).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from backend.fairness.ceremony import (
    FEWEST_WITNESSES,
    CeremonyRefused,
    CeremonyRules,
    conclude,
    opens,
    opens_witness,
)

FORMAT = "sunroll-ceremony/v1"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that does not hold: the JSON pointer of the place, and what is wrong there."""

    pointer: str
    what: str


def ceremony_findings(document: Mapping[str, Any]) -> list[Finding]:
    """Everything in a ceremony's file that does not hold; an empty list where all of it is true.

    A file of a ceremony that is not concluded is checked as far as it goes. A file whose parts are missing or of
    another type gives one finding that says so.
    """
    if document.get("format") != FORMAT:
        return [Finding("/format", f"this checker reads {FORMAT}")]
    try:
        return [*_witness_findings(document), *_seed_findings(document), *_order_findings(document)]
    except (KeyError, TypeError, AttributeError) as error:
        return [Finding("", f"is not made as the format says: {type(error).__name__}: {error}")]


def _standing(document: Mapping[str, Any]) -> list[tuple[int, Mapping[str, Any]]]:
    """The witnesses whose texts make the seed, with their places in the file's list."""
    return [(place, one) for place, one in enumerate(document["witnesses"]) if one["dismissed_at"] is None]


def _witness_findings(document: Mapping[str, Any]) -> Iterator[Finding]:
    standing = _standing(document)
    if len(standing) < FEWEST_WITNESSES:
        yield Finding("/witnesses", f"fewer than {FEWEST_WITNESSES} witnesses")
    for place, one in standing:
        where = f"/witnesses/{place}"
        if one["commitment"] is None and document["committed_at"] is not None:
            yield Finding(f"{where}/commitment", "stands in the seed without having committed to anything")
        if one["text"] is None:
            continue
        if document["committed_at"] is None:
            yield Finding(f"{where}/text", "was said before all had committed")
        if one["commitment"] is None or not opens_witness(
            one["commitment"], document["root"], one["name"], one["text"]
        ):
            yield Finding(f"{where}/text", "is not what this witness committed to")


def _seed_findings(document: Mapping[str, Any]) -> Iterator[Finding]:
    if document["seed"] is None:
        return
    number, office = document["public_number"], document["office"]
    if not opens(office["commitment"], office["text"]):
        yield Finding("/office/text", "is not what the office committed to")
    texts = {one["name"]: one["text"] for _, one in _standing(document) if one["text"] is not None}
    try:
        rules = CeremonyRules(
            document["root"],
            office["commitment"],
            tuple(one["name"] for _, one in _standing(document)),
            number and number["name"],
            number and number["fallback"],
        )
        told = conclude(rules, office["text"], texts, number and number["text"])
    except CeremonyRefused as refused:
        yield Finding("/witnesses", str(refused))
        return
    if told.seed != document["seed"]:
        yield Finding("/seed", f"the texts give the seed {told.seed}")


def _order_findings(document: Mapping[str, Any]) -> Iterator[Finding]:
    """The steps in their order; instants are ISO 8601 with one offset and of one length, so texts compare as times."""
    names = ("frozen_at", "announced_at", "committed_at", "revealed_at", "concluded_at")
    steps = [(name, document[name]) for name in names if document[name] is not None]
    for (earlier, before), (later, after) in pairwise(steps):
        if after < before:
            yield Finding(f"/{later}", f"is before {earlier}")
    number = document["public_number"]
    if number and document["committed_at"] is not None and not document["committed_at"] < number["appears_at"]:
        yield Finding("/public_number/appears_at", "the number was out before all had committed")

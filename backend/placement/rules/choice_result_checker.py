"""Checks a placement by ranked choices against its input: the matching, and every figure that is published.

Tickets are recomputed here by the definition; nothing is shared with the program that placed.
"""

import hashlib
import hmac
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from backend.matching.choice_checker import Market, check_matching
from backend.matching.findings import Property, checked
from backend.placement.rules.choice_turns import choices_left, parted_bundles
from backend.placement.rules.inputs import ChoiceInput


def choice_checker(given: ChoiceInput) -> Callable[[Mapping[str, Any]], list[Property]]:
    """The checker of this input's results: documents of the right shape in, the properties C1 to C10 out.

    Standings, choices that are left and digest of the input are worked out at once, before there is any result.
    """
    standings, digest = _standings(given), given.sha256
    seats = {school.id: school.seats for school in given.schools}
    market = Market(seats, choices_left(given, standings), standings)

    def check(document: Mapping[str, Any]) -> list[Property]:
        matched = {one["id"]: one["school"] for one in document["placements"]}
        cutoffs = {school["id"]: _cutoff(school["cutoff"]) for school in document["schools"]}
        return [
            *check_matching(market, matched, cutoffs),
            checked("C7 rows are complete and sorted by id", _wrong_rows(given, document)),
            checked("C8 the number of the choice and the seats taken are right", _wrong_counts(given, document)),
            checked("C9 the result names its input", _wrong_input(digest, document)),
            checked("C10 bundles are together", parted_bundles(given, matched)),
        ]

    return check


def _standings(given: ChoiceInput) -> dict[str, dict[str, tuple[int, str]]]:
    """(priority, ticket in hex) by applicant and school; only the members of a bundle have the same ticket."""
    key = hashlib.sha256(given.seed.encode()).digest()
    domain = b"sunroll-ticket/v1\0" + given.draw.encode() + b"\0"
    standings: dict[str, dict[str, tuple[int, str]]] = {}
    for one in given.applicants:
        own = one.bundle or one.id
        tickets = dict.fromkeys(one.choices, own)
        if given.tie_break != "single":
            tickets = {school: school + "/" + own for school in one.choices}
        drawn = {name: hmac.digest(key, domain + name.encode(), "sha256").hex() for name in set(tickets.values())}
        standings[one.id] = {school: (one.priority.get(school, 0), drawn[name]) for school, name in tickets.items()}
    return standings


def _cutoff(told: Mapping[str, Any] | None) -> tuple[int, str] | None:
    return None if told is None else (told["priority"], told["ticket"])


def _wrong_rows(given: ChoiceInput, document: Mapping[str, Any]) -> Iterator[str]:
    for role, expected in (("placements", given.applicants), ("schools", given.schools)):
        if [row["id"] for row in document[role]] != sorted((one.id for one in expected), key=str.encode):
            yield f"{role}: the ids are not those of the input, each once, in byte order"


def _wrong_counts(given: ChoiceInput, document: Mapping[str, Any]) -> Iterator[str]:
    wishes = {one.id: one.choices for one in given.applicants}
    seats = {school.id: school.seats for school in given.schools}
    for one in document["placements"]:
        number = one["choice"]
        listed = wishes.get(one["id"], ())
        names = listed[number - 1] if number is not None and 1 <= number <= len(listed) else None
        if (number is None) != (one["school"] is None) or names != one["school"]:
            yield f"{one['id']!r} has {one['school']!r} as choice {number}"
    taken = Counter(one["school"] for one in document["placements"])
    for school in document["schools"]:
        if school["seats"] != seats.get(school["id"]) or school["taken"] != taken[school["id"]]:
            yield f"{school['id']!r}: {school['taken']} of {school['seats']} seats taken is not so"


def _wrong_input(digest: str, document: Mapping[str, Any]) -> Iterator[str]:
    if document["input_sha256"] != digest:
        yield f"input_sha256 is {document['input_sha256']}, the input's is {digest}"

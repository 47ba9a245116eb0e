"""What a published zone result claims, set beside the input in a second way: ranks by sorting once per key.

For the checkers only. The program that placed builds one comparable number per key; here the applicants are sorted
again and again, from the last key to the first, and tickets are recomputed by the definition.
"""

import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from operator import attrgetter, itemgetter
from typing import Any

from backend.placement.rules.inputs import OrderKey, ZoneApplicant, ZoneInput

NOWHERE: frozenset[str] = frozenset()
NO_ROW: Mapping[str, Any] = {}


@dataclass(slots=True)
class ClaimedUnit:
    """A single or a bundle as the input has it, and the school and step that the result gives its first member."""

    label: str
    ids: tuple[str, ...]
    zone: str
    rank: int
    ticket: str
    is_last: bool
    siblings_at: frozenset[str]
    school: str | None
    step: str | None

    @property
    def size(self) -> int:
        """How many seats it needs."""
        return len(self.ids)


def tickets_by_id(given: ZoneInput) -> dict[str, str]:
    """The ticket of every applicant in hex; bundle members have that of their label."""
    key = hashlib.sha256(given.seed.encode()).digest()
    domain = b"sunroll-ticket/v1\0" + given.draw.encode() + b"\0"
    return {
        one.id: hmac.digest(key, domain + (one.bundle or one.id).encode(), hashlib.sha256).hex()
        for one in given.applicants
    }


def claimed_units(
    given: ZoneInput, rows: Mapping[str, Mapping[str, Any]], tickets: Mapping[str, str]
) -> list[ClaimedUnit]:
    """The units in the order (class, keys, ticket); a bundle has the rank of its best-placed member."""
    best_first = _in_order(given, tickets)
    members: dict[str, list[ZoneApplicant]] = {}
    ranks: dict[str, int] = {}
    for rank, one in enumerate(best_first):
        label = one.bundle or one.id
        members.setdefault(label, []).append(one)
        ranks.setdefault(label, rank)
    units = []
    for label, ones in members.items():
        ids = tuple(sorted((one.id for one in ones), key=str.encode)) if len(ones) > 1 else (ones[0].id,)
        claim = rows.get(ids[0], NO_ROW)
        units.append(
            ClaimedUnit(
                label,
                ids,
                ones[0].zone,
                ranks[label],
                tickets[ids[0]],
                {one.seat_class for one in ones} == {given.last_class},
                frozenset([one.sibling_at for one in ones if one.sibling_at]) or NOWHERE,
                claim.get("school"),
                claim.get("step"),
            )
        )
    return sorted(units, key=lambda unit: unit.rank)


def _in_order(given: ZoneInput, tickets: Mapping[str, str]) -> list[ZoneApplicant]:
    standing = sorted(sorted(given.applicants, key=attrgetter("id")), key=lambda one: tickets[one.id])
    for key in reversed(given.order):
        standing = _sorted_by(key, standing)
    heaps: dict[str, list[ZoneApplicant]] = {name: [] for name in (*given.classes, given.last_class)}
    for one in standing:
        heaps[one.seat_class].append(one)
    return [one for heap in heaps.values() for one in heap]


def _sorted_by(key: OrderKey, standing: list[ZoneApplicant]) -> list[ZoneApplicant]:
    """Sorted by one key alone, those level in it left as they stand, those without it behind everybody."""
    name, is_reversed = key.key, key.direction == "descending"
    missing = [one for one in standing if name not in one.keys]
    if key.values is not None:
        heaps: dict[Any, list[ZoneApplicant]] = {value: [] for value in key.values}
        for one in standing:
            if name in one.keys:
                heaps[one.keys[name]].append(one)
        best_first = reversed(key.values) if is_reversed else key.values
        return [*(one for value in best_first for one in heaps[value]), *missing]
    having = [(one.keys[name], one) for one in standing if name in one.keys]
    numbers = [pair for pair in having if isinstance(pair[0], int)]
    texts = [pair for pair in having if isinstance(pair[0], str)]
    parts: list[list[tuple[Any, ZoneApplicant]]] = [texts, numbers] if is_reversed else [numbers, texts]
    for part in parts:
        part.sort(key=itemgetter(0), reverse=is_reversed)
    return [*(one for part in parts for _, one in part), *missing]

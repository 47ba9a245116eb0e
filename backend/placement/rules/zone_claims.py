"""What a published zone result claims, set beside the input in a second way: ranks by sorting once per key.

For the checkers only. The program that placed builds one comparable number per key; here the applicants are sorted
again and again, from the last key to the first, and tickets are recomputed by the definition.
"""

import hashlib
import hmac
from collections import defaultdict
from collections.abc import Iterable, Mapping
from itertools import chain
from typing import Any, NamedTuple

from backend.placement.rules.inputs import KeyValue, OrderKey, ZoneApplicant, ZoneInput

NOWHERE: frozenset[str] = frozenset()
NO_ROW: Mapping[str, Any] = {}


class ClaimedUnit(NamedTuple):
    """A single or a bundle as the input has it, and the school and step that a result gives its first member."""

    label: str
    ids: tuple[str, ...]
    zone: str
    ticket: str
    is_last: bool
    siblings_at: frozenset[str]
    school: str | None = None
    step: str | None = None

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


def standing_units(given: ZoneInput, tickets: Mapping[str, str]) -> list[ClaimedUnit]:
    """The units in the order (class, keys, ticket), without a claim; a bundle stands where its best-placed member does."""
    members: dict[str, list[ZoneApplicant]] = {}
    for one in _in_order(given, tickets):
        members.setdefault(one.bundle or one.id, []).append(one)
    units = []
    for label, ones in members.items():
        ids, is_last, siblings_at = [], True, NOWHERE
        for one in ones:
            ids.append(one.id)
            is_last = is_last and one.seat_class == given.last_class
            if one.sibling_at:
                siblings_at |= {one.sibling_at}
        ids.sort()
        units.append(ClaimedUnit(label, tuple(ids), ones[0].zone, tickets[ids[0]], is_last, siblings_at))
    return units


def claimed_units(units: Iterable[ClaimedUnit], rows: Mapping[str, Mapping[str, Any]]) -> list[ClaimedUnit]:
    """The same units, each with the school and step of its first member's row; None where it has no row."""
    claimed = []
    for unit in units:
        row = rows.get(unit.ids[0], NO_ROW)
        claimed.append(ClaimedUnit(*unit[:-2], row.get("school"), row.get("step")))
    return claimed


def _in_order(given: ZoneInput, tickets: Mapping[str, str]) -> list[ZoneApplicant]:
    standing = sorted(given.applicants, key=lambda one: tickets[one.id])
    for key in reversed(given.order):
        standing = _sorted_by(key, standing)
    heaps: dict[str, list[ZoneApplicant]] = {name: [] for name in (*given.classes, given.last_class)}
    for one in standing:
        heaps[one.seat_class].append(one)
    return [one for heap in heaps.values() for one in heap]


def _sorted_by(key: OrderKey, standing: list[ZoneApplicant]) -> list[ZoneApplicant]:
    """Sorted by one key alone, by heaps; those level in it left as they stand, those without it behind everybody."""
    name = key.key
    heaps: defaultdict[KeyValue | None, list[ZoneApplicant]] = defaultdict(list)
    for one in standing:
        heaps[one.keys.get(name)].append(one)
    missing = heaps.pop(None, [])
    if key.values is None:
        numbers = sorted([value for value in heaps if isinstance(value, int)])
        texts = sorted([value for value in heaps if isinstance(value, str)])
        best_first: list[KeyValue] = [*numbers, *texts]
    else:
        best_first = [value for value in key.values if value in heaps]
    if key.direction == "descending":
        best_first.reverse()
    return [*chain.from_iterable([heaps[value] for value in best_first]), *missing]

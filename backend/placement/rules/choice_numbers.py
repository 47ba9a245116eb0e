"""Priority numbers of a placement by choices: class, order keys, siblings, overflow and the last class as one integer.

The mechanism by choices knows nothing but a number for each applicant and school, lower first (contracts 2). What the
zone mechanism asks of class, keys and turn is told by it:

* below 0: served before everybody, at an elder sibling's school or by an approved preference;
* from 0: the applicant's own zone, by class, then by the order keys; equal in all of them is one number;
* from `OVERFLOW`: where the applicant goes only if the own zone is full, behind everybody who belongs there;
* from `LAST`: the last class, behind everybody, at every school.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from backend.placement.rules.inputs import KeyValue, OrderKey, ZoneApplicant
from backend.placement.rules.units import value_ranks

OVERFLOW = 1_000_000
LAST = 2_000_000
TURNS = ("sibling", "choice", "overflow", "last")


@dataclass(frozen=True, slots=True)
class Wisher:
    """An applicant before the numbers: `zone` are the schools of the address, `chosen` those ranked, best first.

    `beyond` are the schools that follow where the own ones are full, in order; `first_at` the school where the
    applicant is served before everybody.
    """

    id: str
    seat_class: str
    keys: Mapping[str, KeyValue]
    chosen: Sequence[str]
    zone: Sequence[str] = ()
    beyond: Sequence[str] = ()
    first_at: str | None = None


def choice_rows(
    wishers: Sequence[Wisher], classes: Sequence[str], order: Sequence[OrderKey], schools: Sequence[str]
) -> list[dict[str, Any]]:
    """The `applicants` of contracts 2: choices with the schools beyond them, and a number for every school in question.

    A class that is not in `classes` is the last class. Its applicants go on to every school with a seat, by id.
    """
    places = _places(wishers, classes, order)
    number = {place: rank for rank, place in enumerate(sorted(set(places)))}
    return [
        _row(one, number[place], len(number), schools, is_last=place[0] == len(classes))
        for one, place in zip(wishers, places, strict=True)
    ]


def with_bundles(rows: Sequence[dict[str, Any]], labels: Mapping[str, str | None]) -> list[dict[str, Any]]:
    """The rows of `choice_rows` with the labels of bundles whose members are to go to the same schools in one order.

    A bundle stands where its best-placed member does. Members who rank differently have said that they may be apart:
    each stands alone.
    """
    members: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        if (label := labels.get(row["id"])) is not None:
            members.setdefault(label, []).append(row)
    bundled: dict[str, dict[str, Any]] = {}
    for label, ones in members.items():
        if all(one["choices"] == ones[0]["choices"] for one in ones):
            best = {school: min(one["priority"][school] for one in ones) for school in ones[0]["choices"]}
            bundled |= {one["id"]: {"priority": best, "bundle": label} for one in ones}
    return [row | bundled.get(row["id"], {}) for row in rows]


def turn_of(number: int) -> str:
    """Which turn a number belongs to: `sibling`, `choice`, `overflow` or `last`."""
    return TURNS[(number >= 0) + (number >= OVERFLOW) + (number >= LAST)]


def _places(
    wishers: Sequence[Wisher], classes: Sequence[str], order: Sequence[OrderKey]
) -> list[tuple[int, tuple[int, ...]]]:
    """(class, keys) of each as comparable numbers, a missing key last, as in the zone mechanism; the last class has none."""
    stood = [ZoneApplicant(one.id, "", one.seat_class, one.keys, None, None) for one in wishers]
    tables = [(key.key, value_ranks(key, stood)) for key in order]
    ranks = {name: rank for rank, name in enumerate(classes)}
    places = []
    for one in stood:
        rank = ranks.get(one.seat_class, len(classes))
        keys = [table[one.keys[key]] if key in one.keys else len(table) for key, table in tables]
        places.append((rank, tuple(keys) if rank < len(classes) else ()))
    return places


def _row(wisher: Wisher, own: int, numbers: int, schools: Sequence[str], *, is_last: bool) -> dict[str, Any]:
    follows = [wisher.first_at] if wisher.first_at is not None and wisher.first_at not in wisher.chosen else []
    chosen = [*follows, *wisher.chosen]
    further = [*wisher.beyond, *(schools if is_last else ())]
    choices = list(dict.fromkeys((*chosen, *further)))
    priority = {}
    for school in dict.fromkeys((*choices, *wisher.zone)):
        if school == wisher.first_at:
            priority[school] = own - numbers
        elif is_last:
            priority[school] = LAST
        else:
            is_own = school in chosen or (school in wisher.zone and school not in wisher.beyond)
            priority[school] = own if is_own else OVERFLOW + own
    return {"id": wisher.id, "choices": choices, "priority": priority}

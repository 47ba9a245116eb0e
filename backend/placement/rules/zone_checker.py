"""Checks a placement by zones against its input; it shares no code with the rules that placed.

The properties are Z1 to Z14 of docs/properties/placement.md. Z5 to Z9 together leave one result only.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from backend.matching.findings import Property, checked
from backend.placement.rules import zone_turns
from backend.placement.rules.inputs import KeyValue, ZoneInput
from backend.placement.rules.zone_claims import ClaimedUnit, claimed_units, standing_units, tickets_by_id

Rows = Mapping[str, Mapping[str, Any]]


def zone_checker(given: ZoneInput) -> Callable[[Mapping[str, Any]], list[Property]]:
    """The checker of this input's results: documents of the right shape in, the properties Z1 to Z14 out.

    Tickets, order and digest of the input are worked out at once, before there is any result.
    """
    tickets, digest = tickets_by_id(given), given.sha256
    standing = standing_units(given, tickets)

    def check(document: Mapping[str, Any]) -> list[Property]:
        rows: Rows = {row["id"]: row for row in document["placements"]}
        return _properties(given, document, rows, claimed_units(standing, rows), tickets, digest)

    return check


def _properties(
    given: ZoneInput,
    document: Mapping[str, Any],
    rows: Rows,
    units: Sequence[ClaimedUnit],
    tickets: Mapping[str, str],
    digest: str,
) -> list[Property]:
    lists = _deciding_lists(given, units, rows)
    return [
        checked("Z1 nobody is lost and nobody has two seats", _wrong_rows(given, document)),
        checked("Z2 no school holds more than its seats, and the counts are right", _wrong_counts(given, document)),
        checked("Z3 bundles are together", _torn_bundles(units, rows)),
        checked("Z4 class, keys and ticket of every reason are true", _wrong_reasons(given, rows, tickets)),
        checked("Z5 every step fits its school", zone_turns.impossible_steps(given, units)),
        checked("Z6 siblings are served first, each at its turn", zone_turns.false_sibling_turns(given, units)),
        checked("Z7 zones admit by class, then keys, then ticket", zone_turns.false_zone_turns(given, units)),
        checked("Z8 overflow goes to the first school with room", zone_turns.false_overflow_turns(given, units)),
        checked("Z9 the last class is served last, by ticket", zone_turns.false_last_turns(given, units)),
        checked("Z10 nobody is passed over but a bundle that did not fit", zone_turns.envied_in_the_zone(units)),
        checked("Z11 nobody is without a school that has room", zone_turns.wasted_seats(given, units)),
        checked("Z12 positions are places in the list that decided", _wrong_positions(lists)),
        checked("Z13 last_in is the last admitted of that list", _wrong_last_in(lists)),
        checked("Z14 the result names its input", _wrong_input(digest, document)),
    ]


def _wrong_rows(given: ZoneInput, document: Mapping[str, Any]) -> Iterator[str]:
    for role, expected in (("placements", given.applicants), ("schools", given.schools)):
        told_ids = [row["id"] for row in document[role]]
        if told_ids == sorted([one.id for one in expected], key=str.encode):
            continue
        told, ids = Counter(told_ids), {one.id for one in expected}
        yield from (f"{role}: {one!r} is missing" for one in ids - told.keys())
        yield from (f"{role}: {one!r} is not in the input" for one in told.keys() - ids)
        yield from (f"{role}: {one!r} stands {count} times" for one, count in told.items() if count > 1)
        if told_ids != sorted(told_ids, key=str.encode):
            yield f"{role}: the rows are not sorted by id"


def _wrong_counts(given: ZoneInput, document: Mapping[str, Any]) -> Iterator[str]:
    seats = {school.id: school.seats for school in given.schools}
    taken = Counter(row["school"] for row in document["placements"])
    for row in document["schools"]:
        one = row["id"]
        if row["seats"] != seats.get(one) or row["taken"] != taken[one]:
            yield f"{one!r} says {row['taken']} of {row['seats']}, it holds {taken[one]} of {seats.get(one)}"
    for school, count in taken.items():
        if school is not None and count > seats.get(school, 0):
            yield f"{school!r} holds {count} and has {seats.get(school, 0)} seats"


def _torn_bundles(units: Sequence[ClaimedUnit], rows: Rows) -> Iterator[str]:
    for unit in units:
        if unit.size == 1:
            continue
        places = {(row["school"], row["step"]) for one in unit.ids for row in [rows.get(one)] if row}
        if len(places) > 1:
            yield f"the bundle {unit.label!r} is torn: {', '.join(sorted(map(str, places)))}"


def _wrong_reasons(given: ZoneInput, rows: Rows, tickets: Mapping[str, str]) -> Iterator[str]:
    for one in given.applicants:
        told = rows[one.id]["reason"] if one.id in rows else None
        if told and not (
            told["class"] == one.seat_class and told["ticket"] == tickets[one.id] and _same(told["keys"], one.keys)
        ):
            yield f"{one.id!r}: the reason is not what the input says"


def _same(told: Mapping[str, Any], keys: Mapping[str, KeyValue]) -> bool:
    """Whether they are equal in their types, too: to Python true is 1."""
    return told == keys and {str, int}.issuperset(map(type, told.values()))


class _Deciding(NamedTuple):
    """A list that decided: on whom, each with what is told of him and his true position, and whom it admitted last."""

    heads: list[tuple[str, Mapping[str, Any], int]]
    last_in: Mapping[str, Any] | None


def _deciding_lists(given: ZoneInput, units: Sequence[ClaimedUnit], rows: Rows) -> list[_Deciding]:
    """One list a school, its siblings before its zone; the overflow, which decides on whom the zones refused; the last class."""
    zones: dict[str, list[ClaimedUnit]] = {school.id: [] for school in given.schools}
    overflow: list[ClaimedUnit] = []
    last: list[ClaimedUnit] = []
    for unit in units:
        if unit.step == "sibling" and unit.school in zones:
            zones[unit.school].append(unit)
    for unit in units:
        if unit.step == "sibling":
            continue
        if unit.is_last:
            last.append(unit)
        else:
            zones[unit.zone].append(unit)
            if unit.step != "zone":
                overflow.append(unit)
    last.sort(key=lambda unit: unit.ticket)
    return [
        *(_deciding(zone, ("sibling", "zone"), ("sibling", "zone"), rows) for zone in zones.values()),
        _deciding(overflow, ("overflow",), None, rows),
        _deciding(last, ("last",), None, rows),
    ]


def _deciding(
    standing: Iterable[ClaimedUnit], admitting: Sequence[str], deciding: Sequence[str] | None, rows: Rows
) -> _Deciding:
    """The list counted in heads; it decides on units of the `deciding` steps, or on all, and admits by the others."""
    decided: list[tuple[str, Mapping[str, Any], int]] = []
    first, last = 1, None
    for unit in standing:
        if deciding is None or unit.step in deciding:
            decided += [(one, rows[one], place) for place, one in enumerate(unit.ids, first) if one in rows]
        if unit.step in admitting:
            last = unit.ids[-1]
        first += unit.size
    if last is None or last not in rows:
        return _Deciding(decided, None)
    reason = rows[last]["reason"]
    return _Deciding(decided, {key: reason[key] for key in ("class", "keys", "ticket")})


def _wrong_positions(lists: Iterable[_Deciding]) -> Iterator[str]:
    for deciding in lists:
        for one, told, place in deciding.heads:
            if told["position"] != place:
                yield f"{one!r} says position {told['position']}, it is {place}"


def _wrong_last_in(lists: Iterable[_Deciding]) -> Iterator[str]:
    for deciding in lists:
        for one, told, _ in deciding.heads:
            if told["reason"]["last_in"] != deciding.last_in:
                yield f"{one!r}: last_in is not the last admitted of the list that decided"


def _wrong_input(digest: str, document: Mapping[str, Any]) -> Iterator[str]:
    if document["input_sha256"] != digest:
        yield f"input_sha256 is {document['input_sha256']}, the input's is {digest}"

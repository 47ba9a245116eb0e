"""Checks a placement by zones against its input; it shares no code with the rules that placed.

The properties are Z1 to Z14 of docs/properties/placement.md. Z5 to Z9 together leave one result only.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from backend.matching.findings import Property, checked
from backend.placement.rules import zone_turns
from backend.placement.rules.inputs import ZoneInput
from backend.placement.rules.zone_claims import ClaimedUnit, claimed_units, tickets_by_id

Rows = Mapping[str, Mapping[str, Any]]


def check_zone_result(given: ZoneInput, document: Mapping[str, Any]) -> list[Property]:
    """The properties Z1 to Z14 on a result document of the right shape."""
    rows: Rows = {row["id"]: row for row in document["placements"]}
    tickets = tickets_by_id(given)
    units = claimed_units(given, rows, tickets)
    lists = _deciding_lists(given, units)
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
        checked("Z12 positions are places in the list that decided", _wrong_positions(lists, rows)),
        checked("Z13 last_in is the last admitted of that list", _wrong_last_in(lists, rows)),
        checked("Z14 the result names its input", _wrong_input(given, document)),
    ]


def _wrong_rows(given: ZoneInput, document: Mapping[str, Any]) -> Iterator[str]:
    for role, expected in (("placements", given.applicants), ("schools", given.schools)):
        told = Counter(row["id"] for row in document[role])
        ids = {one.id for one in expected}
        yield from (f"{role}: {one!r} is missing" for one in ids - told.keys())
        yield from (f"{role}: {one!r} is not in the input" for one in told.keys() - ids)
        yield from (f"{role}: {one!r} stands {count} times" for one, count in told.items() if count > 1)
        if [row["id"] for row in document[role]] != sorted((row["id"] for row in document[role]), key=str.encode):
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
        true = (one.seat_class, _typed(one.keys), tickets[one.id])
        if told and (told["class"], _typed(told["keys"]), told["ticket"]) != true:
            yield f"{one.id!r}: the reason is not what the input says"


def _typed(keys: Mapping[str, Any]) -> dict[str, tuple[type, Any]]:
    """With their types, because to Python true is 1."""
    return {key: (type(value), value) for key, value in keys.items()}


def _deciding_lists(given: ZoneInput, units: Sequence[ClaimedUnit]) -> list[list[ClaimedUnit]]:
    """The units by the list that decided on them: one list a school, the overflow, the last class."""
    lists: dict[str, list[ClaimedUnit]] = {school.id: [] for school in given.schools}
    overflow: list[ClaimedUnit] = []
    last: list[ClaimedUnit] = []
    for unit in units:
        if unit.step == "sibling" and unit.school in lists:
            lists[unit.school].append(unit)
    for unit in units:
        if unit.step == "sibling":
            continue
        if unit.is_last:
            last.append(unit)
        else:
            lists[unit.zone].append(unit)
            if unit.step != "zone":
                overflow.append(unit)
    last.sort(key=lambda unit: unit.ticket)
    return [*lists.values(), overflow, last]


def _wrong_positions(lists: Sequence[Sequence[ClaimedUnit]], rows: Rows) -> Iterator[str]:
    """A unit left over stands in its zone's list too; the later list is walked later and decides."""
    position: dict[str, int] = {}
    for standing in lists:
        heads = [one for unit in standing for one in unit.ids]
        position.update({one: place for place, one in enumerate(heads, 1)})
    for one, place in position.items():
        if one in rows and rows[one]["position"] != place:
            yield f"{one!r} says position {rows[one]['position']}, it is {place}"


def _wrong_last_in(lists: Sequence[Sequence[ClaimedUnit]], rows: Rows) -> Iterator[str]:
    *zones, overflow, last = lists
    expected: dict[str, Any] = {}
    for standing, steps in (
        *((zone, ("sibling", "zone")) for zone in zones),
        (overflow, ("overflow",)),
        (last, ("last",)),
    ):
        admitted = [unit.ids[-1] for unit in standing if unit.step in steps]
        stand = None
        if admitted and admitted[-1] in rows:
            stand = {key: rows[admitted[-1]]["reason"][key] for key in ("class", "keys", "ticket")}
        expected.update(dict.fromkeys((one for unit in standing for one in unit.ids), stand))
    for one, stand in expected.items():
        if one in rows and rows[one]["reason"]["last_in"] != stand:
            yield f"{one!r}: last_in is not the last admitted of the list that decided"


def _wrong_input(given: ZoneInput, document: Mapping[str, Any]) -> Iterator[str]:
    if document["input_sha256"] != given.sha256:
        yield f"input_sha256 is {document['input_sha256']}, the input's is {given.sha256}"

"""平行志愿: the same candidates and plans by lists and one run, and how a session that was held compares with it.

With one common order the only stable outcome is serial dictatorship (`standing_orders.settle_lists`). What a live session
left over is counted: blocking pairs, and seat-holding pairs of the kind MS-RIM describes (domain 1.6, T-1.16).
"""

from bisect import bisect_left, insort
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from backend.zhongkao.rules.judging import band_of
from backend.zhongkao.rules.late_leavers import Leave, late_leavers
from backend.zhongkao.rules.replay import replay
from backend.zhongkao.rules.session import Event, Session
from backend.zhongkao.rules.standing import standings
from backend.zhongkao.rules.standing_orders import Lister, settle_lists

Lists = Mapping[str, Sequence[str]]


@dataclass(frozen=True, slots=True)
class SeatHolding:
    """`holder` left `unit` late, `friend` came in and is admitted, `harmed` stood before the friend and wanted it."""

    unit: str
    holder: str
    friend: str
    harmed: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """A session as it was held beside one run over the lists.

    `held` and `parallel` give the unit that admits each candidate, or None; `blocking` are the pairs (candidate, unit)
    of the session as held: he would rather be there and stands before somebody admitted, or a place is free.
    """

    held: dict[str, str | None]
    parallel: dict[str, str | None]
    blocking: list[tuple[str, str]]
    blocking_in_parallel: list[tuple[str, str]]
    seat_holding: list[SeatHolding]


def parallel_outcome(session: Session, lists: Lists) -> dict[str, str | None]:
    """The unit that admits each candidate by his list, or None; candidates without a list get none."""
    standing_of = standings(session.candidates)
    names = [candidate.id for candidate in session.candidates]
    units = [unit.id for unit in session.units]
    number = {unit: index for index, unit in enumerate(units)}
    listers = [
        Lister(index, standing_of[name], tuple(number[unit] for unit in lists.get(name, ()) if unit in number))
        for index, name in enumerate(names)
    ]
    settled = settle_lists(listers, {number[unit.id]: unit.plan for unit in session.units})
    return {name: None if (unit := settled[index]) is None else units[unit] for index, name in enumerate(names)}


def admitted_by(session: Session, events: Sequence[Event]) -> dict[str, str | None]:
    """The unit that admits each candidate in the session as it was held, or None."""
    found: dict[str, str | None] = {candidate.id: None for candidate in session.candidates}
    for unit in replay(session, events).units:
        found |= dict.fromkeys(unit.admitted, unit.unit.id)
    return found


def blocking_pairs(session: Session, lists: Lists, admitted: Mapping[str, str | None]) -> list[tuple[str, str]]:
    """(candidate, unit) where he would rather be in the unit than where he is, and fewer than its plan stand before him."""
    standing_of = standings(session.candidates)
    inside: dict[str, list[int]] = {unit.id: [] for unit in session.units}
    for name, unit in admitted.items():
        if unit is not None:
            inside[unit].append(standing_of[name])
    plan = {unit.id: unit.plan for unit in session.units}
    return [
        (candidate.id, unit)
        for candidate in session.candidates
        for unit in _better(lists.get(candidate.id, ()), admitted.get(candidate.id))
        if unit in plan and sum(one < standing_of[candidate.id] for one in inside[unit]) < plan[unit]
    ]


def _better(wishes: Sequence[str], has: str | None) -> Sequence[str]:
    return wishes[: wishes.index(has)] if has in wishes else (wishes if has is None else ())


def revealed_lists(session: Session, events: Sequence[Event], orders: Lists) -> dict[str, list[str]]:
    """What each candidate seems to prefer: the list he left, else the units he chose, ordered by how he moved.

    Who leaves a unit while he stands outside its plan goes down: the new unit comes behind it. Who leaves a place inside
    the plan goes up: the new unit comes before it. That is a reading, not a fact, and the report says so.
    """
    standing_of = standings(session.candidates)
    plan = {unit.id: unit.plan for unit in session.units}
    inside: dict[str, list[int]] = {unit.id: [] for unit in session.units}
    verdicts = replay(session, events).verdicts
    held: dict[str, str] = {}
    found: dict[str, list[str]] = {}
    for event, refusal in sorted(zip(events, verdicts, strict=True), key=lambda pair: pair[0].at):
        if refusal is not None:
            continue
        own = standing_of[event.candidate]
        left = held.pop(event.candidate, None)
        goes_up = False
        if left is not None:
            place = bisect_left(inside[left], own)
            inside[left].pop(place)
            goes_up = place < plan[left]
        if event.action == "choose":
            held[event.candidate] = event.unit
            insort(inside[event.unit], own)
            _like(found.setdefault(event.candidate, []), left, event.unit, goes_up=goes_up)
    return found | {name: list(wishes) for name, wishes in orders.items()}


def _like(wishes: list[str], left: str | None, entered: str, *, goes_up: bool) -> None:
    """Put the unit entered into the order of liking, beside the unit left."""
    if entered == left:
        return
    if entered in wishes:
        if not goes_up:
            return
        wishes.remove(entered)
    place = len(wishes) if left is None or left not in wishes else wishes.index(left) + (0 if goes_up else 1)
    wishes.insert(place, entered)


def compare(session: Session, events: Sequence[Event], lists: Lists, late_minutes: int) -> Comparison:
    """The session as held beside one run over the lists."""
    held, parallel = admitted_by(session, events), parallel_outcome(session, lists)
    return Comparison(
        held,
        parallel,
        blocking_pairs(session, lists, held),
        blocking_pairs(session, lists, parallel),
        seat_holding_pairs(session, events, lists, late_minutes),
    )


def seat_holding_pairs(session: Session, events: Sequence[Event], lists: Lists, late_minutes: int) -> list[SeatHolding]:
    """Late leavers whose place was filled by somebody who came after, before the eyes of others who wanted it."""
    names = [candidate.id for candidate in session.candidates]
    index = {name: place for place, name in enumerate(names)}
    standing_of = standings(session.candidates)
    units = [unit.id for unit in session.units]
    unit_index = {unit: place for place, unit in enumerate(units)}
    closes = {}
    for candidate in session.candidates:
        band = band_of(candidate.total, session.bands)
        closes[index[candidate.id]] = 0 if band is None else session.bands[band].close_at
    leavers = late_leavers(
        _leaves(session, events, index, unit_index),
        closes,
        {index[name]: standing for name, standing in standing_of.items()},
        {unit_index[unit.id]: unit.plan for unit in session.units},
        late_minutes,
    )
    admitted = admitted_by(session, events)
    wanting: dict[str, list[str]] = {}
    for name, wishes in lists.items():
        for unit in _better(wishes, admitted.get(name)):
            wanting.setdefault(unit, []).append(name)
    return [
        SeatHolding(units[one.unit], names[one.candidate], names[friend], harmed)
        for one in leavers
        for friend in one.entered_after
        if (harmed := _harmed(wanting.get(units[one.unit], []), standing_of, names[friend], names[one.candidate]))
    ]


def _harmed(wanting: Sequence[str], standing_of: Mapping[str, int], friend: str, holder: str) -> tuple[str, ...]:
    return tuple(sorted(name for name in wanting if name != holder and standing_of[name] < standing_of[friend]))


def _leaves(
    session: Session, events: Sequence[Event], index: Mapping[str, int], unit_index: Mapping[str, int]
) -> list[Leave]:
    verdicts = replay(session, events).verdicts
    held: dict[str, str] = {}
    found = []
    for event, refusal in sorted(zip(events, verdicts, strict=True), key=lambda pair: pair[0].at):
        if refusal is not None:
            continue
        left = held.pop(event.candidate, None)
        if event.action == "choose":
            held[event.candidate] = event.unit
        entered = held.get(event.candidate)
        found.append(
            Leave(
                event.at,
                index[event.candidate],
                None if left is None else unit_index[left],
                None if entered is None else unit_index[entered],
            )
        )
    return found

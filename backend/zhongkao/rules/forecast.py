"""The lowest admitted scores, foretold while a session is under way (wish 7); docs/formats/forecast.md states the method.

From the best step of the score down: who has a place stays while there is room; everybody else goes to the units with
room that he may choose, as those near him with the same rights have gone. Where a unit is full is its line. The former
years' lines, carried over by their place in the city, weigh as much as candidates have still to settle. Whole numbers
only, so that anybody computes the same from what is published.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby

STEP = 500
"""Candidates are counted by steps of five points, like on the public boards (P12)."""
REACH = 4
"""So many steps to either side are near."""
DOUBT = 10
"""To those near are added so many who go where the places are: a few say little."""
THOUSAND, HUNDRED = 1000, 100


@dataclass(frozen=True, slots=True)
class Margin:
    """How far below and above the middle the ends lie, in hundredths of a point, where less than `until` per cent have
    settled.
    """

    until: int
    below: int
    above: int


WITH_FORMER = (Margin(60, 1200, 2200), Margin(80, 900, 900), Margin(90, 600, 550), Margin(100, 400, 400))
WITHOUT_FORMER = (Margin(60, 900, 5500), Margin(80, 700, 1100), Margin(90, 500, 550), Margin(100, 400, 400))
ALL_SETTLED = Margin(HUNDRED + 1, 100, 100)
LARGE, LARGE_PERCENT = 60, 70
"""A unit with so many places is surer of its line: its margins are so many per cent of these.

Measured: between the ends lay eight of ten lines of simulated sessions (`python -m bench forecast`)."""


@dataclass(frozen=True, slots=True)
class Step:
    """Candidates with the same rights whose totals lie from `floor` up to the next step, at the moment of a reading.

    `held`: by unit, how many have a place inside its plan; `free`: how many have none and can still choose.
    """

    group: str
    floor: int
    held: Mapping[str, int]
    free: int


@dataclass(frozen=True, slots=True)
class Basis:
    """What a forecast is made of, all of it published. Scores in hundredths.

    `current`: the lowest inside by unit, None where the plan is not full; `open_to`: what each group may choose;
    `closed_from`: from which total up the bands are closed, None where none is; `former`: by unit the lines of up to
    three former years as `carried_over` gives them.
    """

    plan: Mapping[str, int]
    current: Mapping[str, int | None]
    open_to: Mapping[str, Sequence[str]]
    steps: Sequence[Step]
    closed_from: int | None = None
    former: Mapping[str, Sequence[int]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Forecast:
    """A unit's line at the end of the session: from `low` to `high` in eight of ten cases, as often above `middle` as
    below; None is a unit that stays unfilled.

    `settled_percent`: of those who may choose it and stand at the foretold line or above, how many have a place;
    `is_certain`: nobody is left who could move the line.
    """

    low: int | None
    middle: int | None
    high: int | None
    settled_percent: int
    is_certain: bool = False


def carried_over(place: int, candidates: int, totals: Sequence[int]) -> int | None:
    """This year's score at the place in the city that a former line had among so many candidates; None without totals.

    `totals` are this year's, from the best down.
    """
    share = max(1, place * len(totals) // max(1, candidates))
    return totals[min(share, len(totals)) - 1] if totals else None


def forecasts(basis: Basis) -> dict[str, Forecast]:
    """The forecast of every unit with places of which this session or a former year says anything."""
    lines = _lines(basis)
    found = {}
    for unit, places in basis.plan.items():
        if places and (
            basis.former.get(unit) or any(unit in basis.open_to[one.group] for one in basis.steps if one.held)
        ):
            settled, free = _counted(basis, unit, lines[unit])
            percent = HUNDRED * settled // max(1, settled + free)
            found[unit] = _forecast(basis, unit, lines[unit], HUNDRED if not free else min(percent, HUNDRED - 1))
    return found


def _forecast(basis: Basis, unit: str, line: int | None, percent: int) -> Forecast:
    """The session's line weighs by the share that has settled, the former years' by the rest."""
    current, former = basis.current[unit], sorted(basis.former.get(unit, ()))
    if current is not None and basis.closed_from is not None and current >= basis.closed_from:
        return Forecast(current, current, current, HUNDRED, is_certain=True)
    if percent == HUNDRED and current is not None:
        line = current
    elif former:
        middle_year = (former[(len(former) - 1) // 2] + former[len(former) // 2]) // 2
        line = middle_year if not percent else line and (line * percent + middle_year * (HUNDRED - percent)) // HUNDRED
    if current is not None:
        line = max(line or 0, current)
    if line is None:
        return Forecast(None, None, None, percent)
    margins = WITH_FORMER if former else WITHOUT_FORMER
    margin = next((one for one in margins if percent < one.until), ALL_SETTLED)
    scale = LARGE_PERCENT if basis.plan[unit] >= LARGE else HUNDRED
    below, above = margin.below * scale // HUNDRED, margin.above * scale // HUNDRED
    return Forecast(max(0, line - below), line, line + above, percent)


def _counted(basis: Basis, unit: str, line: int | None) -> tuple[int, int]:
    """Of those who may choose the unit and stand at the line or above: how many have a place, how many have none."""
    near = [
        one for one in basis.steps if unit in basis.open_to[one.group] and (line is None or one.floor + STEP > line)
    ]
    return sum(sum(one.held.values()) for one in near), sum(one.free for one in near)


def _lines(basis: Basis) -> dict[str, int | None]:
    """Where each unit is full, going down through the steps; None where it never is. In thousandths of a candidate."""
    room = {unit: places * THOUSAND for unit, places in basis.plan.items()}
    lines: dict[str, int | None] = dict.fromkeys(basis.plan)
    held = {(one.group, one.floor): one.held for one in basis.steps}
    ordered = sorted(basis.steps, key=lambda one: (-one.floor, one.group))
    for floor, level in groupby(ordered, key=lambda one: one.floor):
        before, asked, free = dict(room), Counter[str](), {}
        for one in level:
            free[one.group] = one.free * THOUSAND
            for unit, many in sorted(one.held.items()):
                free[one.group] += many * THOUSAND - _take(unit, many * THOUSAND, room, asked)
        for group, left in free.items():
            if left:
                _spread(left, _pull(basis, held, group, floor), before, room, asked)
        for unit, there in before.items():
            if there and not room[unit]:
                lines[unit] = floor + STEP - STEP * there // asked[unit]
    return lines


def _take(unit: str, many: int, room: dict[str, int], asked: Counter[str]) -> int:
    """As many of them as the unit has room for."""
    asked[unit] += many
    taken = min(room[unit], many)
    room[unit] -= taken
    return taken


def _pull(basis: Basis, held: Mapping[tuple[str, int], Mapping[str, int]], group: str, floor: int) -> dict[str, int]:
    """How strongly each unit draws the group near a step: who has a place there, and a little of where the places are."""
    units = basis.open_to[group]
    places = max(1, sum(basis.plan[unit] for unit in units))
    pull = {unit: DOUBT * THOUSAND * basis.plan[unit] // places for unit in units}
    for near in range(floor - REACH * STEP, floor + REACH * STEP + 1, STEP):
        for unit, many in held.get((group, near), {}).items():
            if unit in pull:
                pull[unit] += many * THOUSAND
    return pull


def _spread(
    left: int, pull: Mapping[str, int], before: Mapping[str, int], room: dict[str, int], asked: Counter[str]
) -> None:
    """Deal out the candidates without a place by the pull of the units, until all have one or nothing is left.

    At first they ask at every unit that had room above this step, so that a unit that fills here is asked by all.
    """
    open_units = before
    while left:
        there = {unit: weight for unit, weight in pull.items() if weight and open_units[unit]}
        total = sum(there.values())
        went = sum(_take(unit, left * weight // total, room, asked) for unit, weight in there.items()) if total else 0
        if not went and open_units is room:
            return
        left -= went
        open_units = room

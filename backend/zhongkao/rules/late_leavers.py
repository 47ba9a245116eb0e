"""防占位、帮顶: who left a place inside the plan shortly before his close, and who is inside only because of that (T-1.16)."""

from bisect import bisect_left, insort
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

MINUTE = 60_000


@dataclass(frozen=True, slots=True)
class Leave:
    """One accepted change: arrival (milliseconds), whose, the unit left and the unit held after it (None: none)."""

    at: int
    candidate: int
    left: int | None
    entered: int | None


@dataclass(frozen=True, slots=True)
class LateLeaver:
    """A candidate who left `unit`, where he had rank `rank` of `plan`, `before_close` milliseconds before his close.

    `filled_by` are those who hold the unit at the end, inside the plan, and would be outside if he had stayed;
    `entered_after` are those among them who came into it after he left.
    """

    candidate: int
    unit: int
    at: int
    before_close: int
    rank: int
    plan: int
    to: int | None
    filled_by: tuple[int, ...]
    entered_after: tuple[int, ...]


def late_leavers(
    leaves: Sequence[Leave],
    closes: Mapping[int, int],
    standing_of: Mapping[int, int],
    plan: Mapping[int, int],
    minutes: int,
) -> list[LateLeaver]:
    """The late leavers, in the order of their leaving. `leaves` are all accepted changes in the order of arrival.

    `closes` is the close of each candidate's band in milliseconds. A unit counts once a candidate: the last leaving.
    """
    entered_at = _entered(leaves)
    final = {leave.candidate: leave.entered for leave in leaves}
    found = leavings({}, leaves, closes, standing_of, plan, minutes)
    return with_gaps(found, final, lambda one, unit: entered_at.get((one, unit), 0), standing_of)


def leavings(
    before: Mapping[int, int],
    leaves: Iterable[Leave],
    closes: Mapping[int, int],
    standing_of: Mapping[int, int],
    plan: Mapping[int, int],
    minutes: int,
) -> list[LateLeaver]:
    """Every last leaving of a place inside, late, by whom; the gaps are not filled in. `before`: who held what at first."""
    found = dict[tuple[int, int], LateLeaver]()
    in_unit: dict[int, list[int]] = {unit: [] for unit in plan}
    for candidate, unit in before.items():
        in_unit[unit].append(standing_of[candidate])
    for standings in in_unit.values():
        standings.sort()
    for leave in leaves:
        standing = standing_of[leave.candidate]
        if leave.left is not None:
            place = bisect_left(in_unit[leave.left], standing)
            in_unit[leave.left].pop(place)
            early = closes[leave.candidate] - leave.at
            if leave.left != leave.entered and early <= minutes * MINUTE and place < plan[leave.left]:
                found[leave.candidate, leave.left] = LateLeaver(
                    leave.candidate, leave.left, leave.at, early, place + 1, plan[leave.left], leave.entered, (), ()
                )
        if leave.entered is not None:
            insort(in_unit[leave.entered], standing)
    return list(found.values())


def _entered(leaves: Iterable[Leave]) -> dict[tuple[int, int], int]:
    """When each candidate last came into a unit."""
    return {
        (leave.candidate, leave.entered): leave.at
        for leave in leaves
        if leave.entered is not None and leave.entered != leave.left
    }


def with_gaps(
    found: Iterable[LateLeaver],
    final: Mapping[int, int | None],
    entered_at: Callable[[int, int], int],
    standing_of: Mapping[int, int],
) -> list[LateLeaver]:
    """Those who did not come back, in the order of their leaving, with who is inside only because of that.

    Had he stayed, everybody behind him would stand one lower: who has exactly the last place is outside then.
    `final` is what everybody holds at the end, `entered_at` when somebody last came into a unit.
    """
    holders: dict[int, list[tuple[int, int]]] = {}
    for candidate, unit in final.items():
        if unit is not None:
            holders.setdefault(unit, []).append((standing_of[candidate], candidate))
    for there in holders.values():
        there.sort()
    gone = [one for one in found if final.get(one.candidate) != one.unit]
    return sorted(
        (_with_gap(one, holders.get(one.unit, []), entered_at, standing_of[one.candidate]) for one in gone),
        key=lambda one: one.at,
    )


def _with_gap(
    leaver: LateLeaver, holders: Sequence[tuple[int, int]], entered_at: Callable[[int, int], int], own: int
) -> LateLeaver:
    if len(holders) < leaver.plan:
        return leaver
    last = holders[leaver.plan - 1][0]
    is_last = bisect_left(holders, (last,)) == leaver.plan - 1 and last > own
    outside = tuple(sorted(one for standing, one in holders if is_last and standing == last))
    late = tuple(one for one in outside if entered_at(one, leaver.unit) > leaver.at)
    return replace(leaver, filled_by=outside, entered_after=late)

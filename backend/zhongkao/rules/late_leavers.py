"""防占位、帮顶: who left a place inside the plan shortly before his close, and who is inside only because of that (T-1.16)."""

from bisect import bisect_left, insort
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

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
    final, entered_at, found = _last(leaves), _entered(leaves), dict[tuple[int, int], LateLeaver]()
    in_unit: dict[int, list[int]] = {unit: [] for unit in plan}
    for leave in leaves:
        standing = standing_of[leave.candidate]
        if leave.left is not None:
            place = bisect_left(in_unit[leave.left], standing)
            in_unit[leave.left].pop(place)
            early = closes[leave.candidate] - leave.at
            if leave.left != leave.entered and early <= minutes * MINUTE and place < plan[leave.left]:
                found[leave.candidate, leave.left] = LateLeaver(
                    leave.candidate,
                    leave.left,
                    leave.at,
                    early,
                    place + 1,
                    plan[leave.left],
                    leave.entered,
                    (),
                    (),
                )
        if leave.entered is not None:
            insort(in_unit[leave.entered], standing)
    gone = [one for one in found.values() if final.get(one.candidate) != one.unit]
    return sorted((_filled(one, final, entered_at, standing_of) for one in gone), key=lambda one: one.at)


def _last(leaves: Iterable[Leave]) -> dict[int, int | None]:
    return {leave.candidate: leave.entered for leave in leaves}


def _entered(leaves: Iterable[Leave]) -> dict[tuple[int, int], int]:
    """When each candidate last came into a unit."""
    return {
        (leave.candidate, leave.entered): leave.at
        for leave in leaves
        if leave.entered is not None and leave.entered != leave.left
    }


def _filled(
    leaver: LateLeaver,
    final: Mapping[int, int | None],
    entered_at: Mapping[tuple[int, int], int],
    standing_of: Mapping[int, int],
) -> LateLeaver:
    """Had he stayed, everybody behind him would stand one lower: who had exactly the last place is outside then."""
    holders = [one for one, unit in final.items() if unit == leaver.unit]
    own = standing_of[leaver.candidate]
    standings = sorted(standing_of[one] for one in holders)
    outside = tuple(
        sorted(
            one
            for one in holders
            if standing_of[one] > own and bisect_left(standings, standing_of[one]) == leaver.plan - 1
        )
    )
    late = tuple(one for one in outside if entered_at.get((one, leaver.unit), 0) > leaver.at)
    return LateLeaver(
        leaver.candidate,
        leaver.unit,
        leaver.at,
        leaver.before_close,
        leaver.rank,
        leaver.plan,
        leaver.to,
        outside,
        late,
    )

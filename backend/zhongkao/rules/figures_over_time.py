"""A candidate's figures moment by moment, from the log alone: rank, how many level, inside or not (T-1.5).

Changes that were published in one version appeared at once: between them there was nothing to see.
"""

from bisect import bisect_left, bisect_right, insort
from collections.abc import Iterable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Move:
    """One accepted change: from when it was to be seen (milliseconds), whose, the unit held after it, and the version
    that showed it first; None where no version did and the time is that of the record.
    """

    at: int
    candidate: int
    unit: int | None
    version: int | None = None


@dataclass(frozen=True, slots=True)
class Figure:
    """What held from `at` on: the unit, the rank in it, how many level, its plan and whether inside; None holds nothing.

    `version` is the one that showed it first, None where the record alone tells.
    """

    at: int
    unit: int | None
    rank: int | None
    level_with: int | None
    plan: int | None
    inside: bool | None
    version: int | None = None


def figures_over_time(
    moves: Iterable[Move], candidate: int, standing_of: Mapping[int, int], plan: Mapping[int, int]
) -> list[Figure]:
    """The candidate's figures after every move, or version of moves, that changed them; `moves` in their order."""
    held: dict[int, int] = {}
    in_unit: dict[int, list[int]] = {unit: [] for unit in plan}
    found: list[Figure] = []
    ahead = list(moves)
    for index, move in enumerate(ahead, start=1):
        before = held.pop(move.candidate, None)
        standing = standing_of[move.candidate]
        if before is not None:
            in_unit[before].pop(bisect_left(in_unit[before], standing))
        if move.unit is not None:
            held[move.candidate] = move.unit
            insort(in_unit[move.unit], standing)
        if move.version is not None and index < len(ahead) and ahead[index].version == move.version:
            continue
        now = _figure(move, held.get(candidate), in_unit, standing_of[candidate], plan)
        if not found or _told(found[-1]) != _told(now):
            found.append(now)
    return found


def _figure(
    move: Move, unit: int | None, in_unit: Mapping[int, list[int]], standing: int, plan: Mapping[int, int]
) -> Figure:
    if unit is None:
        return Figure(move.at, None, None, None, None, None, move.version)
    better = bisect_left(in_unit[unit], standing)
    level = bisect_right(in_unit[unit], standing) - better
    return Figure(move.at, unit, better + 1, level, plan[unit], better < plan[unit], move.version)


def _told(figure: Figure) -> tuple[int | None, int | None, int | None]:
    return figure.unit, figure.rank, figure.level_with

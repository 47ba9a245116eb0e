"""A candidate's figures moment by moment, from the log alone: rank, how many level, inside or not (T-1.5)."""

from bisect import bisect_left, bisect_right, insort
from collections.abc import Iterable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Move:
    """One accepted change: from when it was in the record (milliseconds), whose, and the unit held after it."""

    at: int
    candidate: int
    unit: int | None


@dataclass(frozen=True, slots=True)
class Figure:
    """What held from `at` on: the unit, the rank in it, how many level, its plan and whether inside; None holds nothing."""

    at: int
    unit: int | None
    rank: int | None
    level_with: int | None
    plan: int | None
    inside: bool | None


def figures_over_time(
    moves: Iterable[Move], candidate: int, standing_of: Mapping[int, int], plan: Mapping[int, int]
) -> list[Figure]:
    """The candidate's figures after every move that changed them; `moves` in the order in which they were kept."""
    held: dict[int, int] = {}
    in_unit: dict[int, list[int]] = {unit: [] for unit in plan}
    found: list[Figure] = []
    for move in moves:
        before = held.pop(move.candidate, None)
        standing = standing_of[move.candidate]
        if before is not None:
            in_unit[before].pop(bisect_left(in_unit[before], standing))
        if move.unit is not None:
            held[move.candidate] = move.unit
            insort(in_unit[move.unit], standing)
        now = _figure(move.at, held.get(candidate), in_unit, standing_of[candidate], plan)
        if not found or _told(found[-1]) != _told(now):
            found.append(now)
    return found


def _figure(
    at: int, unit: int | None, in_unit: Mapping[int, list[int]], standing: int, plan: Mapping[int, int]
) -> Figure:
    if unit is None:
        return Figure(at, None, None, None, None, None)
    better = bisect_left(in_unit[unit], standing)
    level = bisect_right(in_unit[unit], standing) - better
    return Figure(at, unit, better + 1, level, plan[unit], better < plan[unit])


def _told(figure: Figure) -> tuple[int | None, int | None, int | None]:
    return figure.unit, figure.rank, figure.level_with

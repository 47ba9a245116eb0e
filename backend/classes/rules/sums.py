"""Sums of scores as integers, and how near to each other the means of classes can come at all."""

from dataclasses import dataclass
from fractions import Fraction
from functools import reduce
from math import ceil, floor, gcd

import numpy as np
from numpy.typing import NDArray

from backend.classes.rules.values import ClassInput, score_of

Integers = NDArray[np.int64]


@dataclass(frozen=True)
class MeanFloor:
    """The least spread of one mean that sums of integers allow: `spread` in hundredths of a point.

    `sums` gives for each class size the lowest and the highest sum of grains at which that spread holds.
    """

    spread: Fraction
    sums: dict[int, tuple[int, int]]


@dataclass(frozen=True)
class Scores:
    """Scores in grains above the lowest: hundredths = lowest + grain · value, by mean, the total first.

    `values` (pupils × means), `grain` (means). A shift by the lowest moves all means alike and leaves spreads.
    """

    values: Integers
    grain: tuple[int, ...]

    @property
    def means(self) -> int:
        """How many means are kept near to each other."""
        return len(self.grain)


def scores_of(value: ClassInput) -> Scores:
    """The scores of an input; no means where the pupils have no scores."""
    names = value.means_reported
    table = np.array([[score_of(pupil, name) for name in names] for pupil in value.pupils], dtype=np.int64)
    table = table.reshape(len(value.pupils), len(names))
    if not names:
        return Scores(table, ())
    above = table - table.min(axis=0)
    grain = tuple(max(1, reduce(gcd, column.tolist())) for column in above.T)
    return Scores(above // np.array(grain), grain)


def class_sizes(pupils: int, classes: int) -> list[int]:
    """The sizes of the classes, the larger first: they differ by at most one."""
    size, larger = divmod(pupils, classes)
    return [size + 1] * larger + [size] * (classes - larger)


def mean_floors(scores: Scores, classes: int) -> tuple[MeanFloor, ...]:
    """The floor of each mean: no division of these pupils into classes of these sizes has a smaller spread."""
    sizes = class_sizes(len(scores.values), classes)
    return tuple(_mean_floor(column, sizes, grain) for column, grain in zip(scores.values.T, scores.grain, strict=True))


def _mean_floor(column: Integers, sizes: list[int], grain: int) -> MeanFloor:
    number = {size: sizes.count(size) for size in sorted(set(sizes)) if size}
    total = int(column.sum())
    if sizes[-1] == 0:
        only = int(column.max()) - int(column.min()) if len(column) else 0
        return MeanFloor(Fraction(only * grain), {1: (0, int(column.max(initial=0)))})
    mean = Fraction(total, sum(sizes))
    lows = {Fraction(floor(mean * size) - step, size) for size in number for step in (0, 1)}
    highs = {Fraction(ceil(mean * size) + step, size) for size in number for step in (0, 1)}
    choices = sorted((high - low, low) for low in lows for high in highs)
    for spread, low in choices:
        sums = {size: (ceil(low * size), floor((low + spread) * size)) for size in number}
        if _reachable(sums, number, total):
            return MeanFloor(spread * grain, sums)
    raise ArithmeticError("rounding every class down and up encloses the total, so one of the choices holds")


def _reachable(sums: dict[int, tuple[int, int]], number: dict[int, int], total: int) -> bool:
    if any(low > high for low, high in sums.values()):
        return False
    least = sum(count * sums[size][0] for size, count in number.items())
    most = sum(count * sums[size][1] for size, count in number.items())
    return least <= total <= most


def scales(sizes: Integers) -> Integers:
    """Factors that make sums of classes of two sizes comparable as means: the other size, or 1 where all are alike."""
    present = sorted({size for size in sizes.tolist() if size})
    if not present or present[0] == present[-1]:
        return np.ones(len(sizes), dtype=np.int64)
    return np.asarray(np.where(sizes == present[0], present[-1], present[0]))

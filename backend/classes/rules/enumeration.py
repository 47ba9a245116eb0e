"""Small intakes whole: every division into unnumbered classes, so that the best of all is known, not searched."""

from math import comb, factorial

import numpy as np
from numpy.typing import NDArray

from backend.classes.rules.bounds import SEX, SIZE, WISHES, Bounds

MOST_DIVISIONS = 210_000
MOST_CELLS = 12_000_000
Integers = NDArray[np.int64]


def divisions(pupils: int, classes: int) -> int:
    """How many ways there are to divide pupils into unnumbered classes whose sizes differ by at most one."""
    size, larger = divmod(pupils, classes)
    if size == 0:
        return 1
    ways, left = 1, pupils
    for members in [size + 1] * larger + [size] * (classes - larger):
        ways *= comb(left, members)
        left -= members
    return ways // (factorial(larger) * factorial(classes - larger))


def is_small(bounds: Bounds) -> bool:
    """Whether all divisions are few enough to be looked at one by one."""
    if bounds.pupils < bounds.classes:
        return True
    if bounds.pupils * bounds.classes > MOST_CELLS:
        return False
    ways = divisions(bounds.pupils, bounds.classes)
    return ways <= MOST_DIVISIONS and ways * bounds.pupils * bounds.classes <= MOST_CELLS


def every_division(pupils: int, classes: int) -> NDArray[np.int16]:
    """All of them, one a row; shape (divisions, pupils), larger classes numbered first, each kind by first pupil."""
    size, larger = divmod(pupils, classes)
    if size == 0:
        return np.arange(pupils, dtype=np.int16)[None, :]
    rows = np.zeros((1, 0), dtype=np.int16)
    held = np.zeros((1, classes), dtype=np.int16)
    room = np.array([size + 1] * larger + [size] * (classes - larger))
    kind_starts = {0, larger}
    for _ in range(pupils):
        grown, filled = [], []
        for number in range(classes):
            may = held[:, number] < room[number]
            if number not in kind_starts:
                may &= held[:, number - 1] > 0
            following = held[may].copy()
            following[:, number] += 1
            filled.append(following)
            grown.append(np.concatenate([rows[may], np.full((len(following), 1), number, dtype=np.int16)], axis=1))
        rows, held = np.concatenate(grown), np.concatenate(filled)
    return rows


def best_by_bounds(bounds: Bounds, rows: NDArray[np.int16]) -> NDArray[np.int16]:
    """The rows whose cost (`Bounds.cost`) is least, level after level, in their order."""
    if len(rows) == 1:
        return rows
    held = np.stack(
        [(rows == number).astype(np.int16) @ bounds.has.astype(np.int16) for number in range(bounds.classes)], axis=1
    )
    outside = bounds.excess(held).sum(axis=1)
    labels, pairs = _broken(bounds, rows)
    keys = [outside[:, bounds.level == SIZE].sum(axis=1), outside[:, bounds.level == SEX].sum(axis=1), labels, pairs]
    keys += [outside[:, bounds.level == level].sum(axis=1) for level in range(WISHES + 1, bounds.levels)]
    keep = np.arange(len(rows))
    for key in keys:
        keep = keep[key[keep] == key[keep].min()]
    return rows[keep]


def _broken(bounds: Bounds, rows: NDArray[np.int16]) -> tuple[Integers, Integers]:
    labels = np.zeros(len(rows), dtype=np.int64)
    pairs = np.zeros(len(rows), dtype=np.int64)
    for label_of, wants_same in ((bounds.together, True), (bounds.apart, False)):
        for label in range(int(label_of.max(initial=-1)) + 1):
            members = rows[:, label_of == label]
            broken = np.zeros(len(rows), dtype=np.int64)
            for first in range(members.shape[1]):
                same = members[:, first + 1 :] == members[:, first : first + 1]
                broken += (same != wants_same).sum(axis=1)
            labels += broken > 0
            pairs += broken
    return labels, pairs

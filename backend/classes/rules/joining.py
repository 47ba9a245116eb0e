"""Pairs of integer vectors that add up to nearly a wanted vector, found by sorting cells, not by trying all pairs."""

import numpy as np
from numpy.typing import NDArray

Integers = NDArray[np.int64]
WANTED = 6_000
MOST_PAIRS = 60_000
TYPICAL = 4


def joined_pairs(vectors: Integers, aim: Integers) -> tuple[Integers, Integers]:
    """Places (first, second) of vectors whose sum lies within one cell of `aim`; shapes (pairs,).

    The first component is met exactly where that is likely; the cells of the others are as small as leaves about
    6,000 pairs. At most 60,000 pairs are given, in the order of `first`, then of cell and place of `second`.
    """
    width = _cell_widths(vectors)
    keys = _keys(vectors // width)
    wanted = _keys((aim - vectors) // width)
    order = np.argsort(keys, kind="stable")
    start = np.searchsorted(keys[order], wanted, side="left")
    count = np.searchsorted(keys[order], wanted, side="right") - start
    kept = np.cumsum(count) <= MOST_PAIRS
    start, count = start[kept], count[kept]
    first = np.repeat(np.flatnonzero(kept), count)
    offset = np.arange(len(first)) - np.repeat(np.cumsum(count) - count, count)
    return first, order[start.repeat(count) + offset]


def _cell_widths(vectors: Integers) -> Integers:
    """The width of the cells by component: at least 1, wider where too few pairs would meet."""
    reach = 2 * TYPICAL * np.abs(vectors).sum(axis=0) // max(1, len(vectors)) + 1
    meetings = len(vectors) ** 2 // WANTED + 1
    width = np.ones(vectors.shape[1], dtype=np.int64)
    while _cells(reach, width) > meetings:
        widest = int(np.argmax(reach // width)) if len(width) == 1 else 1 + int(np.argmax((reach // width)[1:]))
        if reach[widest] // width[widest] <= 1:
            widest = 0
        width[widest] *= 2
        if (reach // width <= 1).all():
            break
    return width


def _cells(reach: Integers, width: Integers) -> int:
    cells = 1
    for count in (reach // width + 1).tolist():
        cells *= count
    return cells


def _keys(cells: Integers) -> Integers:
    """One integer a row of cells; rows that differ may rarely share one, which costs only a useless candidate."""
    key = np.zeros(len(cells), dtype=np.int64)
    for component in cells.T:
        key = key * np.int64(1_000_003) + component
    return key

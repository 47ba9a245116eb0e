"""Small intakes: the division is drawn evenly from all that are best, because all were looked at."""

import numpy as np
from numpy.typing import NDArray

from backend.classes.rules.bounds import Bounds
from backend.classes.rules.enumeration import best_by_bounds, every_division
from backend.classes.rules.stream import Stream
from backend.classes.rules.sums import Scores, scales

Integers = NDArray[np.int64]
Divisions = NDArray[np.int16]


def draw_among_all(bounds: Bounds, scores: Scores, tolerance: int | None, seed: str) -> tuple[Integers, bool]:
    """The pupils' classes, and whether they were drawn from all divisions in the tolerance rather than at the floor.

    Without scores every division with the least cost of bounds has the same chance. With a tolerance (hundredths)
    every one of those whose spreads lie within it; where none does, or without a tolerance, every one of those with
    the smallest spread of the total, then of the subjects from the largest down.
    """
    rows = best_by_bounds(bounds, every_division(bounds.pupils, bounds.classes))
    stream = Stream(seed, "enumerate")
    if not scores.means or not bounds.pupils:
        return _pick(rows, stream), True
    spreads, common = _spreads(rows, bounds, scores)
    if tolerance is not None:
        inside = (spreads <= tolerance * common).all(axis=1)
        if inside.any():
            return _pick(rows[inside], stream), True
    spreads[:, 1:] = -np.sort(-spreads[:, 1:], axis=1)
    keep = np.arange(len(rows))
    for column in spreads.T:
        keep = keep[column[keep] == column[keep].min()]
    return _pick(rows[keep], stream), False


def _pick(rows: Divisions, stream: Stream) -> Integers:
    return np.asarray(rows[stream.below(len(rows))].astype(np.int64))


def _spreads(rows: Divisions, bounds: Bounds, scores: Scores) -> tuple[Integers, int]:
    """The spreads of the means (divisions × means) as hundredths times a common factor, and that factor."""
    sizes = np.bincount(rows[0], minlength=bounds.classes)
    scale = scales(sizes)
    scaled = [(rows == number) @ scores.values * scale[number] for number in np.flatnonzero(sizes).tolist()]
    highest, lowest = np.maximum.reduce(scaled), np.minimum.reduce(scaled)
    common = int((sizes * scale).max())
    return np.asarray((highest - lowest) * np.array(scores.grain)), common

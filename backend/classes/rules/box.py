"""The tolerance box: which exchanges keep every spread of means within the tolerance."""

import numpy as np
from numpy.typing import NDArray

from backend.classes.rules.tally import Tally

Integers = NDArray[np.int64]
NEVER = np.iinfo(np.int64).max // 4


class Box:
    """Answers for many exchanges at once; `refresh` after every change of the sums it reads.

    `tolerance` is in hundredths of a point; means of two class sizes are compared by crosswise products.
    """

    def __init__(self, tally: Tally, tolerance: int) -> None:
        self.tally = tally
        filled = tally.sizes > 0
        self.filled = np.flatnonzero(filled)
        common = int((tally.sizes * tally.scale)[filled].max(initial=1))
        self.width = tolerance * common // tally.grain
        self.refresh()

    def refresh(self) -> None:
        """Take the three highest and the three lowest classes of each mean from the sums as they stand."""
        scaled = self.tally.sums[self.filled] * self.tally.scale[self.filled, None]
        order = np.argsort(scaled, axis=0, kind="stable")
        ends = (order[::-1][:3], order[:3])
        self.classes = [_padded(self.filled[end], -1) for end in ends]
        self.values = [
            _padded(np.take_along_axis(scaled, end, axis=0), fill)
            for end, fill in zip(ends, (-NEVER, NEVER), strict=True)
        ]

    def holds(self) -> bool:
        """Whether the sums as they stand lie in the box."""
        scaled = self.tally.sums[self.filled] * self.tally.scale[self.filled, None]
        return bool((scaled.max(axis=0) - scaled.min(axis=0) <= self.width).all()) if len(scaled) else True

    def holds_after(self, here: Integers, there: Integers, shift: Integers) -> NDArray[np.bool_]:
        """Whether the box holds if `here` gave `shift` grains (exchanges × means) to `there`; shape (exchanges,)."""
        tally = self.tally
        left = (tally.sums[here] - shift) * tally.scale[here, None]
        right = (tally.sums[there] + shift) * tally.scale[there, None]
        highest = np.maximum(np.maximum(left, right), self._end(0, here, there))
        lowest = np.minimum(np.minimum(left, right), self._end(1, here, there))
        return np.asarray((highest - lowest <= self.width).all(axis=1))

    def _end(self, which: int, here: Integers, there: Integers) -> Integers:
        """The highest (0) or lowest (1) mean of the classes other than the two; shape (exchanges, means)."""
        found = np.broadcast_to(self.values[which][2], (len(here), len(self.width)))
        for rank in (1, 0):
            number = self.classes[which][rank]
            is_other = (number != here[:, None]) & (number != there[:, None])
            found = np.where(is_other, self.values[which][rank], found)
        return found


def _padded(rows: Integers, fill: int) -> Integers:
    """Three rows, those missing filled: with two classes there is no other."""
    padding = np.full((3 - len(rows), rows.shape[1]), fill, dtype=np.int64)
    return np.concatenate([rows, padding])

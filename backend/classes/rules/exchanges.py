"""Stage 2, exchanges between two classes: one, two or four pairs of units that bring both sums nearer to the floor."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from backend.classes.rules.bounds import WISHES
from backend.classes.rules.joining import joined_pairs
from backend.classes.rules.tally import Tally

Integers = NDArray[np.int64]
SWAPS_COMBINED = 400
DOUBLES_COMBINED = 24_000
TRIED = 40


@dataclass(frozen=True)
class Moves:
    """Candidates between two classes: `leaving` and `coming` (candidates × pairs) are units, `shift` (candidates ×
    means) is what the first class gives away in grains, `code` (candidates) tells how the counts change.
    """

    leaving: Integers
    coming: Integers
    shift: Integers
    code: Integers

    def take(self, index: Integers) -> "Moves":
        """The candidates at these places."""
        return Moves(self.leaving[index], self.coming[index], self.shift[index], self.code[index])

    def pairs(self, first: Integers, second: Integers) -> "Moves":
        """Candidates made of two each."""
        return Moves(
            np.concatenate([self.leaving[first], self.leaving[second]], axis=1),
            np.concatenate([self.coming[first], self.coming[second]], axis=1),
            self.shift[first] + self.shift[second],
            self.code[first] + self.code[second],
        )


def swaps_between(tally: Tally, here: int, there: int) -> Moves:
    """Every exchange of one unit of `here` with one as large of `there` that no `apart` label forbids."""
    left, right = _movable(tally, here, there), _movable(tally, there, here)
    sizes = tally.division.units.sizes
    first, second = np.nonzero(sizes[left][:, None] == sizes[right][None, :])
    leaving, coming = left[first], right[second]
    return Moves(
        leaving[:, None],
        coming[:, None],
        tally.values[leaving] - tally.values[coming],
        tally.code[leaving] - tally.code[coming],
    )


def _movable(tally: Tally, source: int, target: int) -> Integers:
    """Units of `source` none of whose `apart` labels is found in `target`: they may move with any others."""
    units = np.flatnonzero(tally.class_of == source)
    labels = tally.division.bounds.level == WISHES
    met = tally.held[target, labels] > 0
    return np.asarray(units[~(tally.division.units.has[units][:, labels][:, met] > 0).any(axis=1)])


def balanced_doubles(swaps: Moves, aim: Integers, grain: Integers) -> Moves:
    """Two exchanges at a time whose codes cancel, made of those nearest to half of `aim`."""
    near = swaps.take(_nearest(swaps.shift * 2 - aim, grain, SWAPS_COMBINED))
    order = np.argsort(near.code, kind="stable")
    start = np.searchsorted(near.code[order], -near.code, side="left")
    stop = np.searchsorted(near.code[order], -near.code, side="right")
    first = np.repeat(np.arange(len(start)), stop - start)
    offset = np.arange(len(first)) - np.repeat(np.cumsum(stop - start) - (stop - start), stop - start)
    second = order[start[first] + offset]
    kept = (first < second) & (near.leaving[first, 0] != near.leaving[second, 0])
    kept &= near.coming[first, 0] != near.coming[second, 0]
    return near.pairs(first[kept], second[kept])


def balanced_quads(doubles: Moves, aim: Integers, grain: Integers) -> Moves:
    """Four exchanges at a time: two doubles whose shifts add up to nearly `aim`, found by joining on cells."""
    near = doubles.take(_nearest(doubles.shift * 2 - aim, grain, DOUBLES_COMBINED))
    first, second = joined_pairs(near.shift, aim)
    kept = first < second
    for one in range(2):
        for other in range(2):
            kept &= near.leaving[first, one] != near.leaving[second, other]
            kept &= near.coming[first, one] != near.coming[second, other]
    return near.pairs(first[kept], second[kept])


def best_of(tally: Tally, here: int, there: int, moves: Moves, *, total_first: bool) -> bool:
    """Make the best candidate that brings the two classes nearer to the floor; whether there was one.

    Nearness is the distance of the total, then the sum of the subjects' distances (`total_first`), or their sum
    with the total counted twice. Candidates equally near are taken in their order.
    """
    before = tally.off(tally.sums[here], here) + tally.off(tally.sums[there], there)
    after = tally.off(tally.sums[here] - moves.shift, here) + tally.off(tally.sums[there] + moves.shift, there)
    total, subjects = after[:, 0], after[:, 1:].sum(axis=1)
    total_before, subjects_before = int(before[0]), int(before[1:].sum())
    if total_first:
        better = (total < total_before) | ((total == total_before) & (subjects < subjects_before))
    else:
        total, subjects = 2 * total + subjects, total
        better = total < 2 * total_before + subjects_before
    places = np.flatnonzero(better)
    places = places[np.lexsort((subjects[places], total[places]))][:TRIED]
    for place in places.tolist():
        leaving, coming = moves.leaving[place].tolist(), moves.coming[place].tolist()
        if tally.allows(here, there, leaving, coming):
            tally.exchange(here, there, leaving, coming)
            return True
    return False


def aim_between(tally: Tally, here: int, there: int) -> Integers:
    """What `here` should give away to `there`, in grains by mean: the middle of what brings both to the floor."""
    least = np.maximum(tally.sums[here] - tally.highest[here], tally.lowest[there] - tally.sums[there])
    most = np.minimum(tally.sums[here] - tally.lowest[here], tally.highest[there] - tally.sums[there])
    return np.asarray((least + most) // 2)


def _nearest(distance: Integers, grain: Integers, count: int) -> Integers:
    """The places of the `count` candidates with the smallest distance, summed over means in hundredths, in order."""
    far = (np.abs(distance) * grain).sum(axis=1)
    if len(far) <= count:
        return np.arange(len(far))
    return np.asarray(np.sort(np.argsort(far, kind="stable")[:count]))

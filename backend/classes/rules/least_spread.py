"""The checker's own lower bound of a spread of means: the classes' sums are filled one grain at a time."""

from collections.abc import Sequence
from fractions import Fraction
from heapq import heapify, heapreplace
from math import ceil, floor, gcd


def least_spread(scores: Sequence[int], classes: int) -> Fraction:
    """The least max − min of the class means (in the unit of the scores) that any sums of whole grains could have.

    Every class has ⌊n/K⌋ or ⌈n/K⌉ pupils; sums of classes move in grains (the greatest common divisor of the
    scores' differences). For every lowest mean that can be best, the sums start at it and the grains left go, one by
    one, where the mean rises to least.
    """
    if not scores:
        return Fraction(0)
    base = min(scores)
    grain = gcd(*(score - base for score in scores)) or 1
    units = [(score - base) // grain for score in scores]
    if len(scores) < classes:
        return Fraction((max(units) - min(units)) * grain)
    size, larger = divmod(len(scores), classes)
    sizes = [size + 1] * larger + [size] * (classes - larger)
    mean = Fraction(sum(units), len(units))
    starts = {Fraction(floor(mean * one) - step, one) for one in set(sizes) for step in range(3)}
    return min(_filled(sum(units), sizes, start) for start in starts) * grain


def _filled(total: int, sizes: Sequence[int], lowest: Fraction) -> Fraction:
    sums = [ceil(lowest * size) for size in sizes]
    left = total - sum(sums)
    if left < 0:
        return Fraction(total + 1)
    rising = [(Fraction(one + 1, size), place) for place, (one, size) in enumerate(zip(sums, sizes, strict=True))]
    heapify(rising)
    for _ in range(left):
        place = rising[0][1]
        sums[place] += 1
        heapreplace(rising, (Fraction(sums[place] + 1, sizes[place]), place))
    means = [Fraction(one, size) for one, size in zip(sums, sizes, strict=True)]
    return max(means) - min(means)

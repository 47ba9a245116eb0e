"""Stage 2, the polish: single exchanges of two pupils until none that keeps every bound brings a better spread."""

import numpy as np
from numpy.typing import NDArray

from backend.classes.rules.balancing import Division
from backend.classes.rules.bounds import Bounds
from backend.classes.rules.sums import Scores
from backend.classes.rules.tally import Tally
from backend.classes.rules.units import pupils_alone

Integers = NDArray[np.int64]


def polish(bounds: Bounds, scores: Scores, class_of: Integers, seed: str) -> Integers:
    """The pupils' classes after the polish; shape (pupils,).

    Better means: a smaller spread of the mean total, or the same and a smaller largest spread of a subject, or the
    same and a smaller second largest, and so on. Of each two classes the best exchange is made; the walk over the
    pairs of classes is repeated until a whole turn has made none. An exchange keeps the bounds where no class gets
    further from a bound and no label "same class" loses a pair.
    """
    tally = Tally(Division(bounds, pupils_alone(bounds), class_of), scores, seed)
    while _turn(tally):
        continue
    return tally.class_of


def _turn(tally: Tally) -> bool:
    improved = False
    classes = len(tally.sums)
    for here in range(classes):
        for there in range(here + 1, classes):
            if _at_an_end(tally, here, there) and _best_exchange(tally, here, there):
                improved = True
    return improved


def _at_an_end(tally: Tally, here: int, there: int) -> bool:
    """Whether one of the two classes has the highest or lowest mean of something that has a spread."""
    scaled = tally.sums * tally.scale[:, None]
    lowest, highest = scaled.min(axis=0), scaled.max(axis=0)
    two = scaled[[here, there]]
    return bool((((two == lowest) | (two == highest)) & (lowest < highest)).any())


def _best_exchange(tally: Tally, here: int, there: int) -> bool:
    left, right = np.flatnonzero(tally.class_of == here), np.flatnonzero(tally.class_of == there)
    first, second = np.repeat(left, len(right)), np.tile(right, len(left))
    spreads = _spreads_after(tally, here, there, tally.values[first] - tally.values[second])
    now = np.array(tally.spreads(), dtype=np.int64)
    places = np.flatnonzero(_lexicographically_less(spreads, now))
    places = places[_keeps_bounds(tally, here, there, first[places], second[places])]
    if not len(places):
        return False
    chosen = places[np.lexsort(spreads[places].T[::-1])[0]]
    tally.exchange(here, there, [int(first[chosen])], [int(second[chosen])])
    return True


def _spreads_after(tally: Tally, here: int, there: int, shift: Integers) -> Integers:
    """The spreads as `Tally.spreads` gives them if `here` gave away `shift` grains; shape (exchanges, means)."""
    others = np.ones(len(tally.sums), dtype=bool)
    others[[here, there]] = False
    left = (tally.sums[here] - shift) * tally.scale[here]
    right = (tally.sums[there] + shift) * tally.scale[there]
    highest, lowest = np.maximum(left, right), np.minimum(left, right)
    if others.any():
        rest = tally.sums[others] * tally.scale[others, None]
        highest, lowest = np.maximum(highest, rest.max(axis=0)), np.minimum(lowest, rest.min(axis=0))
    spread = (highest - lowest) * tally.grain
    spread[:, 1:] = -np.sort(-spread[:, 1:], axis=1)
    return np.asarray(spread)


def _lexicographically_less(rows: Integers, limit: Integers) -> NDArray[np.bool_]:
    less = np.zeros(len(rows), dtype=bool)
    level = np.ones(len(rows), dtype=bool)
    for column, bound in zip(rows.T, limit.tolist(), strict=True):
        less |= level & (column < bound)
        level &= column == bound
    return less


def _keeps_bounds(tally: Tally, here: int, there: int, first: Integers, second: Integers) -> NDArray[np.bool_]:
    bounds = tally.division.bounds
    change = bounds.has[first] - bounds.has[second]
    left, right = tally.held[here] - change, tally.held[there] + change
    kept = ((left >= tally.low[here]) & (left <= tally.high[here])).all(axis=1)
    kept &= ((right >= tally.low[there]) & (right <= tally.high[there])).all(axis=1)
    same_label = bounds.together[first] == bounds.together[second]
    for pupils, source, target in ((first, here, there), (second, there, here)):
        label = bounds.together[pupils]
        number = max(0, int(bounds.together.max(initial=-1))) + 1
        joined = bounds.together[tally.class_of == source]
        stay = np.bincount(joined[joined >= 0], minlength=number)[label] - 1
        joined = bounds.together[tally.class_of == target]
        meet = np.bincount(joined[joined >= 0], minlength=number)[label]
        kept &= (label < 0) | same_label | (meet >= stay)
    return np.asarray(kept)

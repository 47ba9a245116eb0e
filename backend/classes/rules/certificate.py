"""The certificate of a floor: no exchange of two pupils that keeps the bounds makes a spread smaller."""

from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import combinations
from math import lcm

import numpy as np
from numpy.typing import NDArray

from backend.classes.rules.values import ClassInput, Pupil, score_of

Integers = NDArray[np.int64]


def no_swap_improves(value: ClassInput, class_of: Mapping[str, int]) -> bool:
    """Whether no exchange of two pupils of different classes is better and keeps the bounds; every pair is tried.

    Better: a smaller spread of the mean total; or the same, and smaller spreads of the subjects compared from the
    largest down. Keeping the bounds: in both classes no count of sex, special, ethnicity, household or a named
    column gets further outside its bounds, no pair of a `together` label is parted, none of an `apart` label meets.
    """
    names = value.means_reported
    if not names or value.options.classes == 1:
        return True
    classes = np.array([class_of[pupil.no] - 1 for pupil in value.pupils], dtype=np.int64)
    scores = np.array([[score_of(pupil, name) for name in names] for pupil in value.pupils], dtype=np.int64)
    return not any(
        _improving_pair(value, class_of, scores, classes, here, there)
        for here, there in combinations(range(value.options.classes), 2)
    )


def _improving_pair(
    value: ClassInput, class_of: Mapping[str, int], scores: Integers, classes: Integers, here: int, there: int
) -> bool:
    sizes = np.bincount(classes, minlength=value.options.classes)
    common = lcm(*(size for size in sizes.tolist() if size))
    now = {number: scores[classes == number].sum(axis=0) for number in np.flatnonzero(sizes).tolist()}
    if here not in now or there not in now:
        return False
    means = {number: sums * (common // sizes[number]) for number, sums in now.items()}
    standing = _ordered(np.ptp(np.stack(list(means.values())), axis=0)[None, :])[0]
    rest = [mean for number, mean in means.items() if number not in (here, there)]
    left, right = np.flatnonzero(classes == here), np.flatnonzero(classes == there)
    for pupil in left.tolist():
        given = scores[pupil] - scores[right]
        ends = [(now[here] - given) * (common // sizes[here]), (now[there] + given) * (common // sizes[there])]
        ends += [np.broadcast_to(mean, given.shape) for mean in rest]
        spreads = _ordered(np.ptp(np.stack(ends), axis=0))
        for row in np.flatnonzero(spreads[:, 0] <= standing[0]).tolist():
            better = spreads[row].tolist() < standing.tolist()
            if better and _keeps_bounds(value, class_of, value.pupils[pupil], value.pupils[right[row]]):
                return True
    return False


def _ordered(spreads: Integers) -> Integers:
    """The total first, then the subjects from the largest spread down; shape as given (exchanges × means)."""
    return np.concatenate([spreads[:, :1], np.sort(spreads[:, 1:], axis=1)[:, ::-1]], axis=1)


def _keeps_bounds(value: ClassInput, class_of: Mapping[str, int], first: Pupil, second: Pupil) -> bool:
    here, there = class_of[first.no], class_of[second.no]
    for column in value.bounded_columns:
        ours, theirs = first.traits[column], second.traits[column]
        if ours == theirs:
            continue
        counts = {
            trait: Counter(class_of[p.no] for p in value.pupils if p.traits[column] == trait)
            for trait in (ours, theirs)
        }
        for trait, source, target in ((ours, here, there), (theirs, there, here)):
            members = sum(counts[trait].values())
            low, high = members // value.options.classes, -(-members // value.options.classes)
            if counts[trait][source] <= low or counts[trait][target] >= high:
                return False
    return _keeps_labels(value.pupils, class_of, first, second)


def _keeps_labels(pupils: Sequence[Pupil], class_of: Mapping[str, int], first: Pupil, second: Pupil) -> bool:
    after = {**class_of, first.no: class_of[second.no], second.no: class_of[first.no]}
    for kind, more_is_better in (("together", True), ("apart", False)):
        for label in {getattr(first, kind), getattr(second, kind)} - {""}:
            members = [pupil.no for pupil in pupils if getattr(pupil, kind) == label]
            before, then = (_meeting(members, classes) for classes in (class_of, after))
            if then < before if more_is_better else then > before:
                return False
    return True


def _meeting(members: Sequence[str], class_of: Mapping[str, int]) -> int:
    """How many pairs of these pupils are in one class."""
    return sum(count * (count - 1) // 2 for count in Counter(class_of[no] for no in members).values())

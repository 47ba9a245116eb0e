"""Units: what is moved as one, a pupil alone or the members of a `together` label."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from backend.classes.rules.bounds import SEX, Bounds

Integers = NDArray[np.int64]


@dataclass(frozen=True)
class Units:
    """Disjoint sets of pupils that cover all of them.

    `unit_of` (pupils) is the number of a pupil's unit; `has` (units × entries) is what a unit adds to a class.
    """

    unit_of: Integers
    has: Integers

    @property
    def sizes(self) -> Integers:
        """Pupils in each unit; the first entry of every table of bounds is the size."""
        return self.has[:, 0]

    def class_of_pupils(self, class_of_unit: Integers) -> Integers:
        """The pupils' classes from the units' classes."""
        return np.asarray(class_of_unit[self.unit_of])


def pupils_alone(bounds: Bounds) -> Units:
    """Every pupil a unit of his own."""
    return Units(np.arange(bounds.pupils), bounds.has)


def units_of(bounds: Bounds, broken: frozenset[int] = frozenset()) -> Units:
    """Each `together` label one unit, but labels in `broken` give up their unit: their pupils stand alone.

    A label that no class can hold (more pupils, or more of one sex, than a class may have) is cut into as few
    parts as a greedy cut gives, each of which a class can hold.
    """
    unit_of = np.full(bounds.pupils, -1, dtype=np.int64)
    count = 0
    for label in range(int(bounds.together.max(initial=-1)) + 1):
        left = [] if label in broken else np.flatnonzero(bounds.together == label).tolist()
        while left:
            part = _largest_part(bounds, left)
            unit_of[part] = count
            left = [pupil for pupil in left if pupil not in part]
            count += 1
    alone = np.flatnonzero(unit_of < 0)
    unit_of[alone] = count + np.arange(len(alone))
    has = np.zeros((count + len(alone), len(bounds.low)), dtype=np.int64)
    np.add.at(has, unit_of, bounds.has)
    return Units(unit_of, has)


def _largest_part(bounds: Bounds, pupils: list[int]) -> list[int]:
    counted = bounds.level <= SEX
    held = np.zeros(int(counted.sum()), dtype=np.int64)
    part = []
    for pupil in pupils:
        with_him = held + bounds.has[pupil, counted]
        if (with_him <= bounds.high[counted]).all():
            held = with_him
            part.append(pupil)
    return part

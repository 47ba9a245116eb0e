"""Stage 1 whole: a division that keeps every hard bound that can be kept, highest priority first."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from backend.classes.rules.bounds import SEX, Bounds
from backend.classes.rules.dealing import deal
from backend.classes.rules.repair import repair
from backend.classes.rules.stream import Stream
from backend.classes.rules.units import Units, units_of

Integers = NDArray[np.int64]
ROUNDS = 3


@dataclass(frozen=True)
class Division:
    """Pupils divided into unnumbered classes by units; `class_of_unit` (units) counts classes from 0."""

    bounds: Bounds
    units: Units
    class_of_unit: Integers

    @property
    def class_of(self) -> Integers:
        """The pupils' classes; shape (pupils,)."""
        return self.units.class_of_pupils(self.class_of_unit)


def balanced_division(bounds: Bounds, seed: str) -> Division:
    """Deal and repair, at most three times, each with its own stream; the cheapest by `Bounds.cost` is taken.

    Size and sex stand above the wishes: as long as they are not kept, the largest `together` label in a class that
    does not keep them gives up its unit and all is dealt again. Pupils dealt alone always keep size and sex.
    """
    broken: frozenset[int] = frozenset()
    while True:
        division = _best_of_rounds(bounds, seed, broken)
        label = _label_in_the_way(division, broken)
        if label is None:
            return division
        broken |= {label}


def _best_of_rounds(bounds: Bounds, seed: str, broken: frozenset[int]) -> Division:
    units = units_of(bounds, broken)
    found: list[tuple[tuple[int, ...], int, Division]] = []
    for turn in range(ROUNDS):
        stream = Stream(seed, f"deal/{len(broken)}/{turn}")
        division = Division(bounds, units, repair(bounds, units, deal(bounds, units, stream), stream))
        found.append((bounds.cost(division.class_of), turn, division))
        if not any(found[-1][0]):
            break
    return min(found, key=lambda one: one[:2])[2]


def _label_in_the_way(division: Division, broken: frozenset[int]) -> int | None:
    bounds = division.bounds
    outside = bounds.excess(bounds.counts(division.class_of))[:, bounds.level <= SEX].sum(axis=1)
    if not outside.any():
        return None
    labels = set(range(int(bounds.together.max(initial=-1)) + 1)) - broken
    near = {int(bounds.together[pupil]) for pupil in np.flatnonzero(outside[division.class_of] > 0)} & labels
    return max(near or labels, key=lambda label: (int((bounds.together == label).sum()), -label), default=None)

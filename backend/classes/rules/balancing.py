"""Stage 1 whole: a division that keeps every hard bound that can be kept, highest priority first."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from backend.classes.rules.bounds import SEX, WISHES, Bounds
from backend.classes.rules.dealing import deal
from backend.classes.rules.repair import repair
from backend.classes.rules.stream import Stream
from backend.classes.rules.units import Units, units_of

Integers = NDArray[np.int64]
FEWEST_ROUNDS, MOST_ROUNDS = 3, 8
ROUNDS_TIMES_PUPILS = 480
SURE = 3


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


def balanced_division(bounds: Bounds, seed: str, attempt: int = 0) -> Division:
    """Deal and repair until nothing is left unmet, each time with a stream of its own; the cheapest is taken.

    Tried 480 / pupils times, at least 3 and at most 8, twice where size or sex is not kept, and not
    again once the cheapest has come out three times; cheapest by `Bounds.cost`, the first of equals.
    Size and sex stand above the wishes: as long as they are not kept, the largest `together` label in a class that
    does not keep them gives up its unit and all is dealt again. Pupils dealt alone always keep size and sex.
    Another `attempt` deals from other streams.
    """
    broken: frozenset[int] = frozenset()
    while True:
        division = _best_of_rounds(bounds, seed, attempt, broken)
        label = _label_in_the_way(division, broken)
        if label is None:
            return division
        broken |= {label}


def _best_of_rounds(bounds: Bounds, seed: str, attempt: int, broken: frozenset[int]) -> Division:
    units = units_of(bounds, broken)
    found: list[tuple[tuple[int, ...], int, Division]] = []
    rounds = min(MOST_ROUNDS, max(FEWEST_ROUNDS, ROUNDS_TIMES_PUPILS // max(1, bounds.pupils)))
    for turn in range(rounds):
        stream = Stream(seed, f"deal/{attempt}/{len(broken)}/{turn}")
        division = Division(bounds, units, repair(bounds, units, deal(bounds, units, stream), stream))
        found.append((bounds.cost(division.class_of), turn, division))
        cost = found[-1][0]
        costs = [one[0] for one in found]
        if not any(cost) or (turn and any(cost[:WISHES])) or costs.count(min(costs)) == SURE:
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

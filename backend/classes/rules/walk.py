"""The draw: a symmetric random walk among the divisions that keep every hard bound and the tolerance."""

import numpy as np
from numpy.typing import NDArray

from backend.classes.rules.balancing import Division
from backend.classes.rules.bounds import Bounds
from backend.classes.rules.box import Box
from backend.classes.rules.standing import Standing
from backend.classes.rules.stream import Stream
from backend.classes.rules.sums import Scores
from backend.classes.rules.tally import Tally
from backend.classes.rules.units import pupils_alone

Integers = NDArray[np.int64]
STEPS_WITH_SCORES, STEPS_WITHOUT = 2_000, 200
FEWEST_WITH_SCORES, FEWEST_WITHOUT = 400_000, 10_000
CHUNK = 4_096
SIFTED = 64
KINDS_WITH_GROUPS, KINDS_WITHOUT = 12, 2


def steps_of(pupils: int, *, with_scores: bool) -> int:
    """How many steps the walk takes: 2,000 a pupil (400,000 at least) where scores narrow it, else 200 (10,000)."""
    if with_scores:
        return max(FEWEST_WITH_SCORES, pupils * STEPS_WITH_SCORES)
    return max(FEWEST_WITHOUT, pupils * STEPS_WITHOUT)


def walk(
    bounds: Bounds, scores: Scores, class_of: Integers, tolerance: int | None, seed: str, steps: int | None = None
) -> Integers:
    """The pupils' classes after `steps` steps from `class_of` (as many as `steps_of` says); shape (pupils,).

    A step proposes an exchange, with the same chance as the way back, and is made where it keeps every hard bound
    and every spread of means within `tolerance` (hundredths, None: no means are kept). So every division that the
    walk can reach has the same chance in the long run. A step not made counts as a step.
    """
    tally = Tally(Division(bounds, pupils_alone(bounds), class_of), scores, seed)
    if bounds.pupils <= 1 or bounds.classes == 1:
        return tally.class_of
    walker = _Walker(tally, tolerance, seed)
    left = steps_of(bounds.pupils, with_scores=walker.box is not None) if steps is None else steps
    while left:
        count = min(CHUNK, left)
        walker.take_steps(count)
        left -= count
    return tally.class_of


class _Walker:
    """The state of the walk: where everybody stands, the box, and the two streams it is drawn from."""

    def __init__(self, tally: Tally, tolerance: int | None, seed: str) -> None:
        self.tally = tally
        self.standing = Standing(tally)
        self.box = Box(tally, tolerance) if tolerance is not None and tally.scores.means else None
        self.stream, self.group_stream = Stream(seed, "walk"), Stream(seed, "walk/groups")
        self.kinds = KINDS_WITH_GROUPS if self.standing.groups else KINDS_WITHOUT
        self.slots = int(tally.sizes.max())
        stratum = tally.division.bounds.stratum
        self.in_order = np.argsort(stratum, kind="stable")
        self.place = np.argsort(self.in_order, kind="stable")
        counts = np.bincount(stratum)
        self.start, self.alike = (np.cumsum(counts) - counts)[stratum], counts[stratum]

    def take_steps(self, count: int) -> None:
        """Draw `count` steps and take them one after the other."""
        pupils = self.tally.division.bounds.pupils
        width = 2 * pupils + 1
        draws = self.stream.many_below(self.kinds * pupils * width, count)
        kind, first, shift = draws // (pupils * width), draws // width % pupils, draws % width - pupils
        place_alike = self.start[first] + (self.place[first] - self.start[first] + shift) % self.alike[first]
        second = np.where(kind % 2 == 1, self.in_order[place_alike], (first + shift) % pupils)
        moves_group = kind == KINDS_WITH_GROUPS - 1
        step = 0
        while step < count:
            window = slice(step, step + SIFTED)
            step += self._until_sums_change(moves_group[window], first[window], second[window])

    def _until_sums_change(self, moves_group: NDArray[np.bool_], first: Integers, second: Integers) -> int:
        """Take steps until one changes the sums that they were sifted by; how many were taken."""
        here, there = self.tally.class_of[first], self.tally.class_of[second]
        possible = np.ones(len(first), dtype=bool)
        if self.box is not None:
            shift = self.tally.values[first] - self.tally.values[second]
            possible = (here != there) & self.box.holds_after(here, there, shift)
        for step in np.flatnonzero(possible | moves_group).tolist():
            if moves_group[step]:
                made = self._group_step(int(first[step]))
            else:
                made = self.standing.swap(int(first[step]), int(second[step]))
            if made and self.box is not None:
                self.box.refresh()
                return int(step) + 1
        return len(first)

    def _group_step(self, pick: int) -> bool:
        """Exchange a label's pupils with as many drawn from the places of a drawn class, where all bounds hold."""
        groups = self.standing.groups
        leaving = groups[pick % len(groups)]
        there = self.group_stream.below(len(self.tally.sums))
        places = list(range(self.slots))
        for place in range(len(leaving)):
            other = place + self.group_stream.below(self.slots - place)
            places[place], places[other] = places[other], places[place]
        members = np.flatnonzero(self.tally.class_of == there).tolist()
        if any(place >= len(members) for place in places[: len(leaving)]):
            return False
        coming = [members[place] for place in places[: len(leaving)]]
        if not self.standing.swap_group(leaving, coming):
            return False
        if self.box is not None and not self.box.holds():
            self.standing.undo_group(leaving, coming)
            return False
        return True

"""Where everybody stands during the draw, in plain lists: single steps read and change it fast."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from backend.classes.rules.bounds import WISHES
from backend.classes.rules.tally import Tally

Integers = NDArray[np.int64]
NOTHING = -1


class Standing:
    """The classes of the pupils, and which exchanges keep what is kept at the start.

    No class gets further from a hard bound than it was, a `together` label kept whole stays whole, and one that
    could not be kept is not torn more. `groups` are the members of the labels kept whole (two or more).
    """

    def __init__(self, tally: Tally) -> None:
        bounds = tally.division.bounds
        self.tally = tally
        self.together = bounds.together.tolist()
        self.groups, self.torn = _labels(bounds.together, tally.class_of)
        members = {pupil for group in self.groups for pupil in group}
        self.in_group = [pupil in members for pupil in range(bounds.pupils)]
        self._held, self._low, self._high = tally.held.tolist(), tally.low.tolist(), tally.high.tolist()
        self._entries = _entries(bounds.has, bounds.level)

    def swap(self, first: int, second: int) -> bool:
        """Exchange two pupils where everything stays kept; whether it was made."""
        here, there = int(self.tally.class_of[first]), int(self.tally.class_of[second])
        if here == there or self.in_group[first] or self.in_group[second]:
            return False
        if not self._allows(first, second, here, there):
            return False
        self._exchange([first], [second], here, there)
        return self._unless_torn([first], [second], here, there)

    def swap_group(self, group: Sequence[int], others: Sequence[int]) -> bool:
        """Exchange a group with as many pupils of one other class where everything stays kept."""
        here, there = int(self.tally.class_of[group[0]]), int(self.tally.class_of[others[0]])
        if here == there or self._splits_a_group(others):
            return False
        self._exchange(group, others, here, there)
        if not (self._inside(here) and self._inside(there)):
            self._exchange(group, others, there, here)
            return False
        return self._unless_torn(group, others, here, there)

    def undo_group(self, group: Sequence[int], others: Sequence[int]) -> None:
        """Take back an exchange just made."""
        self._exchange(group, others, int(self.tally.class_of[group[0]]), int(self.tally.class_of[others[0]]))

    def _allows(self, first: int, second: int, here: int, there: int) -> bool:
        for leaving, coming in zip(self._entries[first], self._entries[second], strict=True):
            if leaving != coming and not (self._may_go(leaving, here, there) and self._may_go(coming, there, here)):
                return False
        return True

    def _may_go(self, entry: int, source: int, target: int) -> bool:
        if entry == NOTHING:
            return True
        return bool(
            self._held[source][entry] > self._low[source][entry]
            and self._held[target][entry] < self._high[target][entry]
        )

    def _inside(self, number: int) -> bool:
        rows = zip(self._low[number], self._held[number], self._high[number], strict=True)
        return all(low <= held <= high for low, held, high in rows)

    def _exchange(self, leaving: Sequence[int], coming: Sequence[int], here: int, there: int) -> None:
        for source, target, pupils in ((here, there, leaving), (there, here, coming)):
            for pupil in pupils:
                self.tally.class_of[pupil] = target
                self.tally.sums[source] -= self.tally.values[pupil]
                self.tally.sums[target] += self.tally.values[pupil]
                for entry in self._entries[pupil]:
                    if entry != NOTHING:
                        self._held[source][entry] -= 1
                        self._held[target][entry] += 1

    def _unless_torn(self, leaving: Sequence[int], coming: Sequence[int], here: int, there: int) -> bool:
        labels = {self.together[pupil] for pupil in (*leaving, *coming)} & self.torn.keys() if self.torn else ()
        for label in labels:
            if torn_pairs(self.tally.class_of[self.tally.division.bounds.together == label]) > self.torn[label]:
                self._exchange(leaving, coming, there, here)
                return False
        return True

    def _splits_a_group(self, pupils: Sequence[int]) -> bool:
        chosen = set(pupils)
        labels = {self.together[pupil] for pupil in pupils if self.in_group[pupil]}
        return any(self.together[group[0]] in labels and not chosen.issuperset(group) for group in self.groups)


def torn_pairs(classes: Integers) -> int:
    """How many pairs of pupils with these classes are in different classes."""
    counts = np.bincount(classes)
    return (len(classes) ** 2 - int((counts**2).sum())) // 2


def _labels(together: Integers, class_of: Integers) -> tuple[list[list[int]], dict[int, int]]:
    """The members of each label kept whole (two or more), and the torn pairs of each label that is not."""
    groups, torn = [], {}
    for label in range(int(together.max(initial=-1)) + 1):
        members = np.flatnonzero(together == label)
        pairs = torn_pairs(class_of[members])
        if pairs:
            torn[label] = pairs
        elif len(members) > 1:
            groups.append(members.tolist())
    return groups, torn


def _entries(has: Integers, level: Integers) -> list[tuple[int, ...]]:
    """For each pupil his entry of each column, in one order for all; his `apart` label last, or NOTHING."""
    wishes = level == WISHES
    entries = []
    for row in has:
        held = np.flatnonzero((row > 0) & ~wishes).tolist()
        label = np.flatnonzero((row > 0) & wishes).tolist()
        entries.append((*held, label[0] if label else NOTHING))
    return entries

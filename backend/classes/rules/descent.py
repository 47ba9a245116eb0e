"""Stage 2, the descent: classes are balanced two by two until the means stand at their floor or nothing helps."""

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from backend.classes.rules.exchanges import aim_between, balanced_doubles, balanced_quads, best_of, swaps_between
from backend.classes.rules.tally import Tally

SWAPS, DOUBLES, QUADS = 1, 2, 4


@dataclass
class _Round:
    """One round: how many pairs are exchanged at a time, and what each two classes held when nothing helped them."""

    width: int
    total_first: bool
    changes: list[int]
    in_vain: dict[tuple[int, int], tuple[int, int]] = field(default_factory=dict)

    def try_pair(self, tally: Tally, here: int, there: int) -> bool:
        """Improve two classes, unless neither has changed since that last failed; whether it helped."""
        pair = (min(here, there), max(here, there))
        state = (self.changes[pair[0]], self.changes[pair[1]])
        if self.in_vain.get(pair) == state:
            return False
        if improve_pair(tally, *pair, self.width, total_first=self.total_first):
            self.changes[here] += 1
            self.changes[there] += 1
            return True
        self.in_vain[pair] = state
        return False


def descend(tally: Tally, reached: Callable[[Tally], bool]) -> None:
    """Improve the division in place until `reached` says so or no exchange between two classes helps.

    Rounds: exchanges of one pair, of two, of four with the total first. A round goes over the classes from the one
    furthest off its floor down, and for each over the others from the one that stands out most the other way; it
    ends when a whole turn over the pairs has improved nothing.
    """
    for width, total_first in ((SWAPS, False), (DOUBLES, False), (QUADS, True)):
        this_round = _Round(width, total_first, [0] * len(tally.sums))
        while not reached(tally) and _turn(tally, this_round, reached):
            continue


def _turn(tally: Tally, this_round: _Round, reached: Callable[[Tally], bool]) -> bool:
    improved = False
    for here in _furthest_first(tally):
        for there in _partners(tally, here):
            if not tally.off(tally.sums[here], here).any():
                break
            if this_round.try_pair(tally, here, there):
                improved = True
                if reached(tally):
                    return True
    return improved


def improve_pair(tally: Tally, here: int, there: int, width: int, *, total_first: bool) -> bool:
    """Make the best exchange of up to `width` pairs between two classes; whether one helped."""
    swaps = swaps_between(tally, here, there)
    if best_of(tally, here, there, swaps, total_first=total_first):
        return True
    if width == SWAPS or not len(swaps.code):
        return False
    aim = aim_between(tally, here, there)
    doubles = balanced_doubles(swaps, aim, tally.grain)
    if best_of(tally, here, there, doubles, total_first=total_first):
        return True
    if width == DOUBLES or not len(doubles.code):
        return False
    return best_of(tally, here, there, balanced_quads(doubles, aim, tally.grain), total_first=total_first)


def _furthest_first(tally: Tally) -> list[int]:
    off = [(-int(tally.off(tally.sums[number], number).sum()), number) for number in range(len(tally.sums))]
    return [number for distance, number in sorted(off) if distance]


def _partners(tally: Tally, here: int) -> list[int]:
    """The other classes, first the one that would take most of what `here` has too much of."""
    excess = np.maximum(tally.sums[here] - tally.highest[here], 0) - np.maximum(
        tally.lowest[here] - tally.sums[here], 0
    )
    middle = tally.lowest + tally.highest
    above = np.sign(2 * tally.sums - middle) * np.minimum(np.abs(2 * tally.sums - middle), 1 << 20)
    fit = (above * np.sign(excess) * tally.grain).sum(axis=1)
    return [number for number in np.argsort(fit, kind="stable").tolist() if number != here]

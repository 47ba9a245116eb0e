"""How random a way of forming classes is, measured on many lists of one intake: who met whom, and who was where."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

Integers = NDArray[np.int64]


@dataclass(frozen=True)
class Randomness:
    """What `draws` lists of one intake show.

    `dispersion` is the mean squared difference of how often two pupils met from the average, by what independent
    chance would give: 1 for an ideal draw. `never_met` counts the pairs that were in one class in no list,
    `never_met_ideal` how many independent chance would leave. `chance` is chi-square by its degrees of freedom of
    the table pupil × class: 1 where everybody has every class alike.
    """

    draws: int
    dispersion: Fraction
    never_met: int
    never_met_ideal: Fraction
    chance: Fraction


class Meetings:
    """Counts who met whom over many lists; `add` takes one list, `told` says what they show."""

    def __init__(self, pupils: int, classes: int) -> None:
        self.draws = 0
        self.met = np.zeros((pupils, pupils), dtype=np.int32)
        self.been = np.zeros((pupils, classes), dtype=np.int64)

    def add(self, class_of: Sequence[int] | Integers) -> None:
        """One list: the class of every pupil, counted from 0; shape (pupils,)."""
        where = np.zeros(self.been.shape, dtype=np.int32)
        where[np.arange(len(where)), np.asarray(class_of)] = 1
        self.met += where @ where.T
        self.been += where
        self.draws += 1

    def told(self) -> Randomness:
        """The measures. Raises ValueError before the first list and for fewer than two pupils or classes."""
        pupils, classes = self.been.shape
        if not self.draws or pupils < 2 or classes < 2:  # noqa: PLR2004  # a pair, and a choice
            raise ValueError("there is nothing to compare")
        counts = self.met[np.triu_indices(pupils, 1)].astype(np.int64)
        pairs, meetings = len(counts), int(counts.sum())
        share = Fraction(meetings, pairs * self.draws)
        squares = int((counts * counts).sum())
        variance = Fraction(squares, pairs) - Fraction(meetings, pairs) ** 2
        ideal = self.draws * share * (1 - share)
        return Randomness(
            self.draws,
            variance / ideal if ideal else Fraction(0),
            int((counts == 0).sum()),
            pairs * (1 - share) ** self.draws,
            self._chance(),
        )

    def _chance(self) -> Fraction:
        pupils, classes = self.been.shape
        total = Fraction(0)
        for number in range(classes):
            seats = int(self.been[:, number].sum())
            expected = Fraction(seats, pupils)
            squares = int((self.been[:, number] ** 2).sum())
            if expected:
                total += Fraction(squares) / expected - seats
        return total / (pupils * (classes - 1))

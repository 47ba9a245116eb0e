"""A division while it is improved: classes of units, sums of scores, counts, and the bounds no exchange may widen."""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from backend.classes.rules.balancing import Division
from backend.classes.rules.bounds import WISHES
from backend.classes.rules.stream import Stream
from backend.classes.rules.sums import Scores, mean_floors, scales

Integers = NDArray[np.int64]


@dataclass
class Tally:
    """`sums` (classes × means) in grains; `lowest` and `highest` (classes × means) are the sums at the floor.

    `code` (units) is a linear code of what a unit adds to the bounded counts, without wishes: exchanges whose codes
    cancel leave every count as it was (checked again before one is made). `low` and `high` (classes × entries) are
    the hard bounds, widened where a class already lies outside: no class gets further from a bound than it was.
    """

    division: Division
    scores: Scores
    seed: str
    class_of: Integers = field(init=False)
    values: Integers = field(init=False)
    sums: Integers = field(init=False)
    held: Integers = field(init=False)

    def __post_init__(self) -> None:
        bounds, units = self.division.bounds, self.division.units
        self.class_of = self.division.class_of_unit.copy()
        self.values = np.zeros((len(self.class_of), self.scores.means), dtype=np.int64)
        np.add.at(self.values, units.unit_of, self.scores.values)
        self.held = np.zeros((bounds.classes, len(bounds.low)), dtype=np.int64)
        np.add.at(self.held, self.class_of, units.has)
        self.sums = np.zeros((bounds.classes, self.scores.means), dtype=np.int64)
        np.add.at(self.sums, self.class_of, self.values)
        self.low = np.minimum(bounds.low, self.held)
        self.high = np.maximum(bounds.high, self.held)
        self.sizes = self.held[:, 0].copy()
        factor = Stream(self.seed, "codes").many_below(1 << 62, len(bounds.low))
        self.code = units.has @ np.where(bounds.level == WISHES, 0, factor)
        floors = mean_floors(self.scores, bounds.classes)
        ends = np.array(
            [[one.sums.get(size, (0, 0)) for one in floors] for size in self.sizes.tolist()], dtype=np.int64
        )
        self.lowest, self.highest = np.moveaxis(ends.reshape(bounds.classes, self.scores.means, 2), 2, 0)
        self.scale = scales(self.sizes)
        self.grain = np.array(self.scores.grain, dtype=np.int64)

    def off(self, sums: Integers, number: int) -> Integers:
        """How far sums of class `number` are from those at the floor, in hundredths; shape (…, means)."""
        outside = np.maximum(sums - self.highest[number], 0) + np.maximum(self.lowest[number] - sums, 0)
        return np.asarray(outside * self.grain)

    def spreads(self) -> tuple[int, ...]:
        """The spreads of the means, the total first, then the subjects from the largest down; comparable integers."""
        filled = self.sizes > 0
        scaled = self.sums[filled] * self.scale[filled, None]
        if not len(scaled):
            return (0,) * self.scores.means
        spread = ((scaled.max(axis=0) - scaled.min(axis=0)) * self.grain).tolist()
        return (*spread[:1], *sorted(spread[1:], reverse=True))

    def exchange(self, here: int, there: int, leaving: list[int], coming: list[int]) -> None:
        """Units of class `here` and units of class `there` change places."""
        for source, target, moved in ((here, there, leaving), (there, here, coming)):
            self.class_of[moved] = target
            for unit in moved:
                for table, row in ((self.sums, self.values[unit]), (self.held, self.division.units.has[unit])):
                    table[source] -= row
                    table[target] += row

    def allows(self, here: int, there: int, leaving: list[int], coming: list[int]) -> bool:
        """Whether the exchange keeps every hard bound."""
        has = self.division.units.has
        change = has[leaving].sum(axis=0) - has[coming].sum(axis=0)
        left, right = self.held[here] - change, self.held[there] + change
        inside = (left >= self.low[here]) & (left <= self.high[here])
        return bool((inside & (right >= self.low[there]) & (right <= self.high[there])).all())

    def settled(self) -> Division:
        """The division as it stands now."""
        return Division(self.division.bounds, self.division.units, self.class_of.copy())

"""The city's generator of chance: seeded by texts, so that the same seed gives the same city."""

import random
from collections.abc import Mapping
from datetime import date, timedelta
from typing import TypeVar

T = TypeVar("T")


class Chance(random.Random):
    """A seeded generator that answers in the city's terms. Never used for a decision about a real child."""

    def happens(self, share: float) -> bool:
        """True in `share` (0 to 1) of all askings."""
        return self.random() < share

    def one_of(self, weights: Mapping[T, float]) -> T:
        """One key, drawn by its weight."""
        return self.choices(list(weights), weights=list(weights.values()))[0]

    def day(self, first: date, last: date) -> date:
        """A day from `first` to `last`, both possible. ValueError where last is before first."""
        return first + timedelta(days=self.randint(0, (last - first).days))

    def digits(self, count: int) -> str:
        """`count` decimal digits, zeros in front kept."""
        return f"{self.randrange(10**count):0{count}d}"

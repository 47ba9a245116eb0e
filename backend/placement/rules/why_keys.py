"""The values of order keys around a limit: the nearest value that stands before it, or behind it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

from backend.placement.rules.inputs import KeyValue, OrderKey, ZoneApplicant, ZoneInput
from backend.placement.rules.units import value_ranks
from backend.placement.rules.why_changes import Change

DAY = timedelta(days=1)
BETTER, WORSE = -1, 1


@dataclass(frozen=True)
class KeyScale:
    """One order key with the values that occur, best first; doubled ranks leave room between two of them."""

    rule: OrderKey
    ranks: Mapping[KeyValue, int]

    @cached_property
    def values(self) -> Sequence[KeyValue]:
        """The values by rank."""
        return list(self.ranks)

    @property
    def missing(self) -> int:
        """The doubled rank of whoever has no value."""
        return 2 * len(self.ranks)

    def rank_of(self, one: ZoneApplicant) -> int:
        """The doubled rank of an applicant's value."""
        return 2 * self.ranks[one.keys[self.rule.key]] if self.rule.key in one.keys else self.missing

    def at(self, rank: int) -> KeyValue | None:
        """The value of a doubled rank that somebody has."""
        return self.values[rank // 2] if rank < self.missing else None

    def beside(self, rank: int, side: int) -> tuple[int, KeyValue] | None:
        """The value just better or just worse than that of a doubled rank, with its own doubled rank.

        A listed key gives the neighbour in its list, numbers one more or less, dates a day; other texts the next one
        that somebody has. Better than no value is the last value that somebody has.
        """
        if rank == self.missing:
            return (rank - 2, self.values[-1]) if side == BETTER and self.values else None
        place = rank // 2 + side
        neighbour = self.values[place] if 0 <= place < len(self.values) else None
        value = None
        if self.rule.values is None:
            value = _moved(self.values[rank // 2], side if self.rule.direction == "ascending" else -side)
        if value is None:
            return None if neighbour is None else (2 * place, neighbour)
        return (2 * place, value) if value == neighbour and type(value) is type(neighbour) else (rank + side, value)

    def distance(self, before: KeyValue | None, after: KeyValue) -> tuple[int, str] | None:
        """How far it is between two values, and in which unit; None where that cannot be counted."""
        if before is None:
            return None
        if self.rule.values is not None:
            return abs(self.ranks[before] - self.ranks[after]), "steps"
        if isinstance(before, int) and isinstance(after, int):
            return abs(before - after), "units"
        first, second = as_date(before), as_date(after)
        return None if first is None or second is None else (abs((first - second).days), "days")


def key_scales(given: ZoneInput) -> list[KeyScale]:
    """The scale of every order key of the input."""
    return [KeyScale(rule, value_ranks(rule, given.applicants)) for rule in given.order]


def key_change(scale: KeyScale, one: ZoneApplicant, after: KeyValue) -> Change:
    """The change of one key to a value; where it leads is not said yet."""
    before = one.keys.get(scale.rule.key)
    by, unit = scale.distance(before, after) or (None, None)
    return Change("key", None, key=scale.rule.key, before=before, after=after, by=by, unit=unit)


def as_date(value: KeyValue | None) -> date | None:
    """The day that a text YYYY-MM-DD names, None for everything else."""
    if not isinstance(value, str):
        return None
    try:
        day = date.fromisoformat(value)
    except ValueError:
        return None
    return day if day.isoformat() == value else None


def _moved(value: KeyValue, step: int) -> KeyValue | None:
    if isinstance(value, int):
        return value + step
    day = as_date(value)
    try:
        return None if day is None else (day + step * DAY).isoformat()
    except OverflowError:
        return None

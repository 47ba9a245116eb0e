"""The values of one session of live choosing: candidates, plan units, score bands, locks (A54-A56, contracts 4)."""

from dataclasses import dataclass
from typing import Literal

Action = Literal["choose", "clear"]
Forbidden = Literal["clear", "first"]


@dataclass(frozen=True, slots=True)
class Candidate:
    """One candidate. `total` and `ties` are in hundredths; `ties` decide from the left, higher first."""

    id: str
    total: int
    ties: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Unit:
    """One plan unit (school x category x language x region of origin) with its number of places."""

    id: str
    plan: int


@dataclass(frozen=True, slots=True)
class Band:
    """The totals `lowest` <= total < `below` (hundredths, None = no limit), choosing in [open_at, close_at).

    `open_text` and `close_text` are the times as the session wrote them.
    """

    lowest: int | None
    below: int | None
    open_at: int
    close_at: int
    open_text: str
    close_text: str

    def holds(self, total: int) -> bool:
        """Whether a candidate with this total belongs to the band."""
        return (self.lowest is None or self.lowest <= total) and (self.below is None or total < self.below)


@dataclass(frozen=True, slots=True)
class Lock:
    """From `at` on (milliseconds) the actions in `forbid` are refused, in one band or, where `band` is None, in all."""

    at: int
    forbid: frozenset[Forbidden]
    band: int | None
    text: str


@dataclass(frozen=True, slots=True)
class Reading:
    """A time at which the statistics are taken, and its text."""

    at: int
    text: str


@dataclass(frozen=True, slots=True)
class Session:
    """Everything that is fixed before the first event: candidates and units by id, bands in the order of the file."""

    candidates: tuple[Candidate, ...]
    units: tuple[Unit, ...]
    bands: tuple[Band, ...]
    locks: tuple[Lock, ...]
    readings: tuple[Reading, ...]


@dataclass(frozen=True, slots=True)
class Event:
    """One arrival at the edge: `at` in milliseconds, `line` of the file (the header is line 1)."""

    at: int
    line: int
    candidate: str
    action: Action
    unit: str

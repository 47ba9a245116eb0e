"""Short words for sessions of live choosing: built in one line each in the tests of the exam's rules."""

from typing import Any

from backend.zhongkao.rules.replay import Outcome
from backend.zhongkao.rules.session import Band, Candidate, Event, Lock, Reading, Session, Unit

HOUR = 3_600_000


def session_of(
    candidates: list[Candidate],
    units: list[Unit],
    bands: list[Band] | None = None,
    locks: list[Lock] | None = None,
    readings: list[int] | None = None,
) -> Session:
    whole_day = [Band(None, None, 0, 24 * HOUR, "", "")]
    return Session(
        tuple(candidates),
        tuple(units),
        tuple(whole_day if bands is None else bands),
        tuple(locks or []),
        tuple(Reading(at, str(at)) for at in readings or []),
    )


def band(lowest: int | None, below: int | None, open_at: int, close_at: int) -> Band:
    return Band(lowest, below, open_at, close_at, "", "")


def lock(at: int, *forbid: Any, of: int | None = None) -> Lock:
    return Lock(at, frozenset(forbid), of, "")


def choose(at: int, candidate: str, unit: str) -> Event:
    return Event(at, 0, candidate, "choose", unit)


def clear(at: int, candidate: str) -> Event:
    return Event(at, 0, candidate, "clear", "")


def ranks(outcome: Outcome, unit: int = 0) -> dict[str, tuple[int, int, bool]]:
    places = outcome.units[unit].places
    return {name: (place.rank, place.level_with, place.admitted) for name, place in places.items()}

"""The host's clock beside the database's: deadlines are judged by the stamp of a host, so a host with a wrong clock stops.

Instants are stamped by whichever process of ours sees a request first (P3). Above 100 ms the host says so in its log
every minute; above one second it does not start, is not ready, and closes no band.
"""

import threading
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, text
from sqlalchemy.exc import SQLAlchemyError

from backend.foundation import clock
from backend.foundation.database import db
from backend.foundation.logging import log

ALARMS_ABOVE_MS = 100
REFUSES_ABOVE_MS = 1000
LOOKS_EVERY_S = 60.0
LOOKS = 5


class HostClockWrong(Exception):
    """The host's clock differs from the database's by more than a second: set it (NTP), then start again."""


@dataclass(frozen=True, slots=True)
class Skew:
    """By how many ms the host's clock runs ahead of the database's, known to within `give_or_take_ms`."""

    ahead_ms: int
    give_or_take_ms: int

    @property
    def at_least_ms(self) -> int:
        """What is wrong for sure, however long the question was under way."""
        return max(0, abs(self.ahead_ms) - self.give_or_take_ms)

    @property
    def is_wrong(self) -> bool:
        """Whether nothing may be stamped or closed by this clock."""
        return self.at_least_ms > REFUSES_ABOVE_MS


def skew_of(connection: Connection) -> Skew:
    """The skew, by the quickest of a few questions."""
    found = []
    for _ in range(LOOKS):
        before = clock.machine_milliseconds()
        there: datetime = connection.execute(text("SELECT clock_timestamp()")).scalar_one()
        after = clock.machine_milliseconds()
        middle = (before + after) // 2
        found.append(Skew(middle - round(there.timestamp() * 1000), (after - before) // 2 + 1))
    return min(found, key=lambda one: one.give_or_take_ms)


def require_true_clock(connection: Connection) -> Skew:
    """The skew where the clock may be trusted, told to the log where it is noticeable. Raises HostClockWrong."""
    skew = skew_of(connection)
    if skew.at_least_ms > ALARMS_ABOVE_MS:
        log(__name__).error("host-clock-wrong", ahead_ms=skew.ahead_ms, give_or_take_ms=skew.give_or_take_ms)
    if skew.is_wrong:
        raise HostClockWrong(
            f"this host's clock is {skew.ahead_ms} ms ahead of the database's (limit {REFUSES_ABOVE_MS} ms): "
            "set it by NTP and start again"
        )
    return skew


def start_with_true_clock(context: Callable[[], AbstractContextManager[Any]]) -> None:
    """Refuse to start with a wrong clock, then look every minute. Where the database is away the start goes on.

    Raises HostClockWrong.
    """
    _look(context)
    thread = threading.Thread(target=_look_on, args=(context, threading.Event()), name="host-clock", daemon=True)
    thread.start()


def _look(context: Callable[[], AbstractContextManager[Any]]) -> None:
    with context():
        try:
            with db.engine.connect() as connection:
                require_true_clock(connection)
        except SQLAlchemyError as fault:
            log(__name__).warning("host-clock-not-compared", fault=str(fault)[:300])


def _look_on(context: Callable[[], AbstractContextManager[Any]], never: threading.Event) -> None:
    while not never.wait(LOOKS_EVERY_S):
        try:
            _look(context)
        except HostClockWrong as fault:
            log(__name__).error("host-clock-stepped", fault=str(fault))

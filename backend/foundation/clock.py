"""The one place that reads the time. In a rehearsal the whole service's clock can be moved, by one row in the database."""

import threading
import time
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import CheckConstraint, select, text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Mapped, mapped_column

from backend.foundation.database import Rows, db
from backend.foundation.unit_of_work import after_commit

SHANGHAI = ZoneInfo("Asia/Shanghai")
OFFSET_LIVES = 0.5


class ClockOffset(Rows):
    """One row: by how many seconds the rehearsal's clock runs ahead. Outside a rehearsal it is never read."""

    __tablename__ = "clock_offset"
    __table_args__ = (CheckConstraint("id = 1", name="one_row"),)

    id: Mapped[int] = mapped_column(primary_key=True, default=1)
    seconds: Mapped[int] = mapped_column(default=0)


class _Offset:
    """The offset as last read, good for half a second, so that asking the time costs no statement.

    While the database is away, the last one goes on: a letter must be stamped whatever the database does.
    """

    def __init__(self) -> None:
        self.moved = False
        self.seconds = 0
        self.read_at = float("-inf")
        self.lock = threading.Lock()

    def current(self) -> int:
        if not self.moved:
            return 0
        with self.lock:
            if time.monotonic() - self.read_at > OFFSET_LIVES:
                with suppress(SQLAlchemyError):
                    self.seconds = _read_offset()
                self.read_at = time.monotonic()
            return self.seconds

    def forget(self) -> None:
        self.read_at = float("-inf")


_offset = _Offset()


def _read_offset() -> int:
    with db.engine.connect() as connection:
        return int(connection.execute(select(ClockOffset.seconds)).scalar_one_or_none() or 0)


def follow_rehearsal(*, moved: bool) -> None:
    """Tell the clock at assembly whether it may be moved (a rehearsal) or is the machine's own (production)."""
    _offset.moved = moved
    _offset.forget()


def now() -> datetime:
    """This instant, with its zone (Asia/Shanghai)."""
    return machine_now() + ahead()


def machine_now() -> datetime:
    """This instant by the machine's own clock, with its zone: asks no database, so it leaves a moved clock aside."""
    return datetime.now(UTC).astimezone(SHANGHAI)


def ahead() -> timedelta:
    """By how much the service's clock runs ahead of the machine's: nothing outside a rehearsal."""
    return timedelta(seconds=_offset.current())


def machine_milliseconds() -> int:
    """Milliseconds since 1970 by the machine's own clock: asks no database, so it leaves a moved clock aside."""
    return time.time_ns() // 1_000_000


def today() -> date:
    """This day in Asia/Shanghai."""
    return now().date()


def move(seconds: int) -> datetime:
    """Move the rehearsal's clock ahead by `seconds` ≥ 0 for every process, and tell the new time."""
    if not _offset.moved:
        raise ClockIsFixed
    db.session.execute(
        text(
            "INSERT INTO clock_offset (id, seconds) VALUES (1, :seconds) "
            "ON CONFLICT (id) DO UPDATE SET seconds = clock_offset.seconds + :seconds"
        ),
        {"seconds": seconds},
    )
    after_commit(_offset.forget)
    return now() + timedelta(seconds=seconds)


class ClockIsFixed(Exception):
    """Only a rehearsal's clock can be moved."""


def monotonic() -> float:
    """Seconds on a clock that never steps, for measuring how long something took."""
    return time.monotonic()

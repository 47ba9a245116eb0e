"""What an extension does to the times of a session's bands: the locks keep their distance from the close (domain 1.6-2)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True)
class BandTimes:
    """Choosing in [open_at, close_at); from when nothing may be taken back, and nothing new begun (None: never)."""

    open_at: datetime
    close_at: datetime
    no_clear_from: datetime | None = None
    no_first_from: datetime | None = None


def extended(bands: Sequence[BandTimes], number: int, by: timedelta, now: datetime) -> list[BandTimes]:
    """The times of all bands once the band `number` (from 0) closes `by` later: it and every later one close later.

    The locks are the last part of a window (domain 1.1), so they move with its close, even one that has begun: whoever
    could not get through has the minutes before it again. An opening moves where it lay at the former close or after
    it and has not come yet.
    """
    former = bands[number].close_at
    return [
        times if index < number else moved(times, by, opens=times.open_at >= former and times.open_at > now)
        for index, times in enumerate(bands)
    ]


def moved(times: BandTimes, by: timedelta, *, opens: bool) -> BandTimes:
    """Close and locks `by` later, and where `opens` is set the opening, too."""
    return BandTimes(
        times.open_at + by if opens else times.open_at,
        times.close_at + by,
        times.no_clear_from and times.no_clear_from + by,
        times.no_first_from and times.no_first_from + by,
    )

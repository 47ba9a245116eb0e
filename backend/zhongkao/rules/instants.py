"""Instants: ISO 8601 with an offset, to the millisecond, as integer milliseconds since 1970 (contracts 4)."""

import re
from datetime import date, datetime
from functools import lru_cache

_INSTANT = re.compile(
    r"([0-9]{4})-([0-9]{2})-([0-9]{2})T([0-9]{2}):([0-9]{2}):([0-9]{2})(?:\.([0-9]+))?"
    r"(?:(Z)|([+-])([0-9]{2}):([0-9]{2}))"
)
_EPOCH_DAY = date(1970, 1, 1).toordinal()
_MILLISECOND_DIGITS = 3
_LAST_HOUR = 23
_LAST_SIXTIETH = 59


class NotAnInstant(ValueError):
    """The text is no point in time with an offset, to the millisecond."""

    code = "not-an-instant"


def milliseconds_of(text: str) -> int:
    """The instant as milliseconds since 1970-01-01T00:00:00Z.

    Takes `2026-06-21T14:00:00+08:00`, `2026-06-21T14:00:00.250+08:00` and `…Z`. Digits behind the millisecond must
    be zeros: nothing finer than the edge's clock decides anything. Raises NotAnInstant with a sentence otherwise.
    """
    match = _INSTANT.fullmatch(text)
    if match is None:
        raise NotAnInstant(f"{text!r} is no time with an offset: write it as 2026-06-21T14:00:00.000+08:00")
    year, month, day, hour, minute, second, fraction, utc, sign, offset_hour, offset_minute = match.groups()
    if int(hour) > _LAST_HOUR or int(minute) > _LAST_SIXTIETH or int(second) > _LAST_SIXTIETH:
        raise NotAnInstant(f"{text!r} is no time of a day: hours go to 23, minutes and seconds to 59")
    minutes = _day_of(year, month, day, text) * 1440 + int(hour) * 60 + int(minute)
    if not utc:
        minutes -= _offset_in_minutes(sign, offset_hour, offset_minute, text)
    return (minutes * 60 + int(second)) * 1000 + _milliseconds(fraction or "", text)


@lru_cache(maxsize=512)
def _day_number(year: int, month: int, day: int) -> int:
    return date(year, month, day).toordinal() - _EPOCH_DAY


def _day_of(year: str, month: str, day: str, text: str) -> int:
    try:
        return _day_number(int(year), int(month), int(day))
    except ValueError as error:
        raise NotAnInstant(f"{text!r} names a day that is not in the calendar") from error


def _offset_in_minutes(sign: str, hour: str, minute: str, text: str) -> int:
    if int(hour) > _LAST_HOUR or int(minute) > _LAST_SIXTIETH:
        raise NotAnInstant(f"{text!r} has an offset that no clock has")
    offset = int(hour) * 60 + int(minute)
    return -offset if sign == "-" else offset


def _milliseconds(fraction: str, text: str) -> int:
    if fraction[_MILLISECOND_DIGITS:].strip("0"):
        raise NotAnInstant(f"{text!r} is finer than a millisecond")
    return int(fraction[:_MILLISECOND_DIGITS].ljust(_MILLISECOND_DIGITS, "0"))


def milliseconds(instant: datetime) -> int:
    """The instant as milliseconds since 1970, as the rules count."""
    return round(instant.timestamp() * 1000)

"""Reading a date as people write it: 2019年3月5日, 2019.3.5, 2019-03-05, 20190305, 19年3月5号, 二〇一九年三月五日.

Words around it (生于…, …出生的) are let pass, as long as one date alone stands there.
"""

from __future__ import annotations

import re
from datetime import date

from bots.dialogue.reading.answers import han_number
from bots.dialogue.reading.plain import trimmed

_DIGITS = str.maketrans("〇零○一二三四五六七八九", "000123456789")
_PARTS = re.compile(r"(?<!\d)(\d{4}|\d{2})\s*[年./\-、,。 ]\s*(\d{1,2})\s*[月./\-、,。 ]\s*(\d{1,2})(?!\d)")
_EIGHT = re.compile(r"(?<!\d)(\d{4})(\d{2})(\d{2})(?!\d)")
_HAN_YEAR = re.compile(r"[〇零○一二三四五六七八九]{2,4}(?=年)")
_HAN_PART = re.compile(r"[一二三四五六七八九十]{1,3}(?=[月日号]|$)")
_LUNAR = ("农历", "阴历", "旧历", "初", "腊月", "正月", "廿")


def is_lunar(text: str) -> bool:
    """Whether the date is told by the lunar calendar, which no register uses."""
    return any(sign in text for sign in _LUNAR)


def read_date(text: str, latest: date) -> date | None:
    """The date that `text` says, from 1900 up to `latest`; None where it says none, or an impossible one.

    A year of two digits is the last such year that is not after `latest`.
    """
    parts = _three_parts(trimmed(text))
    if parts is None:
        return None
    year, month, day = parts
    if year < 100:  # noqa: PLR2004 - a year of two digits
        year += latest.year // 100 * 100
        year -= 100 if year > latest.year else 0
    try:
        found = date(year, month, day)
    except ValueError:
        return None
    return found if date(1900, 1, 1) <= found <= latest else None


def _three_parts(text: str) -> tuple[int, int, int] | None:
    """Year, month and day where exactly one date stands in `text`."""
    told = _in_digits(text)
    found = [*_PARTS.finditer(told), *_EIGHT.finditer(told)]
    if len(found) != 1:
        return None
    year, month, day = map(int, found[0].groups())
    return year, month, day


def _in_digits(text: str) -> str:
    """`text` with the Chinese numbers of a date in ordinary digits."""
    told = _HAN_YEAR.sub(lambda year: year.group().translate(_DIGITS), text)
    return _HAN_PART.sub(lambda part: str(han_number(part.group()) or part.group()), told)

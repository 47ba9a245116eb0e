"""Reading a date as people write it: 2019年3月5日, 2019.3.5, 2019-03-05, 20190305, 19年3月5号, 二〇一九年三月五日."""

from __future__ import annotations

import re
from datetime import date

from bots.dialogue.reading.answers import han_number
from bots.dialogue.reading.plain import trimmed

_DIGITS = str.maketrans("〇零○一二三四五六七八九", "000123456789")
_PARTS = re.compile(r"^(\d{4}|\d{2})[年./\-、, ]+(\d{1,2})[月./\-、, ]+(\d{1,2})(?:日|号)?(?:生|出生)?$")
_EIGHT = re.compile(r"^(\d{4})(\d{2})(\d{2})$")
_HAN = re.compile(
    r"^([〇零○一二三四五六七八九]{4}|[〇零○一二三四五六七八九]{2})年([一二三四五六七八九十]{1,3})月([一二三四五六七八九十]{1,3})(?:日|号)?$"
)
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
    found = _PARTS.match(text.replace(" ", "") if "年" in text else text) or _EIGHT.match(text.replace(" ", ""))
    if found:
        year, month, day = map(int, found.groups())
        return year, month, day
    han = _HAN.match(text.replace(" ", ""))
    if han is None:
        return None
    months, days = han_number(han.group(2)), han_number(han.group(3))
    return (int(han.group(1).translate(_DIGITS)), months, days) if months and days else None

"""Working days by the State Council's calendar of public holidays and of the weekend days worked in exchange."""

from datetime import date, timedelta
from functools import cache

from chinese_calendar import is_workday


class CalendarNotDecreed(ValueError):
    """The State Council's calendar of that year is not known here (it is decreed in the November before)."""

    code = "calendar-not-decreed"

    def __init__(self, year: int) -> None:
        super().__init__(
            f"no calendar of working days is decreed for {year}: "
            "the State Council's notice on that year's holidays is not known here"
        )
        self.year = year


def is_working_day(day: date) -> bool:
    """Whether offices work on that day. Raises CalendarNotDecreed for a year without a decreed calendar."""
    if not _is_decreed(day.year):
        raise CalendarNotDecreed(day.year)
    return bool(is_workday(day))


def working_day_after(day: date, count: int) -> date:
    """The `count`-th working day after `day` (which itself never counts), `count` >= 1.

    Raises CalendarNotDecreed where the counting reaches a year without a decreed calendar, ValueError for a count
    below 1.
    """
    if count < 1:
        raise ValueError(f"the number of working days must be 1 or more, not {count}")
    reached, left = day, count
    while left:
        if reached == date.max:
            raise CalendarNotDecreed(reached.year + 1)
        reached += timedelta(days=1)
        left -= is_working_day(reached)
    return reached


@cache
def _is_decreed(year: int) -> bool:
    # The library says so by raising; asking it keeps its yearly update the only thing to install.
    try:
        is_workday(date(year, 1, 1))
    except NotImplementedError:
        return False
    return True

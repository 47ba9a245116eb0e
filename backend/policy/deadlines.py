"""Deadlines by the book as verbs ask for them: a year without a decreed calendar is refused, not broken off at."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from backend.foundation.problems import Refusal
from backend.policy.rules.book import Book
from backend.policy.rules.times import days_after
from backend.policy.rules.times import deadline_after as by_the_rules
from backend.policy.rules.working_days import CalendarNotDecreed


class CalendarUndecreed(Refusal):
    """The term reaches into `year`, whose working days the State Council has not decreed (or this service not learnt)."""

    code = "calendar-not-decreed"


def deadline_after(book: Book, what: str, instant: datetime) -> datetime:
    """When the time given for `what` ends that began at `instant` (aware). Raises CalendarUndecreed, KeyError."""
    with _by_the_calendar():
        return by_the_rules(book, what, instant)


def place_kept_until(book: Book, instant: datetime) -> datetime:
    """Until when the place of a child reported absent at `instant` is kept (domain 2.10). Raises CalendarUndecreed."""
    rule = book.no_show
    with _by_the_calendar():
        return days_after(book, rule.kept_days, rule.unit, instant)


@contextmanager
def _by_the_calendar() -> Iterator[None]:
    """Counts working days inside; a year without a decree is refused in words."""
    try:
        yield
    except CalendarNotDecreed as undecreed:
        raise CalendarUndecreed(year=undecreed.year) from undecreed

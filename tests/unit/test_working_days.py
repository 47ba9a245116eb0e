"""Working days on the State Council's calendar: holidays, weekends worked in exchange, and years not yet decreed."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backend.policy.rules.working_days import CalendarNotDecreed, is_working_day, working_day_after

days = st.dates(date(2010, 1, 1), date(2025, 12, 31))


@settings(max_examples=100)
@given(days, st.integers(1, 40))
def test_exactly_so_many_working_days_lie_between(day: date, count: int) -> None:
    reached = working_day_after(day, count)
    between = [day + timedelta(days=step) for step in range(1, (reached - day).days + 1)]
    assert sum(is_working_day(one) for one in between) == count
    assert is_working_day(reached)


@settings(max_examples=50)
@given(days, st.integers(1, 10), st.integers(1, 10))
def test_counting_on_is_counting_once(day: date, one: int, other: int) -> None:
    assert working_day_after(working_day_after(day, one), other) == working_day_after(day, one + other)


def test_national_day_and_the_sunday_worked_for_it() -> None:
    """The notice for 2026: 1 to 7 October off, Sunday 20 September and Saturday 10 October worked."""
    assert working_day_after(date(2026, 9, 30), 1) == date(2026, 10, 8)
    assert working_day_after(date(2026, 10, 9), 1) == date(2026, 10, 10)
    assert working_day_after(date(2026, 9, 19), 1) == date(2026, 9, 20)


def test_the_day_itself_never_counts() -> None:
    assert working_day_after(date(2026, 6, 22), 1) == date(2026, 6, 23)
    assert working_day_after(date(2026, 6, 27), 1) == date(2026, 6, 29)


def test_the_last_day_of_a_decreed_year_can_be_reached_and_no_further() -> None:
    last = date(2026, 12, 30)
    assert working_day_after(last, 1) == date(2026, 12, 31)
    with pytest.raises(CalendarNotDecreed, match="2027") as caught:
        working_day_after(last, 2)
    assert caught.value.year == 2027


@pytest.mark.parametrize("day", [date(1990, 5, 4), date(2099, 1, 1), date.max])
def test_a_year_without_a_calendar_is_named(day: date) -> None:
    with pytest.raises(CalendarNotDecreed):
        working_day_after(day, 1)


def test_fewer_than_one_working_day_is_refused() -> None:
    with pytest.raises(ValueError, match="1 or more"):
        working_day_after(date(2026, 6, 22), 0)

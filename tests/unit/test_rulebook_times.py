"""Ages by 31 August, windows that open only after disclosure, deadlines in working and calendar days."""

import datetime as dt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backend.policy.book_for import book_for
from backend.policy.read_book import BOOKS, read_book
from backend.policy.rules.times import BEIJING, age_verdict, deadline_after, window_state
from backend.policy.rules.working_days import CalendarNotDecreed, is_working_day

KANGBASHI = read_book(BOOKS / "kangbashi-2020")
WEIFANG = read_book(BOOKS / "weifang-2019")
OPENS_AT = dt.datetime(2024, 5, 11, 8, tzinfo=BEIJING)
AUTUMN_2024 = book_for("kangbashi-2020", "150603", "康巴什区", 2024, OPENS_AT)


@pytest.mark.parametrize(
    ("stage", "born_on", "of_age", "first_year"),
    [
        ("primary", dt.date(2018, 8, 31), True, 2024),
        ("primary", dt.date(2018, 9, 1), False, 2025),
        ("kindergarten", dt.date(2021, 8, 31), True, 2024),
        ("kindergarten", dt.date(2021, 9, 1), False, 2025),
        ("kindergarten", dt.date(2020, 9, 1), True, 2024),
        ("kindergarten", dt.date(2020, 8, 31), False, 2023),
    ],
)
def test_the_day_of_31_august_belongs_to_the_older_year(
    stage: str,
    born_on: dt.date,
    of_age: bool,  # noqa: FBT001  # a table of cases
    first_year: int,
) -> None:
    """T-2.5."""
    verdict = age_verdict(AUTUMN_2024, stage, born_on)
    assert (verdict.of_age, verdict.first_year) == (of_age, first_year)


def test_a_child_born_on_29_february_is_six_in_the_common_year() -> None:
    """T-2.5: 29 Feb 2020 has no effect on 2026."""
    book = book_for("dalate-2022", "150621", "达拉特旗", 2026, OPENS_AT.replace(year=2026))
    assert age_verdict(book, "primary", dt.date(2020, 2, 29)).of_age is True


def test_junior_schools_take_graduates_and_do_not_look_at_age() -> None:
    """Domain 2.4: junior: fresh primary graduates."""
    assert age_verdict(KANGBASHI, "junior", dt.date(2010, 1, 1)).of_age is None


def test_an_older_child_may_still_enter_primary_school_with_a_reason() -> None:
    """Domain 2.4: over-age children are special cases, not refused; no over-age proof is asked."""
    verdict = age_verdict(AUTUMN_2024, "primary", dt.date(2016, 1, 1))
    assert verdict.of_age is True
    assert "说明原因" in verdict.text


@given(st.dates(dt.date(2005, 1, 1), dt.date(2024, 1, 1)), st.sampled_from(["kindergarten", "primary"]))
@settings(max_examples=100, deadline=None)
def test_the_first_year_is_the_year_of_the_birthday_reached_by_the_cut(born_on: dt.date, stage: str) -> None:
    turns = {"kindergarten": 3, "primary": 6}[stage]
    first = age_verdict(AUTUMN_2024, stage, born_on).first_year
    assert first is not None
    born_after_cut = born_on > dt.date(born_on.year, 8, 31)
    assert first - born_on.year == turns + born_after_cut


WINDOW = KANGBASHI.windows[1]
MOMENT = dt.timedelta(milliseconds=1)


@pytest.mark.parametrize(
    ("now", "state"),
    [
        (WINDOW.opens_at - MOMENT, "upcoming"),
        (WINDOW.opens_at, "open"),
        (WINDOW.closes_at - MOMENT, "open"),
        (WINDOW.closes_at, "closed"),
    ],
)
def test_a_window_holds_from_its_opening_up_to_but_not_at_its_close(now: dt.datetime, state: str) -> None:
    assert window_state(KANGBASHI, "primary", now, disclosed=True).state == state
    assert window_state(KANGBASHI, "primary", now.astimezone(dt.UTC), disclosed=True).state == state


@given(st.datetimes(dt.datetime(2027, 1, 1), dt.datetime(2027, 12, 31), timezones=st.just(BEIJING)))  # noqa: DTZ001  # hypothesis adds the zone
@settings(max_examples=50, deadline=None)
def test_without_the_disclosure_page_no_window_is_ever_open(now: dt.datetime) -> None:
    """D12a-D12f: without it the window does not open."""
    assert window_state(KANGBASHI, "primary", now, disclosed=False).state in {"not-disclosed", "closed"}


def test_a_supplement_is_upcoming_after_the_close_and_open_in_its_time() -> None:
    """伊旗 2018: supplementary review of 25-29 July (primary)."""
    after = dt.datetime(2027, 7, 1, tzinfo=BEIJING)
    state = window_state(WEIFANG, "primary", after, disclosed=True)
    assert state.state == "upcoming"
    assert state.window is not None
    assert state.window.kind == "supplement"
    inside = dt.datetime(2027, 7, 26, tzinfo=BEIJING)
    assert window_state(WEIFANG, "primary", inside, disclosed=True).state == "open"
    assert window_state(WEIFANG, "junior", after, disclosed=True).state == "closed"


def test_a_stage_that_the_book_does_not_open_is_closed() -> None:
    capital = read_book(BOOKS / "capital-2023")
    state = window_state(capital, "kindergarten", OPENS_AT, disclosed=True)
    assert (state.state, state.window) == ("closed", None)


def test_calendar_days_count_every_day_and_end_at_the_books_hour() -> None:
    begun = dt.datetime(2026, 11, 20, 23, 59, tzinfo=BEIJING)
    assert deadline_after(KANGBASHI, "confirmation", begun) == dt.datetime(2026, 11, 25, 18, tzinfo=BEIJING)


def test_working_days_leave_out_weekends_and_holidays_and_count_days_worked_in_exchange() -> None:
    """Domain 2.10: 公示 5 working days; 2026: holiday 1-7 October, 10 October worked."""
    begun = dt.datetime(2026, 9, 30, 10, tzinfo=BEIJING)
    assert deadline_after(KANGBASHI, "return", begun) == dt.datetime(2026, 10, 10, 18, tzinfo=BEIJING)
    assert deadline_after(KANGBASHI, "publication", begun) == dt.datetime(2026, 10, 13, 18, tzinfo=BEIJING)


def test_the_day_is_counted_in_beijing_wherever_the_instant_was_written() -> None:
    late = dt.datetime(2026, 11, 20, 17, tzinfo=dt.UTC)
    assert deadline_after(KANGBASHI, "confirmation", late).date() == dt.date(2026, 11, 26)


@given(st.datetimes(dt.datetime(2026, 1, 1), dt.datetime(2026, 11, 30), timezones=st.just(BEIJING)))  # noqa: DTZ001  # hypothesis adds the zone
@settings(max_examples=50, deadline=None)
def test_a_deadline_in_working_days_falls_on_one_and_leaves_at_least_that_many_days(begun: dt.datetime) -> None:
    ends = deadline_after(KANGBASHI, "objection", begun)
    assert is_working_day(ends.date())
    assert ends.date() - begun.date() >= dt.timedelta(days=5)


def test_a_year_without_a_decreed_calendar_is_said_and_not_guessed() -> None:
    with pytest.raises(CalendarNotDecreed):
        deadline_after(KANGBASHI, "objection", dt.datetime(2099, 5, 1, tzinfo=BEIJING))


def test_a_term_that_the_book_lacks_is_an_error() -> None:
    with pytest.raises(KeyError):
        deadline_after(KANGBASHI, "choice", OPENS_AT)

"""Ages, windows and deadlines by the book: comparisons of dates and instants, never a look at the clock."""

import datetime as dt
from dataclasses import dataclass
from typing import Literal

from backend.policy.rules.book import Book
from backend.policy.rules.facts import STAGES
from backend.policy.rules.sections import Age, Window
from backend.policy.rules.working_days import working_day_after

BEIJING = dt.timezone(dt.timedelta(hours=8))


@dataclass(frozen=True)
class AgeVerdict:
    """Whether a child is of age: None where age does not decide (junior: fresh graduates). `text` is for families."""

    of_age: bool | None
    text: str
    first_year: int | None


def age_verdict(book: Book, stage: str, born_on: dt.date) -> AgeVerdict:
    """Whether a child born on a day may enter `stage` in the book's year (domain 2.4, T-2.5).

    A child is of age who has turned `turns` by the day `by` of the year, that day included. Dates are compared as
    dates (a birth date is never an instant). KeyError where the book has no rule for the stage.
    """
    rule = book.age(stage)
    if rule.turns is None:
        return AgeVerdict(None, f"{STAGES[stage]}招收应届小学毕业生，以小学学籍为准，不看年龄。", None)
    first_year = born_on.year + rule.turns + ((born_on.month, born_on.day) > _month_day(rule))
    cut = f"{book.year}年{_month_day(rule)[0]}月{_month_day(rule)[1]}日（含当日）"
    if first_year > book.year:
        text = f"到{cut}还不满{rule.turns}周岁，今年不能登记{STAGES[stage]}，最早{first_year}年可以登记。"
        return AgeVerdict(False, text, first_year)
    if rule.one_year_only and first_year < book.year:
        text = (
            f"到{cut}已超过{rule.turns}周岁，不在今年{STAGES[stage]}起始班的年龄内，请联系片区内的{STAGES[stage]}插班。"
        )
        return AgeVerdict(False, text, first_year)
    late = "年龄已超过一年以上的，登记时请说明原因（如缓学）。" if first_year < book.year else ""
    return AgeVerdict(True, f"到{cut}已满{rule.turns}周岁，符合{STAGES[stage]}入学年龄。{late}", first_year)


def _month_day(rule: Age) -> tuple[int, int]:
    month, day = rule.by.split("-")
    return int(month), int(day)


WindowName = Literal["not-disclosed", "upcoming", "open", "closed"]


@dataclass(frozen=True)
class WindowState:
    """How the registration of a stage stands, and the window that says so (None: the stage is not in the book)."""

    state: WindowName
    window: Window | None


def window_state(book: Book, stage: str, now: dt.datetime, *, disclosed: bool) -> WindowState:
    """How the window of a stage stands at `now` (aware).

    Windows are [opens_at, closes_at). Without the published disclosure page no window opens: the state is then
    `not-disclosed` at any time before the close (D12a-D12f). Of several windows (a supplement) the open one counts,
    else the next to come, else the last.
    """
    windows = sorted((window for window in book.windows if window.stage == stage), key=lambda window: window.opens_at)
    if not windows:
        return WindowState("closed", None)
    for window in windows:
        if now < window.closes_at:
            if not disclosed:
                return WindowState("not-disclosed", window)
            return WindowState("upcoming" if now < window.opens_at else "open", window)
    return WindowState("closed", windows[-1])


def deadline_after(book: Book, what: str, instant: dt.datetime) -> dt.datetime:
    """When the time given for `what` ends that began at `instant` (aware): an instant at +08:00, itself too late.

    The day of `instant` (in Beijing) never counts; the time ends on the last day at the book's `terms_end_at`. Raises
    KeyError for a term the book lacks, `working_days.CalendarNotDecreed` for a year whose calendar is not decreed.
    """
    term = book.term(what)
    return days_after(book, term.days, term.unit, instant)


def days_after(book: Book, days: int, unit: str, instant: dt.datetime) -> dt.datetime:
    """When so many `working` or `calendar` days end that began at `instant`, counted as `deadline_after` does."""
    began_on = instant.astimezone(BEIJING).date()
    ends_on = working_day_after(began_on, days) if unit == "working" else began_on + dt.timedelta(days=days)
    return dt.datetime.combine(ends_on, dt.time.fromisoformat(book.terms_end_at), tzinfo=BEIJING)

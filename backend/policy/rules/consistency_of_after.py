"""Filing, transfers and no-shows of a rule-book against its other sections (D15, D28, D30, domain 2.10)."""

import datetime as dt
from collections.abc import Iterator

from backend.policy.rules.partial_book import PartialBook
from backend.policy.rules.predicates import facts_asked

ABSENT = "conduct.absent_last_year"


def after_faults(book: PartialBook) -> Iterator[tuple[str, str]]:
    """Faults of what follows a published result."""
    yield from _transfer_faults(book)
    yield from _no_show_faults(book)


def _transfer_faults(book: PartialBook) -> Iterator[tuple[str, str]]:
    transfers = book.one("transfers")
    if transfers is None:
        return
    yield from _day_faults(book, "/transfers/from_on", transfers.from_on, "转学不能在登记结束以前开始。")
    yield from _day_faults(book, "/transfers/to_on", transfers.to_on, "转学不能在登记结束以前截止。")
    if transfers.from_on and transfers.to_on and transfers.to_on < transfers.from_on:
        yield "/transfers/to_on", "转学的截止日期应不早于开始日期。"
    if not transfers.offered and (transfers.from_on or transfers.to_on):
        yield "/transfers/offered", "不办转学（offered = false）就不要写转学的日期。"


def _no_show_faults(book: PartialBook) -> Iterator[tuple[str, str]]:
    no_show, confirmation = book.one("no_show"), book.one("confirmation")
    if no_show is None:
        return
    yield from _day_faults(book, "/no_show/reports_from", no_show.reports_from, "登记还没有结束，不会有未报到。")
    is_fixed = confirmation is not None and confirmation.silence == "record-fixed"
    if is_fixed and no_show.seat not in {None, "stays"}:
        yield (
            "/no_show/seat",
            '学籍注册在指派学校的（silence = "record-fixed"），名额不能再给别人，应写 seat = "stays"（D28、D30）。',
        )
    if no_show.kept_days and (no_show.seat == "stays" or (is_fixed and no_show.seat is None)):
        yield "/no_show/kept_days", "名额一直保留给孩子，就不要写保留几天。"
    if "next_year" in no_show.model_fields_set and no_show.next_year and book.whole("seat_types"):
        penalties = (kind for _, kind in book.items("seat_types") if kind.penalty)
        if not any(ABSENT in facts_asked(kind.when) for kind in penalties):
            yield "/no_show/next_year", f"未报到的下一年归入末位类型，但没有一个末位类型问这一条（{ABSENT}）。"


def _day_faults(book: PartialBook, pointer: str, day: str | None, too_early: str) -> Iterator[tuple[str, str]]:
    if day is None:
        return
    try:
        on = dt.date.fromisoformat(day)
    except ValueError:
        yield pointer, f"“{day}”不是日历上的日子。"
        return
    closing = [window.closes_at for _, window in book.items("windows") if window.kind == "registration"]
    if closing and on < min(closing).date():
        yield pointer, too_early

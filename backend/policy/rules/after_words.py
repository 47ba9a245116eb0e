"""What follows a published result by the book, in sentences for the disclosure page: filing, transfers, no-shows (D15, E28)."""

import datetime as dt
from collections.abc import Iterator

from backend.policy.rules.book import Book
from backend.policy.rules.consistency_of_after import ABSENT
from backend.policy.rules.predicates import facts_asked

UNITS = {"working": "个工作日", "calendar": "天"}
ADMITS = {
    "publication": "结果公布就是录取；公示期满、异议都答复以后，名单报教育局备案。",
    "filing": "公布的是预录取名单：公示期满、异议都答复、报教育局备案以后，才正式录取、分班和建学籍。",
}
PRE_ADMITTED = "这是预录取：公示期满、异议都答复、报教育局备案以后，才正式录取。您照常确认就可以，不用再办别的。"
ADMITTED = "名单已报教育局备案，这是正式录取。"
TRANSFER_TO = {
    "any-with-room": "可以转到任何一所有空余学位的公办学校",
    "nearest-with-room": "转到有空余学位的公办学校里最近的一所",
}
TRANSFER_ORDER = {"asked": "先提出的在前", "seat-type": "按学位类型的先后，类型相同的先提出的在前"}
ABSENT_SEATS = {
    "waiting-list": "这个学位给候补的下一家",
    "further-round": "这个学位留给下一轮派位",
    "stays": "这个学位一直给孩子保留，不转给别人",
}


def after_words(book: Book) -> Iterator[str]:
    """One sentence a rule, in the order in which families meet them."""
    yield ADMITS[book.filing.admits]
    yield transfer_words(book)
    yield _no_show(book)


def transfer_words(book: Book) -> str:
    """The rule of transfers (D15)."""
    rule = book.transfers
    if not rule.offered:
        return "录取以后不办转学。"
    days = transfer_days(book)
    when = f"{days}办理，" if days else ""
    waiting = "有孩子候补的学位先给候补；" if rule.waiting_list_first else ""
    return (
        f"转学只看空余学位：{when}{TRANSFER_TO[rule.to]}，绝不超过计划；"
        f"{waiting}想转的人比空余学位多的，{TRANSFER_ORDER[rule.order]}。"
        f"家长在手机上、微信里提出，{rule.answer_days} 天内答复。"
    )


def transfer_days(book: Book) -> str:
    """On which days transfers are asked for, empty where at any time."""
    begins = f"{_day(book.transfers.from_on)}起" if book.transfers.from_on else ""
    return begins + (f"到{_day(book.transfers.to_on)}为止" if book.transfers.to_on else "")


def _no_show(book: Book) -> str:
    rule = book.no_show
    begins = f"{_day(rule.reports_from)}起，" if rule.reports_from else ""
    kept = f"学位再保留 {rule.kept_days} {UNITS[rule.unit]}，这几天里来了照常入学；过后" if rule.kept_days else ""
    asked = any(ABSENT in facts_asked(kind.when) for kind in book.seat_types if kind.penalty)
    noted = "；下一年再登记的，归入末位类型" if rule.next_year and asked else ""
    return (
        f"{begins}确认了却没有来报到的，由学校上报，家长会收到通知；{kept}{ABSENT_SEATS[book.seat_of_absent]}{noted}。"
    )


def _day(iso: str | None) -> str:
    day = dt.date.fromisoformat(iso or "")
    return f"{day.year}年{day.month}月{day.day}日"

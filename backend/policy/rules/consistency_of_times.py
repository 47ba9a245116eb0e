"""Windows, ages, published dates and terms of a rule-book against each other (D12c, domain 2.4)."""

import datetime as dt
from collections.abc import Iterator

from backend.policy.rules.facts import STAGES
from backend.policy.rules.partial_book import PartialBook
from backend.policy.rules.sections import Window

BEIJING = dt.timedelta(hours=8)
TERMS = {
    "return": "退回补正",
    "confirmation": "确认入学",
    "publication": "结果公示",
    "objection": "提出异议",
    "objection_answer": "答复异议",
    "claim_answer": "答复监护关系申请",
    "choice": "核验通过后填报学校",
    "school_visit": "到校验证",
}
ALWAYS_NEEDED = ("return", "confirmation", "publication", "objection", "objection_answer", "claim_answer")
NEEDED_BY_FLOW = {"check-first": ("choice",), "papers-at-school": ("school_visit",), "application-first": ()}


def time_faults(book: PartialBook) -> Iterator[tuple[str, str]]:
    """Faults of windows, ages, dates and terms."""
    yield from _window_faults(book)
    yield from _age_faults(book)
    yield from _date_faults(book)
    yield from _term_faults(book)
    yield from _letter_faults(book)


def _window_faults(book: PartialBook) -> Iterator[tuple[str, str]]:
    year = book.one("year")
    closing = {window.stage: window.closes_at for _, window in book.items("windows") if window.kind == "registration"}
    if book.whole("windows") and not book.stages():
        yield "/windows", "至少要有一个学段的登记时间。"
    for pointer, (stage, _) in book.twice("windows", "stage", "kind"):
        yield pointer, f"{STAGES[stage]}的同一种登记时间写了两次。"
    for pointer, window in book.items("windows"):
        yield from _one_window_faults(pointer, window, year)
        if window.kind == "supplement" and book.whole("windows"):
            if window.stage not in closing:
                yield pointer, f"{STAGES[window.stage]}有补登时间，却没有登记时间。"
            elif window.opens_at < closing[window.stage]:
                yield pointer, f"{STAGES[window.stage]}的补登应在登记结束之后开始。"


def _one_window_faults(pointer: str, window: Window, year: int | None) -> Iterator[tuple[str, str]]:
    if window.closes_at <= window.opens_at:
        yield f"{pointer}/closes_at", "结束时间应晚于开始时间。"
    for name in ("opens_at", "closes_at"):
        instant = getattr(window, name)
        if instant.utcoffset() != BEIJING:
            yield f"{pointer}/{name}", "时间请写北京时间（+08:00）。"
        latest = 0 if year is None else year + (window.kind == "supplement")
        if year is not None and not year - 1 <= instant.year <= latest:
            yield f"{pointer}/{name}", f"{year}年招生的登记时间不应在{instant.year}年。"


def _age_faults(book: PartialBook) -> Iterator[tuple[str, str]]:
    ruled = {age.stage for _, age in book.items("ages")}
    for pointer, (stage,) in book.twice("ages", "stage"):
        yield pointer, f"{STAGES[stage]}的年龄规定写了两次。"
    for pointer, age in book.items("ages"):
        if (age.turns is None) != age.fresh_graduate:
            yield pointer, "年龄规定请二选一：写 turns（几周岁），或写 fresh_graduate = true（应届毕业生）。"
        if not _is_day(f"2024-{age.by}"):
            yield f"{pointer}/by", f"“{age.by}”不是一年中的日子。"
    for stage in book.stages():
        if book.whole("ages") and stage not in ruled:
            yield "/ages", f"{STAGES[stage]}有登记时间，却没有年龄规定。"


def _date_faults(book: PartialBook) -> Iterator[tuple[str, str]]:
    for pointer, line in book.items("dates"):
        wrong = [name for name in ("from_on", "to_on") if not _is_day(getattr(line, name))]
        for name in wrong:
            yield f"{pointer}/{name}", f"“{getattr(line, name)}”不是日历上的日子。"
        if not wrong and line.to_on < line.from_on:
            yield f"{pointer}/to_on", "结束日期应不早于开始日期。"


def _term_faults(book: PartialBook) -> Iterator[tuple[str, str]]:
    for pointer, (what,) in book.twice("terms", "what"):
        yield pointer, f"“{TERMS[what]}”的期限写了两次。"
    if not book.whole("terms"):
        return
    given = {term.what for _, term in book.items("terms")}
    for what in (*ALWAYS_NEEDED, *NEEDED_BY_FLOW.get(book.one("flow") or "", ())):
        if what not in given:
            yield "/terms", f"缺少“{TERMS[what]}”（{what}）的期限。"


def _letter_faults(book: PartialBook) -> Iterator[tuple[str, str]]:
    closing = {window.stage: window.closes_at for _, window in book.items("windows")}
    for pointer, (stage,) in book.twice("letters", "stage"):
        yield pointer, f"{STAGES[stage]}的公布时刻写了两次。"
    for pointer, letters in book.items("letters"):
        if letters.opens_at.utcoffset() != BEIJING:
            yield f"{pointer}/opens_at", "时间请写北京时间（+08:00）。"
        if book.whole("windows") and letters.stage not in closing:
            yield f"{pointer}/stage", f"{STAGES[letters.stage]}没有登记时间。"
        elif letters.stage in closing and letters.opens_at <= closing[letters.stage]:
            yield f"{pointer}/opens_at", "公布时刻应在登记结束之后。"


def _is_day(text: str) -> bool:
    try:
        dt.date.fromisoformat(text)
    except ValueError:
        return False
    return True

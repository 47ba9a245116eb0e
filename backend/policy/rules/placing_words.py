"""How a book gives its places, in sentences for the disclosure page: what decides, what chance decides, what follows (D12c)."""

from collections.abc import Iterator

from backend.policy.rules.after_words import UNITS, after_words
from backend.policy.rules.book import Book
from backend.policy.rules.facts import FACTS, STAGES
from backend.policy.rules.sections import OrderKey, Placement

OVERFLOWS = {
    "zone-list": "片区学校录满的，按公布的调剂顺序统筹到有空余学位的学校。",
    "nearest": "片区学校录满的，先统筹到同一教育集团的学校，再到最近的有空余学位的学校。",
    "none": "片区学校录满的，由教育行政部门统筹安排。",
}
LAST_BUNDLES = {"add": "增加名额一起录取", "skip": "让给后面放得下的，一起候补", "offer-one": "先录取一个"}
"""What a private draw does where twins meet its last seat; public places are given together or at the next school."""


def placing_words(book: Book) -> list[str]:
    """One sentence a rule, in the order in which they take effect."""
    return [
        f"学位类型先后：{'、'.join(kind.name for kind in book.seat_types if not kind.penalty)}，然后是{book.coordination.name}。",
        *_order(book),
        "仍然相同的，按公开抽签得到的随机号；种子由见证人当众产生，谁都可以重算。",
        *(_way(stage, book.placement_of(stage)) for stage in book.stages),
        *_families(book),
        *_interviews(book),
        *_locks(book),
        *(f"{kind.name}：{kind.text}" for kind in book.seat_types if kind.penalty),
        book.confirmation.text,
        _objection(book),
        *after_words(book),
    ]


def _objection(book: Book) -> str:
    posted, within, answered = (_term(book, what) for what in ("publication", "objection", "objection_answer"))
    return f"结果公示 {posted}；有异议的在 {within}内提出，{answered}内由原审核人以外的人复核答复。"


def _order(book: Book) -> Iterator[str]:
    names = {kind.code: kind.name.split("：", maxsplit=1)[0] for kind in book.seat_types}
    for key in book.order:
        of_types = "、".join(names[code] for code in key.seat_types)
        yield f"{of_types or '同一类型'}里，看{FACTS[key.fact].name}：{_best_first(key)}。"


def _best_first(key: OrderKey) -> str:
    kind, is_ascending = FACTS[key.fact].kind, key.direction == "ascending"
    if key.values is not None:
        return f"{key.values[0]}的在前" if kind == "truth" else "先于".join(key.values)
    if kind == "date":
        return "早的在前" if is_ascending else "晚的在前"
    return "少的在前" if is_ascending else "多的在前"


def _way(stage: str, placement: Placement) -> str:
    if placement.mechanism == "choice":
        return (
            f"{STAGES[stage]}：在地址所属的几所学校里填志愿，最多 {placement.choices_at_most} 所，先后由家长定；"
            f"没有填的，按地址所属的学校。{OVERFLOWS[placement.overflow]}"
        )
    return f"{STAGES[stage]}：按地址所属的片区安排；地址属于几所学校的，家长选其中一所。{OVERFLOWS[placement.overflow]}"


def _families(book: Book) -> Iterator[str]:
    if book.families.sibling_follows:
        yield "哥哥或姐姐正在学校就读的，弟弟妹妹先于其他孩子安排到同一所学校（长幼随学）。"
    if book.families.twins_together:
        yield "双胞胎、多胞胎用一个随机号，一起安排；学校剩下的学位不够的，一起到下一所放得下的学校。"
    ends = dict.fromkeys(LAST_BUNDLES[book.placement_of(stage).last_bundle] for stage in book.stages)
    yield f"民办学校报名人数超过计划的，公开抽签；双胞胎遇到最后一个名额，{'或者'.join(ends)}。"


def _interviews(book: Book) -> Iterator[str]:
    for stage in book.interview.stages:
        yield (
            f"{STAGES[stage]}民办学校：电脑派位以后由学校面谈（依据：{book.interview.d10_interview_exception}）。"
            "没有通过的，学校写明原因告诉家长，家长可以举报，孩子照常参加公办派位。"
        )


def _locks(book: Book) -> Iterator[str]:
    for lock in book.locks:
        beside = "，非独生子女除外" if lock.sibling_exception else ""
        yield f"{STAGES[lock.stage]}：一套住房 {lock.years} 年内只给一个学位{beside}；用没用过可以公开查询。"


def _term(book: Book, what: str) -> str:
    term = book.term(what)
    return f"{term.days} {UNITS[term.unit]}"

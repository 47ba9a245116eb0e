"""Papers and department checks of a rule-book: asked only of claims, known to the exchange, confirming what counts."""

from collections.abc import Iterator

from backend.policy.rules.facts import CLAIMS, EXCHANGE_ITEMS, FACTS, STAGES
from backend.policy.rules.guard_rails import forbidden_word
from backend.policy.rules.partial_book import PartialBook
from backend.policy.rules.predicates import condition_faults, facts_asked
from backend.policy.rules.sections import Check

ABOLISHED_PAPERS = {
    "学前教育": "学前教育经历证明",
    "幼儿园毕业": "学前教育经历证明",
    "计划生育": "计划生育证明",
    "超龄": "超龄入学证明",
    "接种": "预防接种证明（不得作为报名的前置条件，可在入学后查验）",
}
"""Papers taken off the list by the autonomous region's rule of 2023 (domain 2.4)."""


def paper_faults(book: PartialBook) -> Iterator[tuple[str, str]]:
    """Faults of papers and checks."""
    for pointer, paper in book.items("papers"):
        if paper.when is not None:
            yield from condition_faults(paper.when, CLAIMS, f"{pointer}/when")
        why = forbidden_word(paper.shown_name)
        if why is not None:
            yield f"{pointer}/name", f"不得收取“{paper.shown_name}”：{why}"
        for word, abolished in ABOLISHED_PAPERS.items():
            if word in paper.shown_name:
                yield f"{pointer}/name", f"已取消的证明不得再收取：{abolished}。"
    for stage in book.stages():
        if book.whole("papers") and not any(stage in paper.stages for _, paper in book.items("papers")):
            yield "/papers", f"{STAGES[stage]}没有列出要交的材料。"
    for pointer, check in book.items("checks"):
        yield from _check_faults(pointer, check)
    yield from _unconfirmed_faults(book)


def _check_faults(pointer: str, check: Check) -> Iterator[tuple[str, str]]:
    if check.when is not None:
        yield from condition_faults(check.when, CLAIMS, f"{pointer}/when")
    known = EXCHANGE_ITEMS.get(f"{check.department}/{check.item}")
    if known is None:
        yield (
            f"{pointer}/item",
            f"部门数据中没有“{check.department}/{check.item}”；可用的有：{'、'.join(EXCHANGE_ITEMS)}。",
        )
        return
    name, fields = known
    for field in check.compares:
        if field not in fields:
            yield f"{pointer}/compares", f"“{name}”没有“{field}”这个字段；可比对的有：{'、'.join(fields)}。"
    for fact in check.confirms:
        if fact not in FACTS:
            yield f"{pointer}/confirms", f"没有“{fact}”这个事实项。"


def _unconfirmed_faults(book: PartialBook) -> Iterator[tuple[str, str]]:
    """A fact of a department that a seat type or an order key asks must be confirmed by a check of the book.

    Not where papers are seen at the school (D26): there the school establishes the facts.
    """
    if book.one("flow") in {None, "papers-at-school"} or not book.whole("checks"):
        return
    confirmed = {fact for _, check in book.items("checks") for fact in check.confirms}
    for pointer, kind in book.items("seat_types"):
        if list(condition_faults(kind.when, FACTS, "")):
            continue
        for name in sorted(facts_asked(kind.when) - confirmed):
            if FACTS[name].source in EXCHANGE_ITEMS:
                yield f"{pointer}/when", f"没有哪项部门核验确认“{FACTS[name].name}”（{name}），请在 checks 中补上。"
    for pointer, key in book.items("order"):
        if key.fact in FACTS and FACTS[key.fact].source in EXCHANGE_ITEMS and key.fact not in confirmed:
            yield f"{pointer}/fact", f"没有哪项部门核验确认“{FACTS[key.fact].name}”（{key.fact}），请在 checks 中补上。"

"""What is wrong with an exam year's rules taken together, though every part of them is right by itself."""

from itertools import pairwise
from typing import TYPE_CHECKING

from backend.zhongkao.rules.scores import hundredths_of

if TYPE_CHECKING:
    from backend.zhongkao.rules.exam_rules import ExamRules, SessionRule


def disagreements(rules: "ExamRules") -> list[tuple[str, str]]:
    """(JSON pointer, Chinese sentence) of every fault."""
    found: list[tuple[str, str]] = []
    subjects = [one.code for one in rules.subjects]
    categories = [one.code for one in rules.categories]
    found += [("/subjects", f"科目 {code} 写了两次") for code in _twice(subjects)]
    found += [("/categories", f"类别 {code} 写了两次") for code in _twice(categories)]
    found += [("/sessions", f"场次 {code} 写了两次") for code in _twice([one.code for one in rules.sessions])]
    for index, tie in enumerate(rules.ties):
        found += [(f"/ties/{index}", f"没有科目 {code}") for code in tie.of if code not in subjects]
    for index, session in enumerate(rules.sessions):
        found += [(f"/sessions/{index}{where}", what) for where, what in _session_faults(session, categories)]
    if rules.quota and rules.quota.category not in categories:
        found.append(("/quota/category", f"没有类别 {rules.quota.category}"))
    found += _reserve_faults(rules)
    if rules.recheck and rules.sessions:
        first = min(band.open for session in rules.sessions for band in session.bands)
        if rules.recheck.answered_by > first:
            found.append(("/recheck/answered_by", "复核必须在第一个分数段开始之前答复完"))
    return found + _chain_faults(rules, categories)


def _reserve_faults(rules: "ExamRules") -> list[tuple[str, str]]:
    """Reserved places are filled in one run over lists: there is one close, and no live rank beside it."""
    if rules.quota is None or rules.quota.order == "own-session":
        return []
    found = (
        []
        if rules.engine == "parallel"
        else [("/quota/order", "指标与统招一次录取只能用于平行志愿（engine 为 parallel）")]
    )
    found += [
        (f"/sessions/{index}/bands", "指标与统招一次录取的场次只能有一个分数段")
        for index, one in enumerate(rules.sessions)
        if one.category == rules.quota.category and len(one.bands) > 1
    ]
    return found


def _chain_faults(rules: "ExamRules", categories: list[str]) -> list[tuple[str, str]]:
    """Sessions follow each other, first rounds in the order of the categories: or the chain could not hold."""
    found: list[tuple[str, str]] = []
    for index, (earlier, later) in enumerate(pairwise(rules.sessions), 1):
        if not earlier.bands or not later.bands:
            continue
        if max(band.close for band in earlier.bands) > min(band.open for band in later.bands):
            found.append((f"/sessions/{index}", f"{later.name} 在 {earlier.name} 结束之前就开始了"))
    firsts = [categories.index(one.category) for one in rules.sessions if one.round == 1 and one.category in categories]
    if firsts != sorted(firsts):
        found.append(("/sessions", "场次的先后要与类别的先后一致"))
    return found + _round_faults(rules)


def _round_faults(rules: "ExamRules") -> list[tuple[str, str]]:
    """Rounds of a category rise: what a candidate looks at is the newest, and there must be only one."""
    found: list[tuple[str, str]] = []
    last: dict[str, int] = {}
    for index, session in enumerate(rules.sessions):
        if session.round <= last.get(session.category, 0):
            found.append((f"/sessions/{index}/round", f"{session.name} 的轮次必须大于同一类别的上一轮"))
        last[session.category] = session.round
    return found


def _session_faults(session: "SessionRule", categories: list[str]) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    found += [
        ("/category", f"没有类别 {code}") for code in (session.category, *session.takes_over) if code not in categories
    ]
    if session.category in session.takes_over:
        found.append(("/takes_over", "同一类别的空余名额本来就留给下一轮，不能再接收一次"))
    if not session.bands:
        found.append(("/bands", "至少要有一个分数段"))
    for index, band in enumerate(session.bands):
        if band.open >= band.close:
            found.append((f"/bands/{index}", "开始时间必须早于截止时间"))
        if band.from_ and band.below and hundredths_of(band.from_) >= hundredths_of(band.below):
            found.append((f"/bands/{index}", "这个分数段里没有任何分数"))
    for index, (higher, lower) in enumerate(pairwise(session.bands), 1):
        if higher.from_ is None or lower.below is None or hundredths_of(lower.below) > hundredths_of(higher.from_):
            found.append((f"/bands/{index}", "分数段要从高到低写，而且不能重叠"))
        if lower.close < higher.close:
            found.append((f"/bands/{index}", "高分段要先截止：截止以后名次才不会再变"))
    found += [
        (f"/locks/{index}", f"没有第 {lock.band} 个分数段")
        for index, lock in enumerate(session.locks)
        if lock.band is not None and not 0 <= lock.band < len(session.bands)
    ]
    return found


def _twice(codes: list[str]) -> list[str]:
    return sorted({code for code in codes if codes.count(code) > 1})

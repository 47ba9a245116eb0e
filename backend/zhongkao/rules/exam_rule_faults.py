"""What is wrong with an exam year's rules taken together, though every part of them is right by itself."""

from itertools import pairwise
from typing import TYPE_CHECKING

from backend.zhongkao.rules.exam_session_faults import band_faults, timing_faults
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
        if not tie.of:
            found.append((f"/ties/{index}/of", "同分项至少要写一个科目"))
    if not any(subject.counts for subject in rules.subjects):
        found.append(("/subjects", "至少要有一个计入总分的科目"))
    for index, session in enumerate(rules.sessions):
        found += [(f"/sessions/{index}{where}", what) for where, what in _session_faults(session, categories)]
        found += [(f"/sessions/{index}{where}", what) for where, what in band_faults(session, _full(rules))]
        found += [(f"/sessions/{index}{where}", what) for where, what in timing_faults(session)]
    if rules.engine == "parallel" and not rules.standing_order_most:
        found.append(("/standing_order_most", "平行志愿的志愿表至少要能填 1 个志愿"))
    return [*found, *_quota_faults(rules, categories), *_recheck_faults(rules), *_chain_faults(rules, categories)]


def _full(rules: "ExamRules") -> int:
    """The full total in hundredths."""
    return sum(hundredths_of(subject.full) for subject in rules.subjects if subject.counts)


def _recheck_faults(rules: "ExamRules") -> list[tuple[str, str]]:
    recheck = rules.recheck
    if recheck is None:
        return []
    found: list[tuple[str, str]] = []
    if recheck.opens >= recheck.closes:
        found.append(("/recheck/closes", "复核的申请要先开始、后截止"))
    if recheck.answered_by < recheck.closes:
        found.append(("/recheck/answered_by", "复核的答复期限不能早于申请截止"))
    first = min((band.open for session in rules.sessions for band in session.bands), default=None)
    if first is not None and recheck.answered_by > first:
        found.append(("/recheck/answered_by", "复核必须在第一个分数段开始之前答复完"))
    return found


def _quota_faults(rules: "ExamRules", categories: list[str]) -> list[tuple[str, str]]:
    """The category has a session, a school stands once and deals to somebody, a line taken from elsewhere is there in time."""
    quota = rules.quota
    if quota is None:
        return []
    if quota.category not in categories:
        return [("/quota/category", f"没有类别 {quota.category}")]
    order = [session.category for session in rules.sessions]
    found: list[tuple[str, str]] = []
    if rules.sessions and quota.category not in order:
        found.append(("/quota/category", f"类别 {quota.category} 没有场次，分到的指标没有地方填"))
    names = [one.school for one in quota.schools]
    found += [("/quota/schools", f"学校 {code} 写了两次") for code in _twice(names)]
    found += [
        (f"/quota/schools/{index}/banners", "至少要写一个旗区")
        for index, one in enumerate(quota.schools)
        if not one.banners
    ]
    until = order.index(quota.category) if quota.category in order else 0
    found += [
        (f"/quota/schools/{index}/line_of", f"指标场次以前没有类别 {one.line_of} 的场次，录取线无从参照")
        for index, one in enumerate(quota.schools)
        if one.line_of is not None and one.line_of not in order[:until]
    ]
    return found + _reserve_faults(rules)


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
    for index, session in enumerate(rules.sessions):
        earlier_ones = {one.category for one in rules.sessions[:index]}
        found += [
            (f"/sessions/{index}/takes_over", f"这一场以前没有类别 {code} 的场次，没有空余名额可以接收")
            for code in session.takes_over
            if code in categories and code != session.category and code not in earlier_ones
        ]
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
    return found


def _twice(codes: list[str]) -> list[str]:
    return sorted({code for code in codes if codes.count(code) > 1})

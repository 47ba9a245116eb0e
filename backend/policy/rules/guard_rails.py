"""What no rule-book may hold, whoever writes it: contests, prizes, donations, refusals (D04, D05a-D05f)."""

from collections.abc import Iterator, Mapping
from typing import Any

FORBIDDEN_WORDS: Mapping[str, str] = {
    "contest": "竞赛不得与入学挂钩（D05b、D05c）。",
    "competition": "竞赛不得与入学挂钩（D05b、D05c）。",
    "olympiad": "“奥数”等培训不得与入学挂钩（D05b）。",
    "prize": "获奖不得作为入学依据（D05c）。",
    "award": "获奖不得作为入学依据（D05c）。",
    "certificate": "竞赛、考级、获奖证书不得作为入学依据（D05c）；房屋证件请写成材料 property。",
    "grade": "考级不得作为入学依据（D05c）。",
    "talent_class": "不得分重点班、试验班、特长班（D05e）。",
    "key_class": "不得分重点班、试验班、特长班（D05e）。",
    "exam": "不得举行任何形式的招生选拔考试（D05a）。",
    "score": "不得以测试成绩选拔学生（D05a、D05d）。",
    "donation": "不得收取与入学挂钩的捐资助学款（D05f）。",
    "sponsor": "不得收取与入学挂钩的捐资助学款（D05f）。",
    "refus": "公办学校不得以任何理由拒绝新生入学（D04），没有“拒收”这个动作。",
    "reject": "公办学校不得以任何理由拒绝新生入学（D04），没有“拒收”这个动作。",
    "竞赛": "竞赛不得与入学挂钩（D05b、D05c）。",
    "奥数": "“奥数”等培训不得与入学挂钩（D05b）。",
    "获奖": "获奖不得作为入学依据（D05c）。",
    "奖状": "获奖不得作为入学依据（D05c）。",
    "荣誉证书": "获奖不得作为入学依据（D05c）。",
    "考级": "考级不得作为入学依据（D05c）。",
    "成绩": "不得以测试成绩选拔学生（D05a、D05d）。",
    "捐资": "不得收取与入学挂钩的捐资助学款（D05f）。",
    "捐款": "不得收取与入学挂钩的捐资助学款（D05f）。",
    "赞助": "不得收取与入学挂钩的捐资助学款（D05f）。",
    "拒收": "公办学校不得以任何理由拒绝新生入学（D04），没有“拒收”这个动作。",
}


def forbidden_word(name: str) -> str | None:
    """Why a field, fact or column of this name may not exist, as a Chinese sentence; None where it may."""
    lowered = name.lower()
    return next((why for word, why in FORBIDDEN_WORDS.items() if word in lowered), None)


def forbidden_names(content: Any, pointer: str = "") -> Iterator[tuple[str, str]]:
    """Every key of a rule-book's content, at any depth, whose name is forbidden: (JSON pointer, sentence)."""
    if isinstance(content, Mapping):
        for name, inside in content.items():
            here = f"{pointer}/{name}"
            why = forbidden_word(str(name))
            if why is not None:
                yield here, f"不得设置“{name}”：{why}"
            yield from forbidden_names(inside, here)
    elif isinstance(content, list):
        for place, inside in enumerate(content):
            yield from forbidden_names(inside, f"{pointer}/{place}")


def interview_faults(interview: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """What is wrong with the setting that allows interviews (D05a, D10), as (JSON pointer, sentence).

    Interviews are off. Only a private junior school may hold one beside its lottery, and only where the published
    exception is stated in words (`d10_interview_exception`).
    """
    stages = interview.get("stages", [])
    for place, stage in enumerate(stages if isinstance(stages, list) else []):
        pointer = f"/interview/stages/{place}"
        if stage == "junior" and not str(interview.get("d10_interview_exception", "")).strip():
            yield (
                pointer,
                "初中不得面谈；只有民办初中可在电脑派位之外面谈，须在 d10_interview_exception 写明依据（D05a、D10）。",
            )
        elif stage != "junior":
            yield pointer, f"{stage} 不得以面谈、面试选拔学生（D05a）；D10 的例外只适用于民办初中。"

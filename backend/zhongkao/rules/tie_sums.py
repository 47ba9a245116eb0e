"""From subject scores to the total and the tie-breakers of the year's rules (domain 1.3, 1.4; T-1.11)."""

from collections.abc import Mapping

from backend.zhongkao.rules.exam_rules import ExamRules, Tie


def total_of(subjects: Mapping[str, int], rules: ExamRules) -> int:
    """The total in hundredths: the sum of the subjects that count; one without a score is 0."""
    return sum(subjects.get(subject.code, 0) for subject in rules.subjects if subject.counts)


def ties_of(subjects: Mapping[str, int], rules: ExamRules) -> list[int]:
    """The tie-breakers in the order of the rules, each in hundredths, higher first."""
    return [_value(tie, subjects) for tie in rules.ties]


def _value(tie: Tie, subjects: Mapping[str, int]) -> int:
    scores = [subjects.get(code, 0) for code in tie.of]
    return sum(scores) if tie.by == "sum" else max(scores, default=0)


def tie_names(rules: ExamRules) -> list[str]:
    """The tie-breakers in words: 语文+数学+英语, or the highest of some subjects."""
    names = {subject.code: subject.name for subject in rules.subjects}
    return [
        "+".join(names[code] for code in tie.of)
        if tie.by == "sum"
        else f"{'、'.join(names[code] for code in tie.of)}最高"
        for tie in rules.ties
    ]

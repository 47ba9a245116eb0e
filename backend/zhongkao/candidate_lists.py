"""Lists for a candidate: the units of a session with whether he may choose each, and the diary of his own changes."""

from typing import Any

from sqlalchemy import select

from backend.foundation.database import db
from backend.zhongkao.candidate_view import told_at
from backend.zhongkao.exam_places import applicant_of, units_of_session
from backend.zhongkao.reserved_units import reserved_of
from backend.zhongkao.rows import ExamCandidate, ExamChange, ExamSession, ExamUnit
from backend.zhongkao.rules.eligibility import terms_of, why_not

REASONS = {
    "below-the-line": "您的总分低于这所学校的最低线",
    "another-region": "这个计划只招其他旗区的考生",
    "another-language": "这个计划要求的授课语言与您的不同",
    "no-talent-proof": "这个计划要有相应的特长测试合格证明",
    "below-the-subject-line": "有一门单科成绩没有达到要求",
    "another-quota-school": "这是分给其他初中的指标",
    "not-at-the-school": "学籍和实际就读的学校不一致，不能用指标",
    "too-short-at-the-school": "学籍在毕业学校的时间不够，不能用指标",
}


def units_view(candidate: ExamCandidate, session: ExamSession) -> list[dict[str, Any]]:
    """The units of the session with whether he may choose each, and if not, why not, in words.

    `reserved_for_you`: how many places his junior school has there (指标到校), where the run fills both kinds together.
    """
    applicant, reserved = applicant_of(candidate), reserved_of(session)
    items = []
    plans = {unit.id: plan for unit, plan in units_of_session(session.id)}
    for unit, plan in units_of_session(session.id):
        if reserved is not None and unit.id in reserved.open_of:
            continue
        reason = reserved.why_not(applicant, unit) if reserved else why_not(applicant, terms_of(unit.terms))
        own = reserved.of_applicant(applicant, unit.id) if reserved else None
        items.append(
            {
                "code": unit.code,
                "school": unit.school,
                "name": unit.name,
                "category": unit.category,
                "language": unit.language,
                "origin": unit.origin,
                "plan": plan,
                "reserved_for_you": plans[own] if own is not None else None,
                "eligible": reason is None,
                "why_not": None if reason is None else REASONS[reason.value],
            }
        )
    return items


def diary_of(candidate: ExamCandidate) -> list[dict[str, Any]]:
    """Everything that was asked in his name, newest first: what, where, on which device, and what became of it."""
    found = db.session.execute(
        select(ExamChange, ExamUnit.code, ExamUnit.name)
        .outerjoin(ExamUnit, ExamUnit.id == ExamChange.unit_id)
        .where(ExamChange.candidate_id == candidate.id)
        .order_by(ExamChange.arrived_at.desc(), ExamChange.id.desc())
        .limit(1000)
    )
    return [
        {
            "at": told_at(change.arrived_at),
            "what": _what(change),
            "unit": code,
            "unit_name": name,
            "device": None if change.device is None else change.device.hex()[:8],
            "source": change.source,
            "refused": change.refused,
            "receipt": None if change.refused else f"ZK{change.id:010d}",
        }
        for change, code, name in found
    ]


def _what(change: ExamChange) -> str:
    done = {"choose": "填报", "clear": "撤销"}[change.action]
    by = "托管志愿自动" if change.source == "standing-order" else ""
    return f"{by}{done}" + ("（未被接受）" if change.refused else "")

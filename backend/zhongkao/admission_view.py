"""What a candidate is told of his admission, and the public page on which his letter is checked."""

from typing import Any

from sqlalchemy import select

from backend.foundation.database import db
from backend.zhongkao.exam_places import rule_of_session, rules_of_session
from backend.zhongkao.gateways import public_address
from backend.zhongkao.rows import ExamAdmission, ExamCandidate, ExamChoice, ExamSession, ExamUnit, SessionUnit
from backend.zhongkao.session_value import written


def letter_address(admission: ExamAdmission) -> str:
    """The public page on which the letter is checked: it shows no name."""
    return public_address(f"/public/zhongkao/letters/{admission.letter}")


def admission_view(candidate: ExamCandidate) -> dict[str, Any]:
    """Whether and where the candidate is admitted, by what the published runs say; `state` none before, else a code of
    `word.exam-admission`.
    """
    row = db.session.execute(
        select(ExamAdmission, ExamUnit)
        .join(ExamUnit, ExamUnit.id == ExamAdmission.unit_id)
        .where(ExamAdmission.candidate_id == candidate.id)
        .order_by(ExamAdmission.state == "returned", ExamAdmission.report_by.desc())
        .limit(1)
    ).one_or_none()
    if row is None:
        nothing = dict.fromkeys(("unit", "school", "letter_url", "report_by", "reason"))
        return {"state": "none", **nothing, "not_admitted": _passed_over(candidate)}
    admission, unit = row
    came_by, places = came_by_with_places(admission)
    return {
        "state": admission.state,
        "unit": unit.code,
        "school": unit.name,
        "category": came_by,
        "plan": places,
        "rank": admission.rank,
        "level_with": admission.level_with,
        "letter_url": "/api/exam/letter.pdf" if admission.stands else None,
        "check_url": letter_address(admission) if admission.stands else None,
        "reason": admission.reason,
        "report_by": written(admission.report_by),
    }


def came_by_with_places(admission: ExamAdmission) -> tuple[str, int]:
    """What the admission came by is called, and the unit's places there: in a later round those that were left."""
    session = db.session.get_one(ExamSession, admission.session_id)
    category = next(one.name for one in rules_of_session(session).categories if one.code == session.category)
    places = db.session.get_one(SessionUnit, (session.id, admission.unit_id)).plan
    return (rule_of_session(session).name if session.round > 1 else category), places


def _passed_over(candidate: ExamCandidate) -> list[str]:
    """The published sessions in which he held a unit to the end and was not admitted, by name."""
    held = (
        select(ExamSession)
        .join(ExamChoice, ExamChoice.session_id == ExamSession.id)
        .where(
            ExamChoice.candidate_id == candidate.id, ExamChoice.unit_id.is_not(None), ExamSession.state == "published"
        )
    )
    return [rule_of_session(session).name for session in db.session.execute(held.order_by(ExamSession.id)).scalars()]

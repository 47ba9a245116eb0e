"""The admitted of a published session as the exam office and the schools see them."""

from typing import Any

from sqlalchemy import select

from backend.foundation.audit import record_access
from backend.foundation.database import db
from backend.identity.actors import Actor
from backend.identity.authorize import Grant, authorize_office
from backend.notices.sentences import say
from backend.zhongkao.candidate_codes import name_of_candidate, number_of
from backend.zhongkao.candidate_view import points
from backend.zhongkao.correct_admission import free_again
from backend.zhongkao.exam_places import city_scopes, units_of_session
from backend.zhongkao.report_in import absent_from
from backend.zhongkao.rows import ExamAdmission, ExamCandidate, ExamSession, ExamUnit


def admission_rows(actor: Actor, session: ExamSession, unit_code: str | None) -> dict[str, Any]:
    """The units of the session, and the rows of the chosen one (the first, where none is chosen) in rank order.

    The look is written down, candidate by candidate (P13). Raises NotAllowed.
    """
    grant = authorize_office(actor, "exam.read", city_scopes())
    planned = units_of_session(session.id)
    units, plan_of = [unit for unit, _ in planned], {unit.id: plan for unit, plan in planned}
    chosen = next((unit for unit in units if unit.code == unit_code), units[0] if units else None)
    if chosen is None:
        return {"units": [], "chosen": None, "rows": [], "absent": 0}
    rows = _rows(grant, session, chosen)
    return {
        "units": units,
        "chosen": chosen,
        "rows": rows,
        "absent": len(absent_from(session)),
        "free_again": free_again(session, chosen.id),
        "plan": plan_of[chosen.id],
    }


def _rows(grant: Grant, session: ExamSession, chosen: ExamUnit) -> list[dict[str, Any]]:
    found = db.session.execute(
        select(ExamAdmission, ExamCandidate)
        .join(ExamCandidate, ExamCandidate.id == ExamAdmission.candidate_id)
        .where(ExamAdmission.session_id == session.id, ExamAdmission.unit_id == chosen.id)
        .order_by(ExamAdmission.rank, ExamCandidate.position)
    ).all()
    for admission, _ in found:
        record_access(
            grant.role.name, "exam-candidate", admission.candidate_id, f"admitted list of {session.code} {chosen.code}"
        )
    return [
        {
            "id": str(admission.id),
            "rank": admission.rank,
            "number": number_of(candidate),
            "name": name_of_candidate(candidate),
            "total": points(candidate.total or 0),
            "state": admission.state,
            "state_text": say(f"word.exam-admission.{admission.state}"),
            "reason": admission.reason,
            "letter": admission.stands,
        }
        for admission, candidate in found
    ]

"""The units of a session for a candidate, with whether he may choose each."""

from typing import Any

from sqlalchemy import select

from backend.foundation.database import db
from backend.foundation.problems import NotFound
from backend.zhongkao.change_my_choice import session_in_force
from backend.zhongkao.exam_places import applicant_of, units_of_session
from backend.zhongkao.public_forecasts import newest_forecasts
from backend.zhongkao.reserved_units import reserved_of
from backend.zhongkao.rows import ExamCandidate, ExamSession, ExamUnit
from backend.zhongkao.rules.eligibility import why_not
from backend.zhongkao.unit_terms import unit_terms


def units_view(candidate: ExamCandidate, category: str) -> list[dict[str, Any]]:
    """The units of a category with whether he may choose each, and if not, why not: a code of `word.exam-why-not`.

    Of the session that is in force; before the first is listed, the published plan, so that he can look around.
    `reserved_for_you`: how many places his junior school has there (指标到校), where the run fills both kinds together.
    `forecast`: the newest forecast of its line, None where there is none.
    """
    session = _in_force(candidate.year, category)
    reserved, foretold = (reserved_of(session), newest_forecasts(session)) if session else (None, {})
    offered = units_of_session(session.id) if session else _planned_units(candidate.year, category)
    applicant, items = applicant_of(candidate), []
    plans = {unit.id: plan for unit, plan in offered}
    for unit, plan in offered:
        if reserved is not None and unit.id in reserved.open_of:
            continue
        reason = reserved.why_not(applicant, unit) if reserved else why_not(applicant, unit_terms(unit))
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
                "why_not": None if reason is None else reason.value,
                "forecast": foretold.get(unit.code),
            }
        )
    return items


def _in_force(year: int, category: str) -> ExamSession | None:
    try:
        return session_in_force(year, category)
    except NotFound:
        return None


def _planned_units(year: int, category: str) -> list[tuple[ExamUnit, int]]:
    found = select(ExamUnit).where(ExamUnit.year == year, ExamUnit.category == category).order_by(ExamUnit.code)
    return [(unit, unit.plan) for unit in db.session.execute(found).scalars()]

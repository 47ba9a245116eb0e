"""Whether a candidate may choose a unit, by the conditions published with it."""

from backend.foundation.database import db
from backend.zhongkao.exam_places import applicant_of
from backend.zhongkao.rows import ExamCandidate, ExamUnit
from backend.zhongkao.rules.eligibility import why_not
from backend.zhongkao.unit_terms import unit_terms


def may_choose(candidate: ExamCandidate, unit_id: int) -> bool:
    """True where no condition of the unit speaks against him."""
    unit = db.session.get_one(ExamUnit, unit_id)
    return why_not(applicant_of(candidate), unit_terms(unit)) is None

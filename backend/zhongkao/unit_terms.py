"""The conditions of a plan unit as they are in force: as published with it, with the floor that the listing fixed."""

from backend.zhongkao.rows import ExamUnit
from backend.zhongkao.rules.eligibility import Terms, terms_in_force


def unit_terms(unit: ExamUnit) -> Terms:
    """Who may choose the unit."""
    return terms_in_force(unit.terms, unit.floor)

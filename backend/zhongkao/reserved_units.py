"""指标到校 inside one run: which units of a session are the reserved places of an open one, and who may claim which."""

from collections.abc import Mapping
from dataclasses import dataclass

from backend.zhongkao.exam_places import rules_of_session, units_of_session
from backend.zhongkao.rows import ExamSession, ExamUnit
from backend.zhongkao.rules.eligibility import Applicant, WhyNot, why_not
from backend.zhongkao.rules.reserves import First
from backend.zhongkao.unit_terms import unit_terms


@dataclass(frozen=True, slots=True)
class Reserved:
    """The reserved units of a session: `open_of` names the open unit of each; `first` which places are filled first."""

    open_of: Mapping[int, int]
    units: Mapping[int, ExamUnit]
    first: First

    def of_applicant(self, applicant: Applicant, open_unit: int) -> int | None:
        """The reserved unit at that open one which the applicant has a right to, or None."""
        return next(
            (
                unit
                for unit, at in self.open_of.items()
                if at == open_unit and why_not(applicant, unit_terms(self.units[unit])) is None
            ),
            None,
        )

    def why_not(self, applicant: Applicant, unit: ExamUnit) -> WhyNot | None:
        """Why the unit may not be put on a list: neither its open nor a reserved place could be had."""
        reason = why_not(applicant, unit_terms(unit))
        return None if reason is not None and self.of_applicant(applicant, unit.id) is not None else reason


def reserved_of(session: ExamSession) -> Reserved | None:
    """The reserved units of the session, or None where the year deals its quota in a session of its own.

    A junior school's share belongs to the school's open unit of the same language, the first by code.
    """
    rules = rules_of_session(session)
    if rules.quota is None or rules.quota.order == "own-session" or rules.quota.category != session.category:
        return None
    units = {unit.id: unit for unit, _ in units_of_session(session.id)}
    opened: dict[tuple[str, str], int] = {}
    for unit in units.values():
        if unit.junior is None:
            opened.setdefault((unit.school, unit.language), unit.id)
    open_of = {
        unit.id: opened[unit.school, unit.language]
        for unit in units.values()
        if unit.junior is not None and (unit.school, unit.language) in opened
    }
    return Reserved(open_of, units, rules.quota.order)

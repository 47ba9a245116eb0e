"""Finding the things of an exam year: its rules, its sessions, bands, units; and the office they belong to."""

from sqlalchemy import select

from backend.foundation.database import db
from backend.foundation.problems import NotFound, Refusal
from backend.identity.rules.roles import CITY, Scope
from backend.zhongkao.rows import ExamBand, ExamCandidate, ExamRulesRow, ExamSession, ExamUnit, SessionUnit
from backend.zhongkao.rules.eligibility import Applicant
from backend.zhongkao.rules.exam_rules import ExamRules, SessionRule, read_exam_rules

_read: dict[str, ExamRules] = {}
"""Rules by the hash of their content."""
MOST_KEPT = 16


class NoExamRules(Refusal):
    """No rules are published for the year."""

    code = "no-exam-rules"
    status = 404


def city_scopes() -> tuple[Scope, ...]:
    """The scope of the exam office: the whole prefecture."""
    return (Scope("city", CITY),)


def rules_row_of(year: int) -> ExamRulesRow:
    """The newest published rules of the year. Raises NoExamRules."""
    row = db.session.execute(
        select(ExamRulesRow).where(ExamRulesRow.year == year).order_by(ExamRulesRow.version.desc()).limit(1)
    ).scalar_one_or_none()
    if row is None:
        raise NoExamRules(year=year)
    return row


def rules_of_year(year: int) -> ExamRules:
    """The rules in force for the year. Raises NoExamRules."""
    return _rules(rules_row_of(year))


def _rules(row: ExamRulesRow) -> ExamRules:
    if row.sha256 not in _read:
        if len(_read) >= MOST_KEPT:
            _read.clear()
        _read[row.sha256] = read_exam_rules(row.content)
    return _read[row.sha256]


def rules_of_session(session: ExamSession) -> ExamRules:
    """The rules that the session was planned by."""
    return _rules(db.session.get_one(ExamRulesRow, session.rules_id))


def rule_of_session(session: ExamSession) -> SessionRule:
    """The session's own part of its rules."""
    return rules_of_session(session).session(session.code)


def session_named(year: int, code: str) -> ExamSession:
    """The session with this code. Raises NotFound."""
    found = db.session.execute(
        select(ExamSession).where(ExamSession.year == year, ExamSession.code == code)
    ).scalar_one_or_none()
    if found is None:
        raise NotFound
    return found


def sessions_of(year: int) -> list[ExamSession]:
    """The sessions of the year in the order of the rules."""
    return list(
        db.session.execute(select(ExamSession).where(ExamSession.year == year).order_by(ExamSession.id)).scalars()
    )


def bands_of(session_id: int) -> list[ExamBand]:
    """The bands of a session, the highest first."""
    return list(
        db.session.execute(
            select(ExamBand).where(ExamBand.session_id == session_id).order_by(ExamBand.number)
        ).scalars()
    )


def units_of_session(session_id: int) -> list[tuple[ExamUnit, int]]:
    """The units of a listed session with their places, by code."""
    found = db.session.execute(
        select(ExamUnit, SessionUnit.plan)
        .join(SessionUnit, SessionUnit.unit_id == ExamUnit.id)
        .where(SessionUnit.session_id == session_id)
        .order_by(ExamUnit.code)
    )
    return [(unit, plan) for unit, plan in found]


def applicant_of(candidate: ExamCandidate) -> Applicant:
    """What counts of the candidate where units ask for conditions; a candidate without scores has 0."""
    return Applicant(
        candidate.total or 0,
        candidate.subjects,
        candidate.junior,
        candidate.school_banner,
        candidate.household_banner,
        candidate.attends,
        candidate.outside,
        candidate.fresh,
        candidate.enrolled_on,
        frozenset(candidate.tags),
    )


def latest_year() -> int:
    """The newest year that rules are published for. Raises NoExamRules."""
    year = db.session.execute(
        select(ExamRulesRow.year).order_by(ExamRulesRow.year.desc()).limit(1)
    ).scalar_one_or_none()
    if year is None:
        raise NoExamRules(year=0)
    return year

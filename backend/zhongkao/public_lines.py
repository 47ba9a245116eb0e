"""Lines by kind of seat with their tie-breakers, for everybody to check by, and a candidate's own check (wish 4)."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from backend.foundation.database import db
from backend.zhongkao.candidate_view import points
from backend.zhongkao.exam_places import (
    applicant_of,
    rule_of_session,
    rules_of_session,
    sessions_of,
    units_of_session,
)
from backend.zhongkao.keep_result import line_of, published_result
from backend.zhongkao.rows import ExamAdmission, ExamCandidate, ExamChoice, ExamSession, ExamUnit
from backend.zhongkao.rules.eligibility import why_not
from backend.zhongkao.rules.own_check import Line, check_line
from backend.zhongkao.rules.tie_sums import tie_names
from backend.zhongkao.unit_terms import unit_terms


def lines_of(year: int, own: Line | None = None) -> list[dict[str, Any]]:
    """Every published session by kind of seat: each unit's plan, admitted, line and tie-breakers.

    `own` adds to each unit how those scores stand to its line: above, level, below or not-full.
    """
    return [told for session in sessions_of(year) if (told := _session_lines(session, own)) is not None]


def _session_lines(session: ExamSession, own: Line | None) -> dict[str, Any] | None:
    result = published_result(session)
    if result is None:
        return None
    rules = rules_of_session(session)
    units = {unit.code: unit for unit, _ in units_of_session(session.id)}
    return {
        "session": session.code,
        "name": rule_of_session(session).name,
        "ties": tie_names(rules),
        "first": None if rules.quota is None or rules.quota.order == "own-session" else rules.quota.order,
        "units": [_unit_line(units[one["id"]], one, own) for one in result.units if one["plan"]],
    }


def _unit_line(unit: ExamUnit, result: Mapping[str, Any], own: Line | None) -> dict[str, Any]:
    line = line_of(result)
    return {
        "unit": unit.code,
        "name": unit.name,
        "seat": "quota" if unit.junior else "open",
        "origin": unit.origin,
        "plan": result["plan"],
        "admitted": result["admitted"],
        "total": None if line is None else points(line.total),
        "ties": [] if line is None else [points(mark) for mark in line.ties],
        "check": None if own is None else check_line(own.total, own.ties, line),
        "planned": result["planned"],
    }


def own_lines(candidate: ExamCandidate) -> dict[str, Any]:
    """What a candidate checks his admission by: his total and tie-breakers, and every unit he had a right to.

    A unit has its line, how he stands to it, whether he held it at the close and whether the published result admitted
    him there.
    """
    own = Line(candidate.total or 0, tuple(candidate.ties))
    held, admitted = dict(_units_in(ExamChoice, candidate)), set(_units_in(ExamAdmission, candidate))
    applicant, items, ties = applicant_of(candidate), [], list[str]()
    for session in sessions_of(candidate.year):
        ties = ties or tie_names(rules_of_session(session))
        told = _session_lines(session, own)
        if told is None:
            continue
        terms = {unit.code: unit_terms(unit) for unit, _ in units_of_session(session.id)}
        about = {"session": told["session"], "session_name": told["name"]}
        items += [
            {
                **one,
                **about,
                "held": held.get(session.id) == one["unit"],
                "admitted_here": (session.id, one["unit"]) in admitted,
            }
            for one in told["units"]
            if why_not(applicant, terms[one["unit"]]) is None
        ]
    marks = [points(mark) for mark in candidate.ties]
    return {"total": points(own.total), "ties": marks, "tie_names": ties, "items": items}


def _units_in(rows: type[ExamChoice | ExamAdmission], candidate: ExamCandidate) -> list[tuple[int, str]]:
    """(session, the unit's code) of each of the candidate's rows that names a unit."""
    named = select(rows.session_id, ExamUnit.code).join(ExamUnit, ExamUnit.id == rows.unit_id)
    return [(session, code) for session, code in db.session.execute(named.where(rows.candidate_id == candidate.id))]

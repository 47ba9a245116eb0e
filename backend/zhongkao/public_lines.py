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
from backend.zhongkao.public_results import published_output
from backend.zhongkao.rows import ExamAdmission, ExamCandidate, ExamChoice, ExamSession, ExamUnit, SessionUnit
from backend.zhongkao.rules.eligibility import terms_of, why_not
from backend.zhongkao.rules.own_check import Line, check_line
from backend.zhongkao.rules.scores import hundredths_of
from backend.zhongkao.rules.tie_sums import tie_names
from backend.zhongkao.seat_lists import FALLEN, OWN
from backend.zhongkao.session_value import id_of


def line_of(unit: Mapping[str, Any]) -> Line | None:
    """The line of a unit of a published result, None where places were left."""
    if unit["lowest"] is None or len(unit["admitted"]) < unit["plan"]:
        return None
    return Line(hundredths_of(unit["lowest"]["total"]), tuple(map(hundredths_of, unit["lowest"]["ties"])))


def lines_of(year: int, own: Line | None = None) -> list[dict[str, Any]]:
    """Every published session by kind of seat: each unit's plan, admitted, line and tie-breakers.

    `own` adds to each unit how those scores stand to its line: above, level, below or not-full.
    """
    return [told for session in sessions_of(year) if (told := _session_lines(session, own)) is not None]


def _session_lines(session: ExamSession, own: Line | None) -> dict[str, Any] | None:
    output = published_output(session)
    if output is None:
        return None
    rules = rules_of_session(session)
    units = {unit.code: unit for unit, _ in units_of_session(session.id)}
    planned = _planned_lines(session, output)
    return {
        "session": session.code,
        "name": rule_of_session(session).name,
        "ties": tie_names(rules),
        "first": None if rules.quota is None or rules.quota.order == "own-session" else rules.quota.order,
        "units": [
            _unit_line(units[one["id"]], one, own) | {"planned": planned.get(one["id"])}
            for one in output["units"]
            if one["plan"]
        ],
    }


def _planned_lines(session: ExamSession, output: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """Where unused quota fell to open places: the last one in on the places that were open from the start.

    With it everybody knows his kind of seat: first that line, then the own quota's, then that of all open places.
    """
    made: dict[str, dict[str, int]] = dict(
        db.session.execute(
            select(ExamUnit.code, SessionUnit.made_of)
            .join(SessionUnit, SessionUnit.unit_id == ExamUnit.id)
            .where(SessionUnit.session_id == session.id)
        ).all()
    )
    found = {}
    for one in output["units"]:
        places = made[one["id"]].get(OWN, 0)
        if made[one["id"]].get(FALLEN, 0) > 0 and 0 < places <= len(one["admitted"]):
            last = db.session.get_one(ExamCandidate, id_of(one["admitted"][places - 1]))
            found[one["id"]] = {"total": points(last.total or 0), "ties": [points(mark) for mark in last.ties]}
    return found


def _unit_line(unit: ExamUnit, result: Mapping[str, Any], own: Line | None) -> dict[str, Any]:
    line = line_of(result)
    return {
        "unit": unit.code,
        "name": unit.name,
        "seat": "quota" if unit.junior else "open",
        "origin": unit.origin,
        "plan": result["plan"],
        "admitted": len(result["admitted"]),
        "total": None if line is None else points(line.total),
        "ties": [] if line is None else [points(mark) for mark in line.ties],
        "check": None if own is None else check_line(own.total, own.ties, line),
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
        terms = {unit.code: terms_of(unit.terms) for unit, _ in units_of_session(session.id)}
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

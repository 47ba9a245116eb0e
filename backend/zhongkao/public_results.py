"""What everybody may see of an exam year: times, plans, statistics, and after each switch the results; never a person."""

from typing import Any

from sqlalchemy import func, select

from backend.families.rules.names import masked_name
from backend.foundation.database import db
from backend.foundation.problems import NotFound
from backend.notices.sentences import say
from backend.zhongkao.candidate_codes import name_of_candidate, number_of
from backend.zhongkao.candidate_view import told_at
from backend.zhongkao.exam_places import bands_of, rule_of_session, session_named, sessions_of, units_of_session
from backend.zhongkao.keep_result import published_result
from backend.zhongkao.rows import (
    ExamAdmission,
    ExamCandidate,
    ExamExtension,
    ExamReading,
    ExamRemark,
    ExamSession,
    ExamUnit,
)
from backend.zhongkao.rules.scores import hundredths_of, shortest

NUMBER_SHOWN = 3
"""The last digits of an exam number on the page of a letter."""


def timetable_of(year: int) -> list[dict[str, Any]]:
    """The sessions of the year: bands with their times as they stand, what the exam office decided."""
    return [
        {
            "code": session.code,
            "name": rule_of_session(session).name,
            "category": session.category,
            "round": session.round,
            "line": shortest(hundredths_of(rule_of_session(session).line)),
            "state": session.state,
            "paused": session.paused_at is not None,
            "bands": [
                {
                    "number": band.number + 1,
                    "from": None if band.lowest is None else shortest(band.lowest),
                    "below": None if band.below is None else shortest(band.below),
                    "opens_at": told_at(band.open_at),
                    "closes_at": told_at(band.close_at),
                    "planned_close_at": told_at(band.planned_close_at),
                    "closed_at": told_at(band.closed_at),
                    "no_clear_from": told_at(band.no_clear_from),
                    "no_first_from": told_at(band.no_first_from),
                }
                for band in bands_of(session.id)
            ],
            "extensions": [
                {"band": one.band + 1, "minutes": one.minutes, "reason": one.reason, "at": told_at(one.decided_at)}
                for one in _of(ExamExtension, session)
            ],
            "remarks": [{"at": told_at(one.at), "text": one.text} for one in _of(ExamRemark, session)],
        }
        for session in sessions_of(year)
    ]


def _of(table: Any, session: ExamSession) -> list[Any]:
    return list(db.session.execute(select(table).where(table.session_id == session.id).order_by(table.id)).scalars())


def units_of(year: int) -> list[dict[str, Any]]:
    """The plan units of the year."""
    found = db.session.execute(
        select(ExamUnit).where(ExamUnit.year == year).order_by(ExamUnit.category, ExamUnit.code)
    ).scalars()
    return [
        {
            "code": unit.code,
            "name": unit.name,
            "category": unit.category,
            "language": unit.language,
            "origin": unit.origin,
            "plan": unit.plan,
        }
        for unit in found
    ]


def statistics_of(year: int, code: str | None) -> list[dict[str, Any]]:
    """The readings taken so far, oldest first (各时段填报志愿情况表)."""
    sessions = [session_named(year, code)] if code else sessions_of(year)
    return [
        {"session": session.code, "at": told_at(reading.at), "units": reading.units}
        for session in sessions
        for reading in db.session.execute(
            select(ExamReading).where(ExamReading.session_id == session.id).order_by(ExamReading.at)
        ).scalars()
    ]


def session_results(year: int) -> list[dict[str, Any]]:
    """The results of every published session, a row a unit."""
    found = []
    for session in sessions_of(year):
        result = published_result(session)
        if result is not None:
            names = {unit.code: unit.name for unit, _ in units_of_session(session.id)}
            rows = [_unit_row(unit, names.get(unit["id"], unit["id"])) for unit in result.units]
            found.append({"session": session.code, "name": rule_of_session(session).name, "units": rows})
    return found


def _unit_row(unit: dict[str, Any], name: str) -> dict[str, Any]:
    """录取最低分 with the tie-breakers of the last admitted, places left for 征集. Few admitted: no lowest score is hidden,
    it is published for every school.
    """
    return {
        "unit": unit["id"],
        "name": name,
        "plan": unit["plan"],
        "chosen": unit["chosen"],
        "admitted": unit["admitted"],
        "over_plan": unit["over_plan"],
        "vacant": max(0, unit["plan"] - unit["admitted"]),
        "lowest": unit["lowest"],
    }


def results_of(year: int, code: str) -> dict[str, Any]:
    """The results of one unit by session, with how many reported in. Raises NotFound before any is published."""
    unit = db.session.execute(select(ExamUnit).where(ExamUnit.year == year, ExamUnit.code == code)).scalar_one_or_none()
    rows = [
        {"session": told["session"], **row}
        for told in session_results(year)
        for row in told["units"]
        if row["unit"] == code
    ]
    if unit is None or not rows:
        raise NotFound
    sessions = [session.id for session in sessions_of(year)]
    states = dict(
        db.session.execute(
            select(ExamAdmission.state, func.count())
            .where(ExamAdmission.session_id.in_(sessions), ExamAdmission.unit_id == unit.id)
            .group_by(ExamAdmission.state)
        ).all()
    )
    return {"year": year, "unit": code, "name": unit.name, "rounds": rows, "states": states}


def letter_facts(letter: str) -> dict[str, Any] | None:
    """What a paper must agree with, and whether it still holds; None where there is no such letter.

    School, year, state, the name as lists show it and the end of the exam number: a true letter's code on a false paper
    is seen, and whoever has only the code learns nobody's name.
    """
    row = db.session.execute(
        select(ExamAdmission, ExamUnit, ExamCandidate)
        .join(ExamUnit, ExamUnit.id == ExamAdmission.unit_id)
        .join(ExamCandidate, ExamCandidate.id == ExamAdmission.candidate_id)
        .where(ExamAdmission.letter == letter)
    ).one_or_none()
    if row is None:
        return None
    admission, unit, candidate = row
    return {
        "school": unit.name,
        "year": unit.year,
        "state": say(f"word.exam-admission.{admission.state}"),
        "stands": admission.stands,
        "name": masked_name(name_of_candidate(candidate)),
        "number_ends": number_of(candidate)[-NUMBER_SHOWN:],
    }

"""Take the statistics of a published time: what was held by all wishes that arrived before it (A52)."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select, text

from backend.foundation import clock
from backend.foundation.database import db
from backend.zhongkao.exam_places import rule_of_session, units_of_session
from backend.zhongkao.foretell_lines import foretell_lines
from backend.zhongkao.rows import ExamCandidate, ExamReading, ExamSession
from backend.zhongkao.rules.scores import shortest
from backend.zhongkao.rules.seven_columns import SevenColumns, seven_columns

_HELD = """
SELECT DISTINCT ON (candidate_id) candidate_id, CASE action WHEN 'choose' THEN unit_id END AS unit_id
FROM exam_change WHERE session_id = :session AND refused IS NULL AND arrived_at < :at
ORDER BY candidate_id, version DESC
"""


def take_reading(session_id: int, at: str) -> None:
    """Keep the seven columns of every unit for the time `at`, and what they let foretell; due some seconds after it, when all in time are kept."""
    session = db.session.get(ExamSession, session_id)
    moment = datetime.fromisoformat(at)
    taken = select(ExamReading.id).where(ExamReading.session_id == session_id, ExamReading.at == moment)
    if session is None or session.state == "planned" or db.session.execute(taken).first():
        return
    held = held_at(session.id, moment)
    db.session.add(ExamReading(session_id=session_id, at=moment, taken_at=clock.now(), units=_columns(session, held)))
    foretell_lines(session, moment, held)


def columns_at(session: ExamSession, at: datetime) -> list[dict[str, Any]]:
    """The seven columns of every unit, by unit code, from the record as it stood before `at`."""
    return _columns(session, held_at(session.id, at))


def _columns(session: ExamSession, held: Mapping[int, int]) -> list[dict[str, Any]]:
    rule = rule_of_session(session)
    totals: dict[int, list[int]] = {}
    scores = dict(
        db.session.execute(select(ExamCandidate.id, ExamCandidate.total).where(ExamCandidate.id.in_(held))).all()
    )
    for candidate_id, unit_id in held.items():
        totals.setdefault(unit_id, []).append(scores[candidate_id] or 0)
    return [
        {"unit": unit.code, "name": unit.name}
        | _told(seven_columns(plan, totals.get(unit.id, []), rule.ratio_percent, rule.ratio_rounds))
        for unit, plan in units_of_session(session.id)
    ]


def held_at(session_id: int, at: datetime) -> dict[int, int]:
    """The unit that each candidate held by the wishes that arrived before `at`; who held none is left out."""
    found = db.session.execute(text(_HELD), {"session": session_id, "at": at})
    return {row.candidate_id: row.unit_id for row in found if row.unit_id is not None}


def _told(columns: SevenColumns) -> dict[str, Any]:
    return {
        "plan": columns.plan,
        "lowest_at_plan": None if columns.lowest_at_plan is None else shortest(columns.lowest_at_plan),
        "ratio_percent": columns.ratio_percent,
        "lowest_called": None if columns.lowest_called is None else shortest(columns.lowest_called),
        "called": columns.called,
        "chosen": columns.chosen,
        "missing": columns.missing,
    }

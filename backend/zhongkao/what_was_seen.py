"""Answer a complaint: what a candidate's figures were, moment by moment, computed again from the log (T-1.5, P18)."""

from datetime import datetime
from typing import Any

from sqlalchemy import select

from backend.foundation import clock
from backend.foundation.database import db
from backend.foundation.problems import Refusal
from backend.zhongkao.candidate_view import told_at
from backend.zhongkao.exam_places import units_of_session
from backend.zhongkao.rows import ExamCandidate, ExamChange, ExamChoice, ExamSession
from backend.zhongkao.rules.figures_over_time import Figure, Move, figures_over_time
from backend.zhongkao.session_value import milliseconds

MOST_SHOWN = 2000


class SpanUnclear(Refusal):
    """The span of time is not written as ISO 8601 with an offset, or ends before it begins."""

    code = "span-unclear"
    status = 422


def what_was_seen(candidate: ExamCandidate, session: ExamSession, since: str, until: str) -> list[dict[str, Any]]:
    """Every change of the candidate's figures in the span, and the figure that stood when it began; at most 2,000.

    By the instants at which changes were kept: a version published later than that showed exactly these figures.
    Raises SpanUnclear.
    """
    first, last = _span(since, until)
    figures = _figures(candidate, session, last)
    before = [one for one in figures if one.at <= first][-1:]
    inside = [one for one in figures if first < one.at <= last]
    names = {unit.id: unit.code for unit, _ in units_of_session(session.id)}
    return [_told(one, names) for one in before + inside][:MOST_SHOWN]


def _span(since: str, until: str) -> tuple[int, int]:
    try:
        first, last = datetime.fromisoformat(since), datetime.fromisoformat(until)
    except ValueError as error:
        raise SpanUnclear from error
    if first.tzinfo is None or last.tzinfo is None or first > last:
        raise SpanUnclear
    return milliseconds(first), milliseconds(last)


def _figures(candidate: ExamCandidate, session: ExamSession, last: int) -> list[Figure]:
    standing_of = dict(
        db.session.execute(
            select(ExamCandidate.id, ExamCandidate.standing)
            .join(ExamChoice, ExamChoice.candidate_id == ExamCandidate.id)
            .where(ExamChoice.session_id == session.id)
        ).all()
    )
    if candidate.id not in standing_of:
        return []
    rows = db.session.execute(
        select(ExamChange.kept_at, ExamChange.candidate_id, ExamChange.action, ExamChange.unit_id)
        .where(ExamChange.session_id == session.id, ExamChange.refused.is_(None))
        .order_by(ExamChange.kept_at, ExamChange.id)
    )
    moves = [
        Move(milliseconds(row.kept_at), row.candidate_id, row.unit_id if row.action == "choose" else None)
        for row in rows
    ]
    plan = {unit.id: places for unit, places in units_of_session(session.id)}
    return figures_over_time(
        [move for move in moves if move.at <= last],
        candidate.id,
        {key: value or 0 for key, value in standing_of.items()},
        plan,
    )


def _told(figure: Figure, names: dict[int, str]) -> dict[str, Any]:
    at = datetime.fromtimestamp(figure.at / 1000, tz=clock.SHANGHAI)
    return {
        "at": told_at(at),
        "unit": None if figure.unit is None else names[figure.unit],
        "rank": figure.rank,
        "level_with": figure.level_with,
        "plan": figure.plan,
        "inside": figure.inside,
    }

"""Answer a complaint: what a candidate's figures were, moment by moment, computed again (T-1.5, P18).

By the versions of the board that were published, which are what phones and browsers showed. Where no version holds a
change (the engine was away, or the session has none) the time is that of the record, and the answer says so.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from backend.foundation import clock
from backend.foundation.database import db
from backend.foundation.problems import Refusal
from backend.notices.sentences import say
from backend.zhongkao.board.versions import first_showing, versions_of
from backend.zhongkao.candidate_view import told_at
from backend.zhongkao.exam_places import units_of_session
from backend.zhongkao.rows import ExamCandidate, ExamChange, ExamChoice, ExamSession
from backend.zhongkao.rules.figures_over_time import Figure, Move, figures_over_time
from backend.zhongkao.rules.instants import milliseconds

MOST_SHOWN = 2000
WITHOUT_VERSION = "exam.seen.without-version"


class SpanUnclear(Refusal):
    """The span of time is not written as ISO 8601 with an offset, or ends before it begins."""

    code = "span-unclear"
    status = 422


class SeenBusy(Refusal):
    """Somebody else's figures of the session are being computed again; in some seconds it is his turn."""

    code = "seen-busy"
    status = 429


def what_i_saw(candidate: ExamCandidate, session: ExamSession, since: str, until: str) -> list[dict[str, Any]]:
    """`what_was_seen` for the candidate himself: one at a time in a session, for each takes a server a second.

    Raises SeenBusy, SpanUnclear.
    """
    name = func.hashtextextended(f"exam-seen/{session.id}", 0)
    if not db.session.execute(select(func.pg_try_advisory_xact_lock(name))).scalar_one():
        raise SeenBusy
    return what_was_seen(candidate, session, since, until)


def what_was_seen(candidate: ExamCandidate, session: ExamSession, since: str, until: str) -> list[dict[str, Any]]:
    """Every change of the candidate's figures in the span, and the figure that stood when it began; at most 2,000.

    Each says by what it is known: `by` is "version" with the number of the version that showed it first, or "record"
    with a word. Raises SpanUnclear.
    """
    first, last = span_of(since, until)
    figures = _figures(candidate, session, last)
    before = [one for one in figures if one.at <= first][-1:]
    inside = [one for one in figures if first < one.at <= last]
    names = {unit.id: (unit.code, unit.name) for unit, _ in units_of_session(session.id)}
    return [_told(one, names) for one in before + inside][:MOST_SHOWN]


def span_of(since: str, until: str) -> tuple[int, int]:
    """Both ends of a span in milliseconds. Raises SpanUnclear."""
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
    moves = _moves(session, candidate, last)
    plan = {unit.id: places for unit, places in units_of_session(session.id)}
    return figures_over_time(
        [move for move in moves if move.at <= last],
        candidate.id,
        {key: value or 0 for key, value in standing_of.items()},
        plan,
    )


def _moves(session: ExamSession, candidate: ExamCandidate, last: int) -> list[Move]:
    """The accepted changes in the order in which they were to be seen; what no version shows comes last.

    Only into and out of units that the candidate held: no other moves his figures, and there are sixty times as many.
    """
    accepted = (ExamChange.session_id == session.id, ExamChange.refused.is_(None))
    held = select(ExamChange.unit_id).where(
        *accepted, ExamChange.candidate_id == candidate.id, ExamChange.action == "choose"
    )
    own = set(db.session.execute(held).scalars())
    rows = db.session.execute(
        select(
            ExamChange.kept_at, ExamChange.candidate_id, ExamChange.action, ExamChange.unit_id, ExamChange.written_in
        )
        .where(*accepted, ExamChange.unit_id.in_(own) | ExamChange.before_unit_id.in_(own))
        .order_by(ExamChange.kept_at, ExamChange.id)
    )
    versions = versions_of(session.id, until=last)
    ended = bool(versions) and versions[-1].at > last
    shown: list[Move] = []
    unseen: list[Move] = []
    for row in rows:
        unit = row.unit_id if row.action == "choose" and row.unit_id in own else None
        first = first_showing(versions, row.written_in)
        if first is not None:
            shown.append(Move(first.at, row.candidate_id, unit, first.version))
        elif not ended:
            unseen.append(Move(milliseconds(row.kept_at), row.candidate_id, unit))
    return sorted(shown, key=lambda move: move.version or 0) + unseen


def _told(figure: Figure, names: dict[int, tuple[str, str]]) -> dict[str, Any]:
    code, name = (None, None) if figure.unit is None else names[figure.unit]
    at = datetime.fromtimestamp(figure.at / 1000, tz=clock.SHANGHAI)
    return {
        "at": told_at(at),
        "unit": code,
        "unit_name": name,
        "rank": figure.rank,
        "level_with": figure.level_with,
        "plan": figure.plan,
        "inside": figure.inside,
        "by": "record" if figure.version is None else "version",
        "version": figure.version,
        "word": say(WITHOUT_VERSION) if figure.version is None else None,
    }

"""What the exam office watches: load, bands, refusals, who has entered nothing."""

from datetime import timedelta
from typing import Any

from sqlalchemy import func, select, text

from backend.foundation import clock
from backend.foundation.database import db
from backend.zhongkao.candidate_view import band_state
from backend.zhongkao.exam_places import bands_of
from backend.zhongkao.rows import ExamChange, ExamChoice, ExamClosing, ExamSession

MINUTES_SHOWN = 60
_LOAD = """
SELECT date_trunc('minute', arrived_at) AS minute, count(*) AS many, count(*) FILTER (WHERE refused IS NOT NULL) AS no
FROM exam_change WHERE session_id = :session AND arrived_at >= :since GROUP BY 1 ORDER BY 1
"""


def load_of(session: ExamSession) -> list[dict[str, Any]]:
    """Wishes by minute of the last hour of choosing: all, and those refused."""
    last = db.session.execute(
        select(func.max(ExamChange.arrived_at)).where(ExamChange.session_id == session.id)
    ).scalar_one()
    if last is None:
        return []
    found = db.session.execute(text(_LOAD), {"session": session.id, "since": last - timedelta(minutes=MINUTES_SHOWN)})
    return [
        {"minute": f"{row.minute.astimezone(clock.SHANGHAI):%H:%M}", "many": row.many, "refused": row.no}
        for row in found
    ]


def band_rows(session: ExamSession) -> list[dict[str, Any]]:
    """Each band: limits, times, state, how many are in it, hold something, hold nothing; its closing."""
    now = clock.now()
    counts = {
        row.band_id: (row.people, row.holders)
        for row in db.session.execute(
            select(
                ExamChoice.band_id,
                func.count().label("people"),
                func.count(ExamChoice.unit_id).label("holders"),
            )
            .where(ExamChoice.session_id == session.id, ExamChoice.locked_by.is_(None))
            .group_by(ExamChoice.band_id)
        )
    }
    closings = {one.band_id: one for one in db.session.execute(select(ExamClosing)).scalars()}
    return [
        {
            "band": band,
            "state": band_state(band, now),
            "people": counts.get(band.id, (0, 0))[0],
            "holders": counts.get(band.id, (0, 0))[1],
            "nothing": counts.get(band.id, (0, 0))[0] - counts.get(band.id, (0, 0))[1],
            "seconds_left": int((band.close_at - now).total_seconds()),
            "closing": closings.get(band.id),
        }
        for band in bands_of(session.id)
    ]


def refusals_of(session: ExamSession) -> list[tuple[str, int]]:
    """How many wishes were refused, by reason, the most frequent first."""
    found = db.session.execute(
        select(ExamChange.refused, func.count())
        .where(ExamChange.session_id == session.id, ExamChange.refused.is_not(None))
        .group_by(ExamChange.refused)
        .order_by(func.count().desc())
    )
    return [(str(reason), many) for reason, many in found]

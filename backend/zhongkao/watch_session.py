"""What the exam office watches: load, bands, refusals, who has entered nothing."""

from datetime import timedelta
from typing import Any

from sqlalchemy import func, select, text

from backend.foundation import clock
from backend.foundation.database import db
from backend.zhongkao.candidate_view import band_state
from backend.zhongkao.exam_places import bands_of, rules_of_session
from backend.zhongkao.gateways import live_boards
from backend.zhongkao.rows import ExamChange, ExamChoice, ExamClosing, ExamSession

MINUTES_SHOWN = 60
_LOAD = """
SELECT m.minute, count(c.id) AS many, count(c.refused) AS no
FROM generate_series(date_trunc('minute', CAST(:since AS timestamptz)), CAST(:last AS timestamptz), interval '1 minute')
  AS m(minute)
LEFT JOIN exam_change c ON c.session_id = :session AND c.arrived_at >= m.minute
  AND c.arrived_at < m.minute + interval '1 minute'
GROUP BY 1 ORDER BY 1
"""


def ranks_age(session: ExamSession) -> int | None:
    """How many seconds ago this host's live ranks were last known to be the record's state; -1 where there are none yet.

    None where the session has none: it is not being chosen in, or its engine is the parallel one.
    """
    if session.state != "listed" or rules_of_session(session).engine != "live":
        return None
    boards = live_boards()
    reader = boards.reader(session.id)
    return -1 if reader is None else max(0, boards.now(reader) - reader.confirmed_at) // 1000


def load_of(session: ExamSession) -> list[dict[str, Any]]:
    """Wishes in each minute of the last hour of choosing: all, and those refused; quiet minutes too."""
    arrived = select(func.min(ExamChange.arrived_at), func.max(ExamChange.arrived_at))
    first, last = db.session.execute(arrived.where(ExamChange.session_id == session.id)).one()
    if last is None:
        return []
    since = max(first, last - timedelta(minutes=MINUTES_SHOWN - 1))
    found = db.session.execute(text(_LOAD), {"session": session.id, "since": since, "last": last})
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

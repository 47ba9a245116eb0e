"""What the exam office watches: load, bands, refusals, who has entered nothing, late leavers."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import func, select, text

from backend.foundation import clock
from backend.foundation.database import db
from backend.zhongkao.candidate_view import band_state
from backend.zhongkao.exam_places import bands_of, rules_of_session, units_of_session
from backend.zhongkao.rows import ExamCandidate, ExamChange, ExamChoice, ExamClosing, ExamSession
from backend.zhongkao.rules.instants import milliseconds
from backend.zhongkao.rules.late_leavers import Leave, late_leavers
from backend.zhongkao.session_value import name_of

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


def late_leavers_of(session: ExamSession) -> list[dict[str, Any]]:
    """Late leavers with who filled the gap, by names of the session, and whether both used one device."""
    bands = {band.id: milliseconds(band.close_at) for band in bands_of(session.id)}
    people = db.session.execute(
        select(ExamChoice.candidate_id, ExamChoice.band_id, ExamCandidate.standing, ExamCandidate.junior)
        .join(ExamCandidate, ExamCandidate.id == ExamChoice.candidate_id)
        .where(ExamChoice.session_id == session.id)
    ).all()
    changes = db.session.execute(
        select(ExamChange)
        .where(ExamChange.session_id == session.id, ExamChange.refused.is_(None))
        .order_by(ExamChange.arrived_at, ExamChange.id)
    ).scalars()
    rows = list(changes)
    devices, juniors = _devices(rows), {row.candidate_id: row.junior for row in people}
    units = {unit.id: (unit.name, plan) for unit, plan in units_of_session(session.id)}
    found = late_leavers(
        [_leave(change) for change in rows],
        {row.candidate_id: bands.get(row.band_id, 0) for row in people},
        {row.candidate_id: row.standing for row in people},
        {unit_id: plan for unit_id, (_, plan) in units.items()},
        rules_of_session(session).late_minutes,
    )
    return [
        {
            "leaver": name_of(one.candidate),
            "unit": units[one.unit][0],
            "seconds_before_close": one.before_close / 1000,
            "rank": one.rank,
            "plan": one.plan,
            "to": units[one.to][0] if one.to else None,
            "filled_by": [name_of(who) for who in one.filled_by],
            "entered_after": [name_of(who) for who in one.entered_after],
            "same_device": any(devices.get(one.candidate, set()) & devices.get(who, set()) for who in one.filled_by),
            "same_junior": any(juniors[one.candidate] == juniors[who] for who in one.entered_after),
        }
        for one in found
    ]


def _leave(change: ExamChange) -> Leave:
    """An accepted change as the rule looks at it."""
    entered = change.unit_id if change.action == "choose" else None
    return Leave(milliseconds(change.arrived_at), change.candidate_id, change.before_unit_id, entered)


def _devices(changes: Sequence[ExamChange]) -> dict[int, set[bytes]]:
    """The devices that each candidate changed his choice on."""
    found: dict[int, set[bytes]] = {}
    for change in changes:
        if change.device:
            found.setdefault(change.candidate_id, set()).add(change.device)
    return found

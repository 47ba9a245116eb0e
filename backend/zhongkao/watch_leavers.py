"""防占位监测: late leavers of a session and what their leaving came to, from the last minutes' changes alone (wish 6).

Only what arrived in the last minutes before each band's close is read, upon what was held when they began: a session has
millions of changes.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import func, select

from backend.foundation.database import db
from backend.zhongkao.exam_places import bands_of, rules_of_session, units_of_session
from backend.zhongkao.rows import ExamBand, ExamCandidate, ExamChange, ExamChoice, ExamSession
from backend.zhongkao.rules.instants import milliseconds
from backend.zhongkao.rules.last_moves import LastMoves, last_moves
from backend.zhongkao.rules.late_leavers import LateLeaver, Leave, leavings, with_gaps
from backend.zhongkao.session_value import name_of
from backend.zhongkao.take_reading import held_at


@dataclass(frozen=True)
class Watched:
    """A session's late leavers beside what everybody holds, his standing, his junior school, and the places by unit."""

    leavers: list[LateLeaver]
    final: dict[int, int | None]
    standing_of: dict[int, int]
    junior_of: dict[int, str]
    plan: dict[int, int]


def watch_leavers(session: ExamSession) -> Watched:
    """The late leavers of every band, in the order of their leaving."""
    people = db.session.execute(
        select(
            ExamChoice.candidate_id,
            ExamChoice.band_id,
            ExamChoice.unit_id,
            ExamCandidate.standing,
            ExamCandidate.junior,
        )
        .join(ExamCandidate, ExamCandidate.id == ExamChoice.candidate_id)
        .where(ExamChoice.session_id == session.id)
    ).all()
    bands = bands_of(session.id)
    close_of = {band.id: milliseconds(band.close_at) for band in bands}
    closes = {row.candidate_id: close_of[row.band_id] for row in people if row.band_id is not None}
    standing_of = {row.candidate_id: row.standing or 0 for row in people}
    plan = {unit.id: places for unit, places in units_of_session(session.id)}
    minutes = rules_of_session(session).late_minutes
    found: dict[tuple[int, int], LateLeaver] = {}
    for band in bands:
        before, leaves = _window(session, band, minutes)
        here = leavings(before, leaves, closes, standing_of, plan, minutes)
        found |= {(one.candidate, one.unit): one for one in here if closes[one.candidate] == close_of[band.id]}
    final = {row.candidate_id: row.unit_id for row in people}
    leavers = with_gaps(found.values(), final, lambda one, unit: _entry(session, one, unit)[0], standing_of)
    return Watched(leavers, final, standing_of, {row.candidate_id: row.junior for row in people}, plan)


def _window(session: ExamSession, band: ExamBand, minutes: int) -> tuple[dict[int, int], list[Leave]]:
    """What was held when the band's last minutes began, and the accepted changes that arrived in them."""
    begins = band.close_at - timedelta(minutes=minutes)
    found = db.session.execute(
        select(
            ExamChange.arrived_at,
            ExamChange.candidate_id,
            ExamChange.before_unit_id,
            ExamChange.action,
            ExamChange.unit_id,
        )
        .where(
            ExamChange.session_id == session.id,
            ExamChange.refused.is_(None),
            ExamChange.arrived_at >= begins,
            ExamChange.arrived_at < band.close_at,
        )
        .order_by(ExamChange.arrived_at, ExamChange.id)
    )
    leaves = [
        Leave(
            milliseconds(row.arrived_at),
            row.candidate_id,
            row.before_unit_id,
            row.unit_id if row.action == "choose" else None,
        )
        for row in found
    ]
    return held_at(session.id, begins), leaves


def _entry(session: ExamSession, candidate_id: int, unit_id: int) -> tuple[int, int | None]:
    """When the candidate last came into the unit, and what he held before; (0, None) where he never did."""
    row = db.session.execute(
        select(ExamChange.arrived_at, ExamChange.before_unit_id)
        .where(
            ExamChange.session_id == session.id,
            ExamChange.candidate_id == candidate_id,
            ExamChange.refused.is_(None),
            ExamChange.action == "choose",
            ExamChange.unit_id == unit_id,
            ExamChange.before_unit_id.is_distinct_from(unit_id),
        )
        .order_by(ExamChange.id.desc())
        .limit(1)
    ).one_or_none()
    return (0, None) if row is None else (milliseconds(row.arrived_at), row.before_unit_id)


def last_moves_of(session: ExamSession, watched: Watched) -> LastMoves:
    """Pairs, chains, and the admission without them."""
    came_from = {
        (friend, one.unit): _entry(session, friend, one.unit)[1]
        for one in watched.leavers
        for friend in one.entered_after
    }
    return last_moves(watched.leavers, watched.final, came_from, watched.standing_of, watched.plan)


def leaver_rows(session: ExamSession, watched: Watched) -> list[dict[str, Any]]:
    """Late leavers with who filled the gap, by names of the session, and whether both used one device."""
    names = {unit.id: unit.name for unit, _ in units_of_session(session.id)}
    devices = _devices(session, {who for one in watched.leavers for who in (one.candidate, *one.filled_by)})
    junior_of = watched.junior_of
    return [
        {
            "leaver": name_of(one.candidate),
            "unit": names[one.unit],
            "seconds_before_close": one.before_close / 1000,
            "rank": one.rank,
            "plan": one.plan,
            "to": names[one.to] if one.to else None,
            "filled_by": [name_of(who) for who in one.filled_by],
            "entered_after": [name_of(who) for who in one.entered_after],
            "same_device": any(devices.get(one.candidate, set()) & devices.get(who, set()) for who in one.filled_by),
            "same_junior": any(junior_of[one.candidate] == junior_of[who] for who in one.entered_after),
        }
        for one in watched.leavers
    ]


def _devices(session: ExamSession, people: Iterable[int]) -> dict[int, set[bytes]]:
    """The devices that each of these candidates changed his choice on."""
    rows = db.session.execute(
        select(ExamChange.candidate_id, func.array_agg(ExamChange.device.distinct()).label("devices"))
        .where(
            ExamChange.session_id == session.id,
            ExamChange.candidate_id.in_(sorted(people)),
            ExamChange.refused.is_(None),
            ExamChange.device.is_not(None),
        )
        .group_by(ExamChange.candidate_id)
    )
    return {row.candidate_id: set(row.devices) for row in rows}

"""托管志愿: move those who left a list to the first unit on it that would admit them, through the one way into the record."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import select

from backend.foundation import clock
from backend.foundation.database import db
from backend.foundation.tasks import put_task
from backend.zhongkao.change_choice import keep_wishes
from backend.zhongkao.choice_ground import ground_of, read_windows
from backend.zhongkao.exam_places import bands_of, rules_of_session
from backend.zhongkao.rows import ExamCandidate, ExamChoice, ExamSession, StandingOrder
from backend.zhongkao.rules.instants import milliseconds
from backend.zhongkao.rules.judging import Window
from backend.zhongkao.rules.standing_orders import Lister, settle_lists
from backend.zhongkao.wishes import Kept, Wish

PAUSE = timedelta(seconds=15)
"""How long the lists rest between two rounds of moving; the round at a band's closing is the one that decides."""
BEHIND = timedelta(seconds=2)
"""A round's wishes count as of a little earlier, so that none of them overtakes a candidate's own that is on its way."""


@dataclass(frozen=True, slots=True)
class _Held:
    candidate_id: int
    standing: int
    band_id: int | None
    unit_id: int | None
    order: tuple[int, ...]
    given_at: datetime | None


def move_standing_orders(session_id: int) -> None:
    """One round for all open bands, and the next one put on; ends with the last band."""
    session = db.session.get(ExamSession, session_id)
    if session is None or session.state != "listed" or rules_of_session(session).engine == "parallel":
        return
    now = clock.now()
    open_bands = [
        band.id
        for band in bands_of(session_id)
        if band.closed_at is None and band.open_at <= now - BEHIND and now < band.close_at
    ]
    if open_bands and session.paused_at is None:
        move_lists(session_id, open_bands, now - BEHIND)
    upcoming = [band.open_at for band in bands_of(session_id) if band.closed_at is None and band.close_at > now]
    if upcoming:
        put_next_round(session_id, max(now + PAUSE, min(upcoming)))


def put_next_round(session_id: int, at: datetime) -> None:
    """Let the lists be moved at `at`; at most once in each pause."""
    slot = int(at.timestamp() // PAUSE.total_seconds())
    put_task(
        "move-standing-orders",
        f"{session_id}/{slot}",
        {"session_id": session_id},
        due_at=at,
    )


def move_lists(session_id: int, band_ids: Collection[int], at: datetime) -> list[Kept]:
    """Move the lists of these bands as if the wishes arrived at `at`; what the windows would refuse is not tried.

    Everybody else counts with what he holds, and so does who can no longer be moved. Where no unit of a list would
    admit its candidate he keeps what he holds, or waits in the first unit of the list.
    """
    held = _held(session_id, set(band_ids))
    if not any(one.order for one in held):
        return []
    connection = db.session.connection()
    ground, standing = ground_of(connection, session_id), read_windows(connection, session_id)
    plan = {unit.id: unit.plan for unit in ground.units.values()}
    moments = {
        one.candidate_id: moment
        for one in held
        if one.order and (moment := _moment(one, standing.bands[one.band_id or 0].window, at)) is not None
    }
    settled = settle_lists(
        [Lister(one.candidate_id, one.standing, _units(one, one.candidate_id in moments)) for one in held], plan
    )
    wishes = [
        Wish(one.candidate_id, "choose", target, moments[one.candidate_id], source="standing-order")
        for one in held
        if one.candidate_id in moments
        and (target := settled[one.candidate_id] or one.unit_id or one.order[0]) != one.unit_id
    ]
    return keep_wishes(connection, ground, wishes) if wishes else []


def _units(one: _Held, is_moved: bool) -> tuple[int, ...]:  # noqa: FBT001  # one fact about the row beside it
    """The list, behind it what is held already: that place stays his where the list leads nowhere."""
    own = () if one.unit_id is None else (one.unit_id,)
    return (*one.order, *(unit for unit in own if unit not in one.order)) if is_moved else own


def _moment(one: _Held, window: Window, at: datetime) -> datetime | None:
    """As of when the candidate may be moved: `at`, or the last moment before nothing new may be begun, if his list was
    there by then (the round came late). None where the windows refuse both.
    """
    last_first = window.no_first_from
    if one.unit_id is None and last_first is not None and milliseconds(at) >= last_first:
        at = datetime.fromtimestamp((last_first - 1) / 1000, UTC)
        if one.given_at is None or milliseconds(one.given_at) >= last_first:
            return None
    return at if window.judge(milliseconds(at), "choose", holds_a_unit=one.unit_id is not None) is None else None


def _held(session_id: int, band_ids: set[int]) -> Sequence[_Held]:
    live = (
        select(StandingOrder.candidate_id, StandingOrder.units, StandingOrder.given_at)
        .where(StandingOrder.session_id == session_id, StandingOrder.ended_at.is_(None))
        .subquery()
    )
    found = db.session.execute(
        select(
            ExamChoice.candidate_id,
            ExamCandidate.standing,
            ExamChoice.band_id,
            ExamChoice.unit_id,
            ExamChoice.locked_by,
            live.c.units,
            live.c.given_at,
        )
        .join(ExamCandidate, ExamCandidate.id == ExamChoice.candidate_id)
        .outerjoin(live, live.c.candidate_id == ExamChoice.candidate_id)
        .where(ExamChoice.session_id == session_id, ExamChoice.unit_id.is_not(None) | live.c.units.is_not(None))
    )
    return [
        _Held(
            row.candidate_id,
            row.standing,
            row.band_id,
            row.unit_id,
            tuple(row.units) if row.units and row.band_id in band_ids and row.locked_by is None else (),
            row.given_at,
        )
        for row in found
    ]

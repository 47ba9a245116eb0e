"""托管志愿: leave an ordered list that the system moves along, replace it, or take it back (wishes 5)."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select, update

from backend.foundation.audit import record
from backend.foundation.database import db
from backend.foundation.problems import Refusal
from backend.zhongkao.choice_ground import ground_of, hold_bands, read_windows
from backend.zhongkao.exam_places import applicant_of, rules_of_session
from backend.zhongkao.move_standing_orders import move_lists
from backend.zhongkao.refusals import AdmittedEarlier, BandNotOpen, ChoiceLocked, UnitNotForYou, UnitUnknown
from backend.zhongkao.reserved_units import reserved_of
from backend.zhongkao.rows import ExamCandidate, ExamChoice, ExamSession, StandingOrder
from backend.zhongkao.rules.eligibility import why_not
from backend.zhongkao.rules.instants import milliseconds


class ListTooLong(Refusal):
    """A standing order names at least one unit, none twice, and no more than the year's rules allow."""

    code = "standing-order-length"
    status = 422


def give_standing_order(
    candidate: ExamCandidate, session: ExamSession, codes: Sequence[str], arrived_at: datetime
) -> StandingOrder:
    """The list as it now stands; inside his band the candidate is moved at once. A former list ends.

    Raises ListTooLong, UnitUnknown, UnitNotForYou, AdmittedEarlier, BandNotOpen (the band is closed), ChoiceLocked
    (nothing new may be begun any more: a list would be a promise that cannot be kept).
    """
    choice = _open_choice(candidate, session, arrived_at)
    window = read_windows(db.session.connection(), session.id).bands[choice.band_id or 0].window
    is_live = rules_of_session(session).engine == "live"
    last_first = window.no_first_from
    if is_live and choice.unit_id is None and last_first is not None and milliseconds(arrived_at) >= last_first:
        raise ChoiceLocked
    most = rules_of_session(session).standing_order_most
    if not 0 < len(codes) <= most or len(set(codes)) != len(codes):
        raise ListTooLong(most=most)
    units = _units(candidate, session, codes)
    _end(session, candidate, arrived_at)
    order = StandingOrder(session_id=session.id, candidate_id=candidate.id, units=units, given_at=arrived_at)
    db.session.add(order)
    db.session.flush()
    record("standing-order.given", "exam-candidate", candidate.id, session=session.code, units=len(units))
    if is_live and session.paused_at is None and window.open_at <= milliseconds(arrived_at) < window.close_at:
        move_lists(session.id, [choice.band_id or 0], arrived_at)
    return order


def end_standing_order(candidate: ExamCandidate, session: ExamSession, arrived_at: datetime) -> None:
    """Take the list back; what is held stays held. Raises AdmittedEarlier, BandNotOpen."""
    _open_choice(candidate, session, arrived_at)
    if _end(session, candidate, arrived_at):
        record("standing-order.ended", "exam-candidate", candidate.id, session=session.code)


def standing_order_of(candidate_id: int, session_id: int) -> StandingOrder | None:
    """The candidate's list in the session, or None."""
    return db.session.execute(
        select(StandingOrder).where(
            StandingOrder.session_id == session_id,
            StandingOrder.candidate_id == candidate_id,
            StandingOrder.ended_at.is_(None),
        )
    ).scalar_one_or_none()


def _open_choice(candidate: ExamCandidate, session: ExamSession, arrived_at: datetime) -> ExamChoice:
    """The candidate's choice, his band held open until the transaction ends."""
    connection = db.session.connection()
    hold_bands(connection, session.id, [candidate.id])
    choice = db.session.get(ExamChoice, (session.id, candidate.id), populate_existing=True)
    if choice is None or choice.band_id is None:
        raise BandNotOpen
    if choice.locked_by is not None:
        raise AdmittedEarlier
    band = read_windows(connection, session.id).bands[choice.band_id]
    if band.is_closed or milliseconds(arrived_at) >= band.window.close_at:
        raise BandNotOpen
    return choice


def _units(candidate: ExamCandidate, session: ExamSession, codes: Sequence[str]) -> list[int]:
    by_code = {unit.code: unit for unit in ground_of(db.session.connection(), session.id).units.values()}
    applicant, reserved = applicant_of(candidate), reserved_of(session)
    for code in codes:
        if code not in by_code or (reserved is not None and by_code[code].id in reserved.open_of):
            raise UnitUnknown
        unit = by_code[code]
        reason = why_not(applicant, unit.terms)
        if reason is not None and (reserved is None or reserved.of_applicant(applicant, unit.id) is None):
            raise UnitNotForYou(reason=reason.value, unit=code)
    return [by_code[code].id for code in codes]


def _end(session: ExamSession, candidate: ExamCandidate, at: datetime) -> bool:
    ended = db.session.execute(
        update(StandingOrder)
        .where(
            StandingOrder.session_id == session.id,
            StandingOrder.candidate_id == candidate.id,
            StandingOrder.ended_at.is_(None),
        )
        .values(ended_at=at)
    )
    return bool(ended.rowcount)  # type: ignore[attr-defined]

"""Parallel choice with reserved places: at the close one run seats everybody by his list, and the record holds the seats.

What a junior school does not use of its reserve becomes open places of that session, in the same transaction, and is
told in public. The seats are checked against the lists by a second program before the admission is released (X10).
"""

from collections.abc import Iterator, Mapping
from datetime import datetime

from sqlalchemy import select, update

from backend.foundation.database import db
from backend.notices.sentences import say
from backend.zhongkao.change_choice import keep_wishes
from backend.zhongkao.choice_ground import ground_of
from backend.zhongkao.command_session import remark
from backend.zhongkao.exam_places import applicant_of
from backend.zhongkao.reserved_units import Reserved
from backend.zhongkao.rows import ExamCandidate, ExamChoice, ExamSession, SessionUnit, StandingOrder
from backend.zhongkao.rules.eligibility import why_not
from backend.zhongkao.rules.reserves import Claim, Claimant, Places, Seat, reserve_faults, settle_reserves, unused
from backend.zhongkao.unit_terms import unit_terms
from backend.zhongkao.wishes import Wish

OWN, FALLEN = "own", "quota-unused"


def seat_lists(session: ExamSession, reserved: Reserved, at: datetime) -> None:
    """Seat everybody who left a list, as of `at`; the plans of the session then say which places were used as what."""
    claimants, places = _claimants(session, reserved), _places(session, reserved)
    seats = settle_reserves(claimants, places, reserved.first)
    wishes = [
        Wish(name, "choose", seat.school if seat.reserve is None else seat.reserve, at, source="standing-order")
        for name, seat in sorted(seats.items())
        if seat is not None
    ]
    connection = db.session.connection()
    keep_wishes(connection, ground_of(connection, session.id), wishes)
    taken = [seat for seat in seats.values() if seat is not None]
    for school, there in places.items():
        left = unused(there, [seat for seat in taken if seat.school == school])
        if fallen := sum(left.values()):
            _plan(session, school, there.open + fallen, {OWN: there.open, FALLEN: fallen})
            for reserve, many in left.items():
                _plan(session, reserve, there.reserved[reserve] - many, {OWN: there.reserved[reserve], FALLEN: -many})
            remark(session, say("exam.book.quota-fallen", unit=reserved.units[school].name, places=fallen), None)


def list_faults(session: ExamSession, reserved: Reserved) -> Iterator[str]:
    """What is wrong with what is held, by the lists and the plans as they were before anything fell to the open places."""
    reserve_at = {unit: (at, unit) for unit, at in reserved.open_of.items()}
    claimants = _claimants(session, reserved)
    held = _held(session)
    seats: dict[int, Seat | None] = {}
    for one in claimants:
        unit = held.get(one.id)
        school, reserve = reserve_at.get(unit or 0, (unit, None))
        seats[one.id] = None if school is None else Seat(school, reserve)
    known = {one.id for one in claimants}
    yield from (f"{name} holds a place and left no list" for name in held if name not in known)
    yield from reserve_faults(claimants, _places(session, reserved), reserved.first, seats)


def _held(session: ExamSession) -> Mapping[int, int]:
    found = db.session.execute(
        select(ExamChoice.candidate_id, ExamChoice.unit_id).where(
            ExamChoice.session_id == session.id, ExamChoice.unit_id.is_not(None)
        )
    )
    return {row.candidate_id: row.unit_id for row in found if row.unit_id is not None}


def _plan(session: ExamSession, unit: int, plan: int, made_of: Mapping[str, int]) -> None:
    which = (SessionUnit.session_id == session.id, SessionUnit.unit_id == unit)
    db.session.execute(update(SessionUnit).where(*which).values(plan=plan, made_of=dict(made_of)))


def _places(session: ExamSession, reserved: Reserved) -> dict[int, Places]:
    """By open unit, its own places and its reserves', as the session was listed."""
    found = db.session.execute(
        select(SessionUnit.unit_id, SessionUnit.plan, SessionUnit.made_of).where(SessionUnit.session_id == session.id)
    )
    plan = {row.unit_id: row.made_of.get(OWN, row.plan) for row in found}
    return {
        unit: Places(many, {reserve: plan[reserve] for reserve, at in reserved.open_of.items() if at == unit})
        for unit, many in plan.items()
        if unit not in reserved.open_of
    }


def _claimants(session: ExamSession, reserved: Reserved) -> list[Claimant]:
    """Everybody with a live list who is not admitted earlier, with what each wish gives him a right to."""
    found = db.session.execute(
        select(ExamCandidate, StandingOrder.units)
        .join(StandingOrder, StandingOrder.candidate_id == ExamCandidate.id)
        .join(ExamChoice, ExamChoice.candidate_id == ExamCandidate.id)
        .where(
            StandingOrder.session_id == session.id,
            StandingOrder.ended_at.is_(None),
            ExamChoice.session_id == session.id,
            ExamChoice.band_id.is_not(None),
            ExamChoice.locked_by.is_(None),
        )
        .order_by(ExamCandidate.id)
    ).all()
    return [Claimant(row[0].id, row[0].standing, tuple(_claims(row[0], row[1], reserved))) for row in found]


def _claims(candidate: ExamCandidate, units: list[int], reserved: Reserved) -> Iterator[Claim]:
    applicant = applicant_of(candidate)
    for unit in units:
        is_open = why_not(applicant, unit_terms(reserved.units[unit])) is None
        yield Claim(unit, is_open, reserved.of_applicant(applicant, unit))

"""A confirmed error repairs its twins: every file of the stage that the same fault has hit is found (wishes 12)."""

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import select

from backend.enrolment.rows import Application
from backend.foundation import clock
from backend.foundation.database import db
from backend.foundation.problems import Refusal
from backend.placement.rounds import published_rounds
from backend.placement.rows import PlacementRow
from backend.seats.rows import Seat
from backend.verification.rows import Case, Check

FAULTS = {
    "unit": "片区表把这个地址单元划错了",
    "answer": "部门那一天的核验结果有误",
    "official": "工作人员对这一类材料的认定有误",
    "key": "排序依据登记有误或缺失",
}
"""A kind of fault → its name at the desk; which files it hits follows from the file it was found in."""


class FaultUnknown(Refusal):
    """There is no such kind of fault."""

    code = "fault-unknown"
    status = 422


def files_hit(application: Application, fault: str) -> list[Application]:
    """The other published files of the stage that the fault of this file has hit, by receipt. Raises FaultUnknown."""
    find = FINDERS.get(fault)
    if find is None:
        raise FaultUnknown
    runs = [run.id for run, _ in published_rounds(application.banner, application.stage)]
    published = select(PlacementRow.application_id).where(PlacementRow.run_id.in_(runs))
    found = db.session.execute(
        select(Application)
        .where(Application.id.in_(published), Application.id != application.id)
        .order_by(Application.receipt)
    ).scalars()
    is_hit = find(application)
    return [one for one in found if is_hit(one)]


Hit = Callable[[Application], bool]


def _same_unit(application: Application) -> Hit:
    """Everybody of the same address unit."""
    return lambda one: one.unit_code is not None and one.unit_code == application.unit_code


def _same_answer(application: Application) -> Hit:
    """Everybody to whom the same department gave the same kind of unfavourable answer on the same day."""
    told = _answers(application)
    return lambda one: bool(told & _answers(one))


def _answers(application: Application) -> set[tuple[str, str, str, str]]:
    rows = db.session.execute(
        select(Check).where(
            Check.application_id == application.id,
            Check.state.in_(("mismatch", "not-found")),
            Check.answered_at.is_not(None),
        )
    ).scalars()
    return {(row.department, row.item, row.state, _day(row.answered_at)) for row in rows if row.answered_at}


def _day(moment: datetime) -> str:
    return moment.astimezone(clock.SHANGHAI).date().isoformat()


def _same_official(application: Application) -> Hit:
    """Everybody whose case the same official decided the same way for the same kind of reason."""
    told = _decisions(application)
    return lambda one: bool(told & _decisions(one))


def _decisions(application: Application) -> set[tuple[str, str, str]]:
    rows = db.session.execute(
        select(Case).where(Case.application_id == application.id, Case.decided_at.is_not(None))
    ).scalars()
    return {(str(row.decided_by), row.decision or "", row.reason_code or "") for row in rows}


def _same_key(application: Application) -> Hit:
    """Everybody of the same seat type whose order keys lack what this file lacks, or where nothing lacks, stand equal."""
    own = db.session.get(Seat, application.id)
    if own is None:
        return lambda _: False
    lacking = {key for key, value in own.keys.items() if value is None}

    def is_hit(one: Application) -> bool:
        seat = db.session.get(Seat, one.id)
        if seat is None or seat.seat_type != own.seat_type:
            return False
        return any(seat.keys.get(key) is None for key in lacking) if lacking else seat.keys == own.keys

    return is_hit


FINDERS: dict[str, Callable[[Application], Hit]] = {
    "unit": _same_unit,
    "answer": _same_answer,
    "official": _same_official,
    "key": _same_key,
}

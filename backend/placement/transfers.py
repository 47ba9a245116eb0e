"""Transfers by free seats (D15): which schools have room for a child, and what the book asks before one is signed.

When, where to, who goes first and whether the waiting list goes before: `[transfers]` of the book.
"""

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import select

from backend.enrolment.rows import Application
from backend.foundation.database import db
from backend.foundation.problems import Refusal
from backend.placement.rounds import HOLDING
from backend.placement.rows import PlacementRow, TransferRequest
from backend.placement.waiting_list import lines_of, seats_for_line
from backend.policy.books_in_force import book_in_force
from backend.policy.page_names import school_name
from backend.policy.places import overflow_of, schools_of, unit_position, zone_lines_of
from backend.policy.rules.after_words import transfer_days
from backend.policy.rules.nearest import squared_distance
from backend.policy.rules.times import BEIJING
from backend.seats.rows import Seat

TRANSFERABLE = ("placed", "confirmed")


class TransfersNotOffered(Refusal):
    """The book offers no transfers."""

    code = "transfers-not-offered"


class TransfersNotNow(Refusal):
    """Transfers are asked for on other days; `days` says which."""

    code = "transfers-not-now"


class AlreadyThere(Refusal):
    """The child has its place at this very school."""

    code = "already-there"
    status = 422


class NearerWithRoom(Refusal):
    """The book sends a transfer to the nearest school with room; `school` is it."""

    code = "nearer-with-room"


class SeatsWaitedFor(Refusal):
    """Every free seat of the school is waited for by somebody who goes first; `waiting` says by how many."""

    code = "seats-waited-for"


class TransferOutOfTurn(Refusal):
    """Others who asked for the school's free seats go first by the book; `receipt` is the first of them."""

    code = "transfer-out-of-turn"


def may_ask(application: Application, school: str, at: datetime) -> None:
    """Whether a transfer to the school may be asked for `at` this instant (aware).

    Raises TransfersNotOffered, TransfersNotNow, AlreadyThere.
    """
    book = book_in_force(application.banner)
    rule, day = book.transfers, at.astimezone(BEIJING).date().isoformat()
    if not rule.offered:
        raise TransfersNotOffered
    if (rule.from_on and day < rule.from_on) or (rule.to_on and day > rule.to_on):
        raise TransfersNotNow(days=transfer_days(book))
    if _school_of(application) == school:
        raise AlreadyThere


def room_at(application: Application, school: str, unit_code: str | None) -> int:
    """How many seats of the school are free for a transfer of this child now. Raises NearerWithRoom, SeatsWaitedFor."""
    book, stage = book_in_force(application.banner), application.stage
    room = schools_with_room(application.banner, stage, unit_code or application.unit_code or "", application)
    free = next((one["free"] for one in room if one["school"] == school), 0)
    if not free:
        raise SeatsWaitedFor(waiting=len(lines_of(application.banner, stage).get(school, [])))
    if book.transfers.to == "nearest-with-room" and room[0]["school"] != school:
        raise NearerWithRoom(school=school_name(room[0]["school"]))
    return int(free)


def may_sign(request: TransferRequest, application: Application) -> None:
    """Whether this transfer may take a seat now. Raises NearerWithRoom, SeatsWaitedFor, TransferOutOfTurn."""
    free = room_at(application, request.school, request.unit_code)
    ahead = ahead_of(request)
    if len(ahead) >= free:
        raise TransferOutOfTurn(receipt=ahead[0])


def schools_with_room(
    banner: str, stage: str, unit_code: str, application: Application | None = None
) -> list[dict[str, Any]]:
    """The public schools with seats free for a transfer, nearest first: those of the address, their overflow, the others.

    The others by their distance from the unit's middle where positions are known, then by code. `application` leaves
    out the school that the child has now.
    """
    now = _school_of(application) if application else None
    free = {school: seats for school, seats in _seats_for_transfers(banner, stage).items() if seats > 0}
    book = book_in_force(banner)
    own = sorted({line.school for line in zone_lines_of(banner, book.year, stage) if line.unit_code == unit_code})
    overflow = overflow_of(banner, stage)
    near = [*own, *(school for one in own for school in overflow.get(one, []))]
    ordered = dict.fromkeys([*near, *_by_distance(banner, stage, unit_code)])
    return [{"school": school, "free": free[school]} for school in ordered if school in free and school != now]


def _by_distance(banner: str, stage: str, unit_code: str) -> list[str]:
    at = unit_position(unit_code)
    ranked = []
    for school in schools_of(banner, stage):
        is_unknown = at is None or school.position is None
        far = 0 if at is None or school.position is None else squared_distance(at, school.position)
        ranked.append((is_unknown, far, school.code))
    return [code for _, _, code in sorted(ranked)]


def _seats_for_transfers(banner: str, stage: str) -> dict[str, int]:
    """School → free seats that nobody goes before a transfer for."""
    lines = lines_of(banner, stage) if book_in_force(banner).transfers.waiting_list_first else {}
    return {school: seats - len(lines.get(school, [])) for school, seats in seats_for_line(banner, stage).items()}


def ahead_of(request: TransferRequest) -> list[str]:
    """The receipts of the open requests for the same school that go before this one by the book, first first."""
    book = book_in_force(request.banner)
    year = select(Application.year).where(Application.id == request.application_id).scalar_subquery()
    found = db.session.execute(
        select(TransferRequest, Application.receipt, Seat.seat_type)
        .join(Application, Application.id == TransferRequest.application_id)
        .outerjoin(Seat, Seat.application_id == Application.id)
        .where(
            TransferRequest.school == request.school,
            TransferRequest.state == "open",
            Application.year == year,
            Application.state.in_(TRANSFERABLE),
        )
    )
    order = [kind.code for kind in book.ordinary_types(request.stage)]
    by_type = book.transfers.order == "seat-type"
    places = {
        one.id: (order.index(kind) if kind in order and by_type else len(order), one.asked_at, str(one.id), receipt)
        for one, receipt, kind in found
    }
    return [place[3] or "" for place in sorted(places.values()) if place < places[request.id]]


def _school_of(application: Application) -> str | None:
    held: uuid.UUID = application.id
    wanted = select(PlacementRow.school).where(PlacementRow.application_id == held, PlacementRow.state.in_(HOLDING))
    return db.session.execute(wanted).scalar_one_or_none()

"""Transfers by free seats (D15): which schools have room for a child, and what the book asks before one is signed.

When, where to, who goes first and whether the waiting list goes before: `[transfers]` of the book.
"""

import uuid
from typing import Any

from sqlalchemy import select

from backend.enrolment.rows import Application
from backend.foundation import clock
from backend.foundation.database import db
from backend.foundation.problems import Refusal
from backend.placement.rounds import HOLDING
from backend.placement.rows import PlacementRow, Proposal
from backend.placement.waiting_list import lines_of, seats_for_line
from backend.policy.books_in_force import book_in_force
from backend.policy.places import overflow_of, school_named, schools_of, unit_position, zone_lines_of
from backend.policy.rules.after_words import transfer_days
from backend.policy.rules.book import Book
from backend.policy.rules.nearest import squared_distance
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


def may_ask(application: Application, school: str) -> None:
    """Whether a transfer to the school may be asked for today.

    Raises TransfersNotOffered, TransfersNotNow, AlreadyThere.
    """
    book = book_in_force(application.banner)
    rule, today = book.transfers, clock.today().isoformat()
    if not rule.offered:
        raise TransfersNotOffered
    if (rule.from_on and today < rule.from_on) or (rule.to_on and today > rule.to_on):
        raise TransfersNotNow(days=transfer_days(book))
    if _school_of(application) == school:
        raise AlreadyThere


def may_sign(proposal: Proposal, application: Application) -> None:
    """Whether this transfer may take a seat now. Raises NearerWithRoom, SeatsWaitedFor, TransferOutOfTurn.

    A school without any free seat is the caller's to refuse.
    """
    book, school = book_in_force(proposal.banner), proposal.school
    unit = proposal.unit_code or application.unit_code or ""
    room = schools_with_room(proposal.banner, proposal.stage, unit, application)
    mine = next((one for one in room if one["school"] == school), None)
    if mine is None:
        raise SeatsWaitedFor(waiting=len(lines_of(proposal.banner, proposal.stage).get(school, [])))
    if book.transfers.to == "nearest-with-room" and room[0]["school"] != school:
        named = school_named(room[0]["school"])
        raise NearerWithRoom(school=named.name if named else room[0]["school"])
    ahead = _ahead_of(proposal, book)
    if len(ahead) >= mine["free"]:
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


def _ahead_of(proposal: Proposal, book: Book) -> list[str]:
    """The receipts of the open transfers to the same school that go before this one, first first."""
    found = db.session.execute(
        select(Proposal, Application.receipt, Seat.seat_type)
        .join(Application, Application.id == Proposal.application_id)
        .outerjoin(Seat, Seat.application_id == Application.id)
        .where(
            Proposal.kind == "transfer",
            Proposal.school == proposal.school,
            Proposal.approved_at.is_(None),
            Application.year == book.year,
            Application.state.in_(TRANSFERABLE),
        )
    )
    order = [kind.code for kind in book.ordinary_types(proposal.stage)]
    by_type = book.transfers.order == "seat-type"
    places = {
        one.id: (order.index(kind) if kind in order and by_type else len(order), one.proposed_at, str(one.id), receipt)
        for one, receipt, kind in found
    }
    return [place[3] or "" for place in sorted(places.values()) if place < places[proposal.id]]


def _school_of(application: Application) -> str | None:
    held: uuid.UUID = application.id
    wanted = select(PlacementRow.school).where(PlacementRow.application_id == held, PlacementRow.state.in_(HOLDING))
    return db.session.execute(wanted).scalar_one_or_none()

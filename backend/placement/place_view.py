"""A family's result with its why-card; nothing of it shows before the switch."""

import uuid
from typing import Any

from sqlalchemy import select

from backend.enrolment.applications import open_application
from backend.enrolment.rows import Application
from backend.foundation.database import db
from backend.identity.actors import Actor
from backend.notices.sentences import FIRST_LANGUAGE
from backend.placement.pre_admission import admits_by_filing, is_pre_admission
from backend.placement.rounds import ABSENT
from backend.placement.rows import PlacementRow
from backend.placement.why_view import why_view
from backend.policy.books_in_force import book_in_force, book_of_hash
from backend.policy.deadlines import deadline_after
from backend.policy.places import school_named
from backend.policy.rules.after_words import ADMITTED, PRE_ADMITTED
from backend.policy.rules.book import Book
from backend.publication.rows import PublishedRun, Run
from backend.seats.rows import Seat

HELD = ("placed", "confirmed", "enrolled", "recorded")
"""The states in which a family has a place; by a book that admits by filing they are told which kind."""


def place_view(actor: Actor, application_id: uuid.UUID, lang: str = FIRST_LANGUAGE) -> dict[str, Any]:
    """The result of one application as its family sees it, in the language `lang`; before the switch nothing of it shows."""
    _, application = open_application(actor, application_id, "child.read")
    seat, book = db.session.get(Seat, application.id), book_in_force(application.banner)
    view: dict[str, Any] = {
        "state": application.state,
        "receipt": application.receipt,
        "seat_type": {"code": seat.seat_type, "name": seat.seat_type_name} if seat else None,
        "seat_why": seat.why if seat else [],
        "school": None,
        "confirm_by": None,
        "interview": None,
        "is_absent": False,
        "published_at": None,
        "why": None,
        "confirms": book.confirmation.by,
        "choose_by": _choose_by(book, application, seat),
    }
    found = newest_row(application)
    return view | _shown(found, application, seat, lang) if found else view


def _choose_by(book: Book, application: Application, seat: Seat | None) -> str | None:
    """Until when the family may choose its school (C04), while it may."""
    if seat is None or application.state != "choosing":
        return None
    return deadline_after(book, "choice", seat.settled_at).isoformat()


def newest_row(application: Application) -> tuple[PlacementRow, Run | None, PublishedRun | None] | None:
    """The row that counts for the application, with its run; rows of unpublished runs are not seen.

    A place in a private school's line is no result: the child stands in the public list (`private_line.py`).
    """
    rows = db.session.execute(
        select(PlacementRow, Run, PublishedRun)
        .outerjoin(Run, Run.id == PlacementRow.run_id)
        .outerjoin(PublishedRun, PublishedRun.run_id == PlacementRow.run_id)
        .where(
            PlacementRow.application_id == application.id,
            PlacementRow.state != "superseded",
            Run.id.is_(None) | (Run.kind != "draw") | (PlacementRow.state != "unplaced"),
            PublishedRun.run_id.is_not(None) | PlacementRow.proposal_id.is_not(None),
        )
        .order_by(PublishedRun.switched_at.desc().nulls_first())
        .limit(1)
    ).all()
    return (rows[0][0], rows[0][1], rows[0][2]) if rows else None


def _shown(
    found: tuple[PlacementRow, Run | None, PublishedRun | None], application: Application, seat: Seat | None, lang: str
) -> dict[str, Any]:
    row, run, published = found
    book = book_of_hash(run.book_sha256) if run else book_in_force(application.banner)
    school = school_named(row.school) if row.school else None
    confirm_by = row.confirm_by
    if confirm_by is None and published is not None and row.school and row.interview != "due":
        confirm_by = deadline_after(book, "confirmation", published.switched_at)
    shown = {"drawn": "placed" if row.school else "unplaced", "offered": "placed", "confirmed": application.state}
    state = shown.get(row.state, row.state)
    why = why_view(row, run, book, application.stage, seat, lang)
    if school is not None and admits_by_filing(school) and state in HELD:
        why["text"] = [PRE_ADMITTED if is_pre_admission(school) else ADMITTED, *why["text"]]
    return {
        "state": state,
        "school": {"code": school.code, "name": school.name, "address": school.address} if school else None,
        "confirm_by": confirm_by.isoformat() if confirm_by else None,
        "interview": row.interview,
        "is_absent": row.answered_by == ABSENT,
        "published_at": published.switched_at.isoformat() if published else None,
        "why": why,
        "rule_of_silence": book.confirmation.text,
    }

"""The family's answer to an offered place (or the school's, where the book lets the school confirm): once, in time."""

import uuid
from datetime import datetime

from sqlalchemy import select

from backend.enrolment.applications import move_application, open_application
from backend.enrolment.rows import Application
from backend.foundation import clock
from backend.foundation.audit import record
from backend.foundation.database import db
from backend.foundation.logging import principal
from backend.foundation.problems import NotFound, Refusal
from backend.identity.actors import Actor
from backend.identity.authorize import authorize_office
from backend.identity.rules.roles import school_scopes
from backend.placement.announce_run import announce_placement
from backend.placement.rows import PlacementRow
from backend.placement.waiting_list import line_changed
from backend.policy.books_in_force import book_in_force, book_of_hash
from backend.policy.deadlines import deadline_after
from backend.policy.places import school_named
from backend.policy.rules.book import Book
from backend.publication.rows import PublishedRun, Run
from backend.seats.address_locks import free_home, lock_home
from backend.verification.facts import property_unit_of


class NoPlaceOffered(Refusal):
    """There is no offered place that waits for an answer."""

    code = "no-place-offered"


class AnswerTooLate(Refusal):
    """The deadline for the answer has passed."""

    code = "answer-too-late"


class SchoolConfirms(Refusal):
    """Here the school confirms after looking at the papers; the family brings them to the school."""

    code = "school-confirms"


class GuardianConfirms(Refusal):
    """Here the family confirms by itself; the school only looks."""

    code = "guardian-confirms"


class InterviewFirst(Refusal):
    """The private school holds its interview first (D10); then the place is confirmed."""

    code = "interview-first"


class RecordStays(Refusal):
    """The record is registered at the school and stays there (D28, D30)."""

    code = "record-stays"


def confirm_place(actor: Actor, application_id: uuid.UUID, arrived_at: datetime) -> PlacementRow:
    """The family takes the place. Raises NotFound, NoPlaceOffered, AnswerTooLate, SchoolConfirms,
    InterviewFirst.
    """
    _, application = open_application(actor, application_id, "place.answer", lock=True)
    if book_in_force(application.banner).confirmation.by == "school":
        raise SchoolConfirms
    row = offered_place(application)
    if row.state == "confirmed":
        return row
    return _take(application, row, arrived_at)


def decline_place(actor: Actor, application_id: uuid.UUID, arrived_at: datetime) -> PlacementRow:
    """The family does without the place; it is free again.

    Who gives up a private place is left over for the next public round (domain 2.10), never in the round he was off.
    A place that the family confirmed itself can still be given up until classes are formed; a record that was fixed at
    a school stays there (D28, D30). Raises NotFound, NoPlaceOffered, AnswerTooLate, RecordStays.
    """
    _, application = open_application(actor, application_id, "place.answer", lock=True)
    row = offered_place(application)
    if row.state == "declined":
        return row
    if row.state == "confirmed" and application.state == "confirmed":
        if book_in_force(application.banner).confirmation.by == "school":
            raise RecordStays
        free_home(application.child_id, application.stage, application.year)
    else:
        _still_in_time(row, arrived_at)
    _answer(row, "declined")
    school = school_named(row.school or "")
    if school is not None and school.private:
        move_application(application, "unplaced", "家长放弃民办学位，进入下一轮公办派位")
    else:
        move_application(application, "declined", "家长放弃学位")
    line_changed(application.banner, application.stage, f"declined/{row.id}")
    return row


def confirm_by_school(actor: Actor, school: str, application_id: uuid.UUID, arrived_at: datetime) -> PlacementRow:
    """The school has seen the papers and confirms online (D26, D27); where families confirm, it has no say.

    There is no other word that a school could give: it refuses no child (D04).
    Raises NotAllowed, NotFound, GuardianConfirms, NoPlaceOffered, AnswerTooLate, InterviewFirst.
    """
    application, row = place_at_school(actor, school, application_id)
    if book_in_force(application.banner).confirmation.by != "school":
        raise GuardianConfirms
    if row.state == "confirmed":
        return row
    return _take(application, row, arrived_at)


def place_at_school(actor: Actor, school: str, application_id: uuid.UUID) -> tuple[Application, PlacementRow]:
    """A child's application, held, with its place at the official's school. Raises NotAllowed, NotFound, NoPlaceOffered."""
    authorize_office(actor, "enrolment.confirm", school_scopes(school))
    application = db.session.get(Application, application_id, with_for_update=True)
    if application is None:
        raise NotFound
    row = offered_place(application)
    if row.school != school:
        raise NotFound
    return application, row


def offered_place(application: Application) -> PlacementRow:
    """The newest row of the application that is or was on offer; announced first where the task is still on its way."""
    row = db.session.execute(
        select(PlacementRow)
        .outerjoin(PublishedRun, PublishedRun.run_id == PlacementRow.run_id)
        .where(
            PlacementRow.application_id == application.id,
            PlacementRow.state.in_(("offered", "confirmed", "declined"))
            | ((PlacementRow.state == "drawn") & PublishedRun.run_id.is_not(None)),
        )
        .order_by(PublishedRun.switched_at.desc().nulls_first())
        .limit(1)
        .with_for_update(of=PlacementRow)
    ).scalar_one_or_none()
    if row is not None and row.state == "drawn" and row.run_id is not None:
        run = db.session.get_one(Run, row.run_id)
        book = book_of_hash(run.book_sha256)
        switched_at = db.session.get_one(PublishedRun, (run.kind, run.scope)).switched_at
        announce_placement(row, book, deadline_after(book, "confirmation", switched_at))
    if row is None or row.state == "unplaced":
        raise NoPlaceOffered
    return row


def _still_in_time(row: PlacementRow, arrived_at: datetime) -> None:
    if row.state != "offered":
        raise NoPlaceOffered
    if row.confirm_by is not None and arrived_at >= row.confirm_by:
        raise AnswerTooLate(confirm_by=row.confirm_by.strftime("%m月%d日 %H:%M"))


def _take(application: Application, row: PlacementRow, arrived_at: datetime) -> PlacementRow:
    if row.interview == "due":
        raise InterviewFirst
    _still_in_time(row, arrived_at)
    _answer(row, "confirmed")
    move_application(application, "confirmed", "入学已确认")
    remember_home(application, row.school or "", book_in_force(application.banner))
    return row


def remember_home(application: Application, school: str, book: Book) -> None:
    """The home's seat is used from now on, where the book locks homes (domain 2.3)."""
    lock = book.lock(application.stage)
    unit = property_unit_of(application)
    if lock and unit:
        lock_home(unit, lock, application.child_id, school, application.year)


def _answer(row: PlacementRow, state: str) -> None:
    row.state = state
    row.answered_at = clock.now()
    row.answered_by = principal.get()
    record(f"place.{state}", "placement", row.id, school=row.school)

"""A child that has a place and does not come (未报到, domain 2.10): the school says so, the book says what it means.

From which day a school may report it, how long the place is kept, where the seat goes and what follows next year stand
in `[no_show]` of the book. Where the record is fixed at the school (D28, D30) the seat stays. Either way the family is
told at once, and the bureau's list of children to look for grows.
"""

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from backend.enrolment.applications import move_application
from backend.enrolment.rows import Application
from backend.families.queries import guardians_of
from backend.foundation import clock
from backend.foundation.audit import record
from backend.foundation.database import db
from backend.foundation.problems import Refusal
from backend.foundation.tasks import put_task
from backend.identity.actors import Actor
from backend.identity.authorize import authorize_office
from backend.identity.rules.roles import banner_scopes
from backend.notices.send_notice import send_notice
from backend.placement.answer_place import NoPlaceOffered, place_at_school
from backend.placement.rounds import ABSENT
from backend.placement.rows import PlacementRow
from backend.placement.special_cases import SHORTEST_REASON, ReasonMissing
from backend.placement.waiting_list import line_changed
from backend.policy.books_in_force import book_in_force
from backend.policy.deadlines import place_kept_until
from backend.policy.places import school_named
from backend.policy.rules.book import Book
from backend.seats.address_locks import free_home
from backend.seats.rows import Conduct

FACT = "conduct.absent_last_year"


class AbsenceTooEarly(Refusal):
    """The book lets schools report absences only from the day `from_on` on."""

    code = "absence-too-early"


class NotReportedAbsent(Refusal):
    """Nobody has reported this child absent, or its place is not kept any more."""

    code = "not-reported-absent"


def report_absence(actor: Actor, school: str, application_id: uuid.UUID, reason: str) -> Application:
    """The school reports that a child whose place is confirmed has not come.

    Raises NotAllowed, NotFound, NoPlaceOffered (no confirmed place here), ReasonMissing, AbsenceTooEarly.
    """
    application, row = place_at_school(actor, school, application_id)
    if len(reason.strip()) < SHORTEST_REASON:
        raise ReasonMissing
    if row.state != "confirmed" or application.state != "confirmed":
        raise NoPlaceOffered
    book, now = book_in_force(application.banner), clock.now()
    first_day = book.no_show.reports_from
    if first_day and clock.today().isoformat() < first_day:
        raise AbsenceTooEarly(from_on=first_day)
    if row.absent_at is not None:
        return application
    row.absent_at = now
    record("place.absent", "placement", row.id, reason.strip(), school=school)
    if book.seat_of_absent == "stays":
        _note_conduct(application, book)
        _tell(application, row, "absent-stays")
    elif book.no_show.kept_days:
        row.kept_until = place_kept_until(book, now)
        put_task("release-absent", f"{row.id}/{now.isoformat()}", {"row_id": str(row.id)}, due_at=row.kept_until)
        _tell(application, row, "absent-kept", row.kept_until)
    else:
        _release(application, row, book)
    return application


def report_arrival(actor: Actor, school: str, application_id: uuid.UUID) -> Application:
    """The child has come after all, while its place was kept. Raises NotAllowed, NotFound, NotReportedAbsent."""
    application, row = place_at_school(actor, school, application_id)
    if row.absent_at is None or row.state != "confirmed":
        raise NotReportedAbsent
    row.absent_at = row.kept_until = None
    record("place.arrived", "placement", row.id, school=school)
    return application


def release_absent(row_id: str) -> None:
    """The days are over for which the place was kept; does nothing where the child came or gave up its place."""
    row = db.session.execute(
        select(PlacementRow).where(PlacementRow.id == uuid.UUID(row_id)).with_for_update()
    ).scalar_one()
    application = db.session.get_one(Application, row.application_id, with_for_update=True)
    if row.state != "confirmed" or application.state != "confirmed":
        return
    if row.kept_until is None or clock.now() < row.kept_until:
        return
    _release(application, row, book_in_force(application.banner))


def _release(application: Application, row: PlacementRow, book: Book) -> None:
    row.state, row.answered_at, row.answered_by = "declined", clock.now(), ABSENT
    move_application(application, "declined", "没有报到")
    free_home(application.child_id, application.stage, application.year)
    _note_conduct(application, book)
    line_changed(application.banner, application.stage, f"absent/{row.id}")
    _tell(application, row, "absent-released")


def _note_conduct(application: Application, book: Book) -> None:
    if book.no_show.next_year:
        noted = {"child_id": application.child_id, "fact": FACT, "year": application.year, "noted_at": clock.now()}
        db.session.execute(insert(Conduct).values(**noted).on_conflict_do_nothing())


def _tell(application: Application, row: PlacementRow, code: str, until: datetime | None = None) -> None:
    school = school_named(row.school or "")
    facts: dict[str, Any] = {"school": school.name if school else "", "until": until}
    for account in guardians_of(application.child_id):
        send_notice(account, code, facts, f"{code}/{row.id}/{row.absent_at}/{account}", application.child_id)


def absent_list(actor: Actor, banner: str) -> list[dict[str, Any]]:
    """Who has not come, for the bureau that looks for them (控辍保学): receipts and where they stand; no names."""
    authorize_office(actor, "seats.settle", banner_scopes(banner))
    found = db.session.execute(
        select(Application.receipt, Application.stage, PlacementRow)
        .join(Application, Application.id == PlacementRow.application_id)
        .where(Application.banner == banner, Application.year == book_in_force(banner).year)
        .where(PlacementRow.absent_at.is_not(None), PlacementRow.state != "superseded")
        .order_by(Application.receipt)
    )
    return [
        {
            "no": receipt,
            "stage": stage,
            "state": row.state,
            "noted_at": row.absent_at and row.absent_at.isoformat(),
            "kept_until": row.kept_until.isoformat() if row.kept_until and row.state == "confirmed" else None,
        }
        for receipt, stage, row in found
    ]

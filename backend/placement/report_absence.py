"""A child that has a place and does not come (未报到, domain 2.10): the school says so, the book says what it means.

Where the record is fixed at the school (D28, D30) it stays; elsewhere the seat falls free and the next in line moves
up. Either way the absence is noted for next year's penalty class, and the bureau's list of children to look for grows.
"""

import uuid
from typing import Any

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from backend.enrolment.applications import move_application
from backend.enrolment.rows import Application
from backend.foundation import clock
from backend.foundation.audit import record
from backend.foundation.database import db
from backend.foundation.problems import NotFound
from backend.identity.actors import Actor
from backend.identity.authorize import authorize_office
from backend.identity.rules.roles import banner_scopes, school_scopes
from backend.placement.answer_place import NoPlaceOffered, offered_place
from backend.placement.special_cases import ReasonMissing
from backend.placement.waiting_list import line_changed
from backend.policy.books_in_force import book_in_force
from backend.seats.address_locks import free_home
from backend.seats.rows import Conduct

FACT = "conduct.absent_last_year"
SHORTEST_REASON = 5


def report_absence(actor: Actor, school: str, application_id: uuid.UUID, reason: str) -> Application:
    """The school reports that a child whose place is confirmed has not come.

    Raises NotAllowed, NotFound, NoPlaceOffered (no confirmed place here), ReasonMissing.
    """
    authorize_office(actor, "enrolment.confirm", school_scopes(school))
    if len(reason.strip()) < SHORTEST_REASON:
        raise ReasonMissing
    application = db.session.get(Application, application_id, with_for_update=True)
    if application is None:
        raise NotFound
    row = offered_place(application)
    if row.school != school:
        raise NotFound
    if row.state != "confirmed" or application.state != "confirmed":
        raise NoPlaceOffered
    db.session.execute(
        insert(Conduct)
        .values(child_id=application.child_id, fact=FACT, year=application.year, noted_at=clock.now())
        .on_conflict_do_nothing()
    )
    record("place.absent", "placement", row.id, reason.strip(), school=school)
    if book_in_force(application.banner).confirmation.silence != "record-fixed":
        row.state, row.answered_at, row.answered_by = "declined", clock.now(), "absent"
        move_application(application, "declined", f"没有报到：{reason.strip()}")
        free_home(application.child_id, application.stage, application.year)
        line_changed(application.banner, application.stage, f"absent/{row.id}")
    return application


def absent_list(actor: Actor, banner: str) -> list[dict[str, Any]]:
    """Who has not come, for the bureau that looks for them (控辍保学): receipts and where they stand; no names."""
    authorize_office(actor, "seats.settle", banner_scopes(banner))
    year = book_in_force(banner).year
    found = db.session.execute(
        select(Application.receipt, Application.stage, Application.state, Conduct.noted_at)
        .join(Conduct, Conduct.child_id == Application.child_id)
        .where(Application.banner == banner, Application.year == year, Conduct.fact == FACT, Conduct.year == year)
        .order_by(Application.receipt)
    )
    return [
        {"no": receipt, "stage": stage, "state": state, "noted_at": noted_at.isoformat()}
        for receipt, stage, state, noted_at in found
    ]

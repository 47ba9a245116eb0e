"""A family appeals against a rejection: another official looks at the application anew (domain 2.5, 2.10)."""

import uuid
from datetime import datetime

from sqlalchemy import select

from backend.enrolment.applications import live_application_of, move_application, open_application
from backend.enrolment.refusals import ChildRegisteredElsewhere
from backend.enrolment.rows import Application
from backend.foundation.crypto import seal
from backend.foundation.database import db
from backend.foundation.problems import Refusal
from backend.identity.actors import Actor
from backend.policy.books_in_force import book_in_force
from backend.policy.deadlines import deadline_after
from backend.verification.open_case import open_case
from backend.verification.rows import Case


class NothingToAppeal(Refusal):
    """The application is not rejected; only a rejection can be appealed against."""

    code = "nothing-to-appeal"


class AppealTooLate(Refusal):
    """The time for objections has passed; `until` says when it ended."""

    code = "appeal-too-late"


def appeal_rejection(actor: Actor, application_id: uuid.UUID, text: str, arrived_at: datetime) -> Application:
    """The application, in review again. Raises NotFound, NothingToAppeal, AppealTooLate, ChildRegisteredElsewhere."""
    _, application = open_application(actor, application_id, "child.write", lock=True)
    if application.state != "rejected":
        raise NothingToAppeal
    decided_at = _rejected_at(application)
    until = deadline_after(book_in_force(application.banner), "objection", decided_at)
    if arrived_at >= until:
        raise AppealTooLate(until=until.isoformat())
    if live_application_of(application.child_id) is not None:
        raise ChildRegisteredElsewhere
    sealed = seal(application.child_id, f"review_case.appeal.{application.id}", text.strip())
    move_application(application, "in_review", "家长申诉")
    open_case(application, ["appeal"], sealed)
    return application


def _rejected_at(application: Application) -> datetime:
    decided_at = db.session.execute(
        select(Case.decided_at)
        .where(Case.application_id == application.id, Case.decision == "reject")
        .order_by(Case.decided_at.desc())
        .limit(1)
    ).scalar_one()
    return decided_at or application.moved_at

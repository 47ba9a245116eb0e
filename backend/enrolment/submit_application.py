"""Submit an application: it arrived before the close, nothing is missing, and the receipt is given once (promises P3)."""

import secrets
import uuid
from datetime import datetime

from sqlalchemy.exc import IntegrityError

from backend.enrolment.applications import move_application, open_application
from backend.enrolment.close_window import hold_open
from backend.enrolment.draft_application import require_age
from backend.enrolment.file_intent import intent_for, judged_at
from backend.enrolment.papers_due import owed_by
from backend.enrolment.refusals import FormIncomplete, PapersMissing, StateForbids
from backend.enrolment.rows import Application
from backend.enrolment.rules.receipts import DRAWN_DIGITS, receipt_number
from backend.enrolment.rules.states import EDITABLE
from backend.enrolment.tell_guardians import tell_guardians
from backend.families.queries import guardians_of
from backend.families.rows import Child
from backend.foundation import clock
from backend.foundation.database import db
from backend.foundation.problems import Refusal
from backend.foundation.tasks import put_task
from backend.identity.actors import Actor
from backend.policy.books_in_force import book_in_force
from backend.policy.require_open_window import require_open_window

WITH_US = ("submitted", "checking", "in_review", "verified")
FORM_FIELDS = ("unit_code", "address", "home", "work")


class ReturnDeadlinePassed(Refusal):
    """The time for the correction has passed."""

    code = "return-deadline-passed"


def submit_application(actor: Actor, application_id: uuid.UUID, arrived_at: datetime) -> Application:
    """The application with its receipt, on its way to the departments. A second submission changes nothing.

    `arrived_at` is the instant at the door: it decides, not the instant of processing. A returned application has
    its own deadline instead of the window. Raises NotFound, StateForbids, WindowClosed and its kin,
    ReturnDeadlinePassed, AgeNotEligible, FormIncomplete, PapersMissing.
    """
    _, application = open_application(actor, application_id, "application.submit", lock=True)
    if application.state in WITH_US:
        return application
    if application.state not in EDITABLE:
        raise StateForbids(state=application.state)
    people = [*guardians_of(application.child_id), actor.account_id]
    _require_in_time(application, arrived_at, people)
    book = book_in_force(application.banner)
    require_age(book, application.stage, db.session.get_one(Child, application.child_id))
    _require_complete(application)
    if application.receipt is None:
        _take_receipt(application, people, arrived_at)
    application.submitted_at = clock.now()
    application.submissions += 1
    facts = {"arrived_at": arrived_at.isoformat(), "book_sha256": book.sha256, "submission": application.submissions}
    move_application(application, "submitted", "家长提交", **facts)
    key = f"{application.id}/{application.submissions}"
    put_task("open-checks", key, {"application_id": str(application.id)})
    tell_guardians(application, "application-submitted", stage=application.stage, receipt=application.receipt)
    return application


def _require_in_time(application: Application, arrived_at: datetime, people: list[uuid.UUID]) -> None:
    """In the window, or after its close with an intent that was filed in it (wishes 8): its receipt is in the closing."""
    if application.state == "returned":
        if application.return_by is not None and arrived_at >= application.return_by:
            raise ReturnDeadlinePassed
        return
    judged = judged_at(people, application.banner, application.stage, arrived_at)
    window = require_open_window(application.banner, application.stage, judged)
    if judged == arrived_at:
        hold_open(application.banner, application.stage, window.closes_at)
    application.window_closes_at = window.closes_at


def _require_complete(application: Application) -> None:
    missing = owed_by(application).missing
    fields = [code for code in missing if code in FORM_FIELDS]
    if fields:
        raise FormIncomplete([{"pointer": f"/form/{field}", "code": field, "says": "field.blank"} for field in fields])
    if missing:
        raise PapersMissing([{"pointer": "/papers", "code": kind, "says": "field.paper-missing"} for kind in missing])


def _take_receipt(application: Application, people: list[uuid.UUID], arrived_at: datetime) -> None:
    """The receipt of the family's filed intent where there is one, else a new one."""
    filed = intent_for(people, application.banner, application.stage, arrived_at)
    if filed is None:
        _give_receipt(application)
        return
    application.receipt = filed.receipt
    filed.application_id = application.id
    db.session.flush()


def _give_receipt(application: Application) -> None:
    while True:
        receipt = receipt_number(application.banner, application.year, secrets.randbelow(10**DRAWN_DIGITS))
        try:
            with db.session.begin_nested():
                application.receipt = receipt
                db.session.flush()
        except IntegrityError:
            continue
        return

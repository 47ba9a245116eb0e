"""A submission arrives: every question that the book asks the departments becomes a row and a task."""

import uuid
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from backend.enrolment.applications import move_application
from backend.enrolment.rows import Application
from backend.foundation.database import db
from backend.foundation.task_kinds import KINDS
from backend.foundation.tasks import put_task
from backend.policy.books_in_force import book_in_force
from backend.policy.rules.claims import checks_for
from backend.verification.rows import Check
from backend.verification.said import claims_of

BASIS = "政务数据共享条例（国务院令第809号）；义务教育法第十二条"


def open_checks(application_id: str) -> None:
    """Open the checks of a submitted application and move it on; does nothing where that is done already."""
    application = db.session.execute(
        select(Application).where(Application.id == uuid.UUID(application_id)).with_for_update()
    ).scalar_one()
    if application.state != "submitted":
        return
    book = book_in_force(application.banner)
    move_application(application, "checking", "请各部门核对")
    dues = checks_for(book, application.stage, claims_of(application))
    for due in dues:
        check_id = uuid.uuid4()
        db.session.execute(
            insert(Check).values(
                id=check_id,
                application_id=application.id,
                submission=application.submissions,
                department=due.department,
                item=due.item,
                item_name=due.item_name,
                claim=due.claim,
                compares=list(due.compares),
                confirms=list(due.confirms),
                state="waiting",
                differs=[],
                attempts=0,
                basis=BASIS,
            )
        )
        put_task("ask-department", str(check_id), {"check_id": str(check_id)})
    if not dues:
        wake_judge(application, "opened")


def wake_judge_by_the_last(check: Check, cause: str) -> None:
    """Have the application judged if this check was the last one that an answer was awaited for.

    The application's lock lets answers that arrive at once come one after the other, so that one of them is the last.
    """
    db.session.flush()
    application = db.session.execute(
        select(Application).where(Application.id == check.application_id).with_for_update()
    ).scalar_one()
    others = db.session.execute(
        select(Check.answered_at, Check.attempts).where(
            Check.application_id == check.application_id, Check.submission == check.submission, Check.id != check.id
        )
    )
    if not any(is_outstanding(answered_at, attempts) for answered_at, attempts in others):
        wake_judge(application, f"{cause}/{check.id}")


def is_outstanding(answered_at: datetime | None, attempts: int) -> bool:
    """Whether an answer may still come: nothing asked yet, or an outage before the last attempt."""
    return answered_at is None and attempts < KINDS["ask-department"].tries


def wake_judge(application: Application, cause: str, due_at: datetime | None = None) -> None:
    """Have the application judged once this transaction is committed, or at `due_at`."""
    key = f"{application.id}/{application.submissions}/{cause}"
    put_task("judge-application", key, {"application_id": str(application.id)}, due_at)

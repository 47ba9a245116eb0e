"""A submission arrives: every question that the book asks the departments becomes a row and a task."""

import uuid
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from backend.enrolment.applications import move_application
from backend.enrolment.rows import Application
from backend.foundation.database import db
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
    for due in checks_for(book, application.stage, claims_of(application)):
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
    wake_judge(application, "opened")


def wake_judge(application: Application, cause: str, due_at: datetime | None = None) -> None:
    """Have the application judged once this transaction is committed, or at `due_at`."""
    key = f"{application.id}/{application.submissions}/{cause}"
    put_task("judge-application", key, {"application_id": str(application.id)}, due_at)

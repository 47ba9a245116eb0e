"""A submission arrives: every question that the book asks the departments becomes a row and a task."""

import uuid
from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from backend.enrolment.applications import move_application
from backend.enrolment.rows import Application
from backend.families.queries import consented_at
from backend.foundation import clock
from backend.foundation.database import db
from backend.foundation.task_kinds import KINDS
from backend.foundation.tasks import put_task
from backend.policy.books_in_force import book_in_force
from backend.policy.rules.claims import checks_for
from backend.verification.gateways.exchange import line_of
from backend.verification.rows import Check
from backend.verification.rules.batches import next_slot
from backend.verification.rules.lines import Line
from backend.verification.said import claims_of

WATCHED_EVERY = timedelta(days=1)
ASKED_IN = ("checking", "in_review")
"""States in which a department's answer is still of use: a run may be repeated while a person has not decided."""
PURPOSE = "compulsory-education enrolment check"
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
                opened_at=clock.now(),
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
        _put_question(check_id, due.department, due.item)
    plan_watch()
    if not dues:
        wake_judge(application, "opened")


def _put_question(check_id: uuid.UUID, department: str, item: str) -> None:
    """Have the department asked: question by question, or in the next file of its kind."""
    if line_of(department).transport == "batch":
        plan_batch(department, item, line_of(department))
    else:
        put_task("ask-department", str(check_id), {"check_id": str(check_id)})


def asked_for(check: Check, child_id: uuid.UUID) -> dict[str, str]:
    """Why a department is asked, said with every question (网数条例 §12): purpose, legal basis, consent, who asks."""
    consented = consented_at(child_id, "departments")
    return {
        "purpose": PURPOSE,
        "basis": check.basis,
        "consented_at": consented.isoformat() if consented else "",
        "operator": "sunroll",
    }


def plan_batch(department: str, item: str, line: Line) -> None:
    """Have the next file of the item dropped; put once for each of its instants."""
    slot = next_slot(clock.now(), line.every_s)
    told = {"department": department, "item": item, "slot": slot.isoformat()}
    put_task("drop-batch", f"{department}/{item}/{slot.isoformat()}", told, due_at=slot)


def plan_watch() -> None:
    """Have tomorrow's round done; put once a day."""
    due_at = clock.now() + WATCHED_EVERY
    day = due_at.date().isoformat()
    put_task("watch-limbo", day, {"day": day}, due_at=due_at)


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


def hold_applications(checks: Iterable[uuid.UUID]) -> None:
    """Hold the applications of these checks until the transaction ends, before any of them is touched.

    Who answers several checks at once holds their applications in the order of their ids, so that two files about the
    same households wait for each other instead of both for ever.
    """
    whose = select(Check.application_id).where(Check.id.in_(list(checks)))
    db.session.execute(
        select(Application.id).where(Application.id.in_(whose)).order_by(Application.id).with_for_update()
    )


def is_outstanding(answered_at: datetime | None, attempts: int) -> bool:
    """Whether an answer may still come: nothing asked yet, or an outage before the last attempt."""
    return answered_at is None and attempts < KINDS["ask-department"].tries


def wake_judge(application: Application, cause: str, due_at: datetime | None = None) -> None:
    """Have the application judged once this transaction is committed, or at `due_at`."""
    key = f"{application.id}/{application.submissions}/{cause}"
    put_task("judge-application", key, {"application_id": str(application.id)}, due_at)

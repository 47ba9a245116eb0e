"""Drop a file with every question that a department is asked by files, and look for its answer from then on."""

import uuid
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from backend.enrolment.rows import Application
from backend.foundation import clock
from backend.foundation.audit import record
from backend.foundation.database import db
from backend.foundation.tasks import Claim, put_task
from backend.foundation.unit_of_work import reading
from backend.verification.gateways.drop_folder import drop_folder
from backend.verification.gateways.exchange import line_of
from backend.verification.gateways.tables import write_csv
from backend.verification.keep_answer import keep_unasked, mark
from backend.verification.open_checks import ASKED_IN, asked_for, plan_batch
from backend.verification.rows import BatchFile, Check
from backend.verification.rules.batches import question_table
from backend.verification.said import can_be_asked, keys_for

MOST_QUESTIONS = 20_000
LOOKS_A_PERIOD = 4

Question = tuple[str, dict[str, Any], dict[str, str]]


def drop_batch(claim: Claim, department: str, item: str, slot: str) -> None:
    """Write the file, then the rows that say so; killed in between, the same file is written anew under its name.

    Questions that nobody can be asked by (no identity number) go to a person at once.
    """
    name = batch_name(department, item, slot)
    with reading():
        waiting = _waiting(department, item)
        questions = [each for check in waiting if (each := _question(check)) is not None]
        unasked = [check.id for check in waiting if str(check.id) not in {each[0] for each in questions}]
    if questions:
        drop_folder().put(department, name, write_csv(question_table(name, questions)))
    with claim.finishing():
        for check_id in unasked:
            keep_unasked(check_id)
        for question, _, _ in questions:
            check = db.session.get_one(Check, uuid.UUID(question))
            mark(check.id, "waiting", check.attempts + 1).batch = name
        if questions:
            _write_down(name, department, item, len(questions))
        if len(waiting) == MOST_QUESTIONS:
            plan_batch(department, item, line_of(department))


def batch_name(department: str, item: str, slot: str) -> str:
    """The file's name: department-item-instant.csv, the instant in digits."""
    return f"{department}-{item}-{datetime.fromisoformat(slot):%Y%m%d%H%M%S}.csv"


def plan_pick_up(department: str, every_s: int) -> None:
    """Have the folder looked into a few times a period, at least once an hour."""
    pause = max(1, min(3600, every_s // LOOKS_A_PERIOD))
    due_at = clock.now() + timedelta(seconds=pause)
    due_at = datetime.fromtimestamp(due_at.timestamp() // pause * pause, due_at.tzinfo) + timedelta(seconds=pause)
    put_task("pick-up-batches", f"{department}/{due_at.isoformat()}", {"department": department}, due_at=due_at)


def _waiting(department: str, item: str) -> list[Check]:
    """Checks of the item that nobody has been asked about, of applications that still wait for it."""
    found = db.session.execute(
        select(Check)
        .join(Application, Application.id == Check.application_id)
        .where(
            Check.department == department,
            Check.item == item,
            Check.answered_at.is_(None),
            Check.batch.is_(None),
            Application.state.in_(ASKED_IN),
            Application.submissions == Check.submission,
        )
        .order_by(Check.opened_at, Check.id)
        .limit(MOST_QUESTIONS)
    )
    return list(found.scalars())


def _question(check: Check) -> Question | None:
    application = db.session.get_one(Application, check.application_id)
    keys = keys_for(f"{check.department}/{check.item}", application)
    if not can_be_asked(f"{check.department}/{check.item}", keys):
        return None
    return str(check.id), keys, asked_for(check, application.child_id)


def _write_down(name: str, department: str, item: str, questions: int) -> None:
    row = db.session.get(BatchFile, name)
    if row is None:
        db.session.add(
            BatchFile(
                name=name, department=department, item=item, dropped_at=clock.now(), questions=questions, refusals=[]
            )
        )
    record("batch.dropped", "batch", name, questions=questions)
    plan_pick_up(department, line_of(department).every_s)

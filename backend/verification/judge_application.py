"""All answers are in: what all departments confirmed goes on by itself, everything else waits for a person."""

import uuid
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from backend.documents.queries import papers_of
from backend.enrolment.applications import move_application
from backend.enrolment.rows import Application
from backend.foundation import clock
from backend.foundation.audit import record
from backend.foundation.database import db
from backend.foundation.task_kinds import KINDS
from backend.policy.books_in_force import book_in_force
from backend.policy.rules.seat_types import seat_type_for
from backend.verification.facts import checks_of, facts_of
from backend.verification.open_checks import wake_judge
from backend.verification.rows import Case

PENDING = ("waiting",)
PICTURES_TAKE = timedelta(seconds=5)
ROOM_FACTS = {"home.seat_used": False}


def judge_application(application_id: str) -> None:
    """Move a checked application on to `verified`, or open a case; does nothing while an answer is outstanding."""
    application = db.session.execute(
        select(Application).where(Application.id == uuid.UUID(application_id)).with_for_update()
    ).scalar_one()
    if application.state != "checking":
        return
    checks = checks_of(application)
    if any(check.state in PENDING or (check.answered_at is None and not _given_up(check.attempts)) for check in checks):
        return
    papers = papers_of(application.child_id)
    if any(paper.state == "waiting" for paper in papers):
        moment = clock.now()
        wake_judge(application, f"papers/{moment.isoformat()}", moment + PICTURES_TAKE)
        return
    reasons = [f"{check.state}:{check.department}/{check.item}" for check in checks if check.state != "match"] + [
        f"paper:{paper.kind}" for paper in papers if paper.state in {"human", "retake"}
    ]
    if not reasons:
        reasons = [f"fact-missing:{fact}" for fact in missing_facts(application)]
    if reasons:
        open_case(application, reasons)
        move_application(application, "in_review", "a person looks at it", reasons=reasons)
    else:
        move_application(application, "verified", "confirmed by all departments")


def _given_up(attempts: int) -> bool:
    return attempts >= KINDS["ask-department"].tries


def missing_facts(application: Application) -> tuple[str, ...]:
    """The facts without which the seat type cannot be settled; the address lock is looked up when it is."""
    book = book_in_force(application.banner)
    facts = {**ROOM_FACTS, **facts_of(application)}
    return seat_type_for(book, application.stage, facts).missing


def open_case(application: Application, reasons: list[str]) -> None:
    """Put the application into the queue of its banner, unless it waits there already."""
    opened = db.session.execute(
        insert(Case)
        .values(
            id=uuid.uuid4(),
            application_id=application.id,
            banner=application.banner,
            reasons=reasons,
            opened_at=clock.now(),
        )
        .on_conflict_do_nothing()
        .returning(Case.id)
    ).scalar_one_or_none()
    if opened:
        record("case.opened", "application", application.id, reasons=reasons)

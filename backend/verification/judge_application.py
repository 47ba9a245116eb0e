"""All answers are in: what all departments confirmed goes on by itself, everything else waits for a person."""

import uuid
from collections.abc import Iterable, Sequence
from datetime import timedelta

from sqlalchemy import select

from backend.documents.queries import papers_of
from backend.enrolment.applications import move_application
from backend.enrolment.papers_due import owed_by
from backend.enrolment.rows import Application
from backend.foundation import clock
from backend.foundation.audit import record
from backend.foundation.database import db
from backend.policy.books_in_force import book_in_force
from backend.verification.ask_family import ask_family
from backend.verification.facts import checks_of, missing_facts
from backend.verification.open_case import open_case
from backend.verification.open_checks import is_outstanding, wake_judge
from backend.verification.rows import Case, Check, Dispute
from backend.verification.rules.self_check import asks_the_family
from backend.verification.spot_checks import draw_spot_check

OUTAGES = ("unavailable", "timeout")
CLEARED = "cleared"
"""The decision of a case that nobody had to decide: the departments answered after all."""
PICTURES_TAKE = timedelta(seconds=5)
CONFIRMED_BY = {"contract": "housing/contract", "lease": "housing/lease", "birth": "welfare/birth"}
"""Papers that speak for a family by themselves → the item that confirms what they say; without it a person reads them."""


def judge_application(application_id: str) -> None:
    """Move a checked application on to `verified`, or open a case; does nothing while an answer is outstanding."""
    application = db.session.execute(
        select(Application).where(Application.id == uuid.UUID(application_id)).with_for_update()
    ).scalar_one()
    if application.state == "in_review":
        _look_again(application)
    if application.state != "checking":
        return
    checks = checks_of(application)
    if any(is_outstanding(check.answered_at, check.attempts) for check in checks):
        return
    if any(paper.state == "waiting" for paper in papers_of(application.child_id)):
        moment = clock.now()
        wake_judge(application, f"papers/{moment.isoformat()}", moment + PICTURES_TAKE)
        return
    reasons = _reasons(application, checks)
    allowed = book_in_force(application.banner).returns.self_check
    if asks_the_family(reasons, application.submissions, allowed=allowed):
        ask_family(application, checks)
    elif reasons:
        open_case(application, reasons)
        move_application(application, "in_review", "需要工作人员查看", reasons=reasons)
    else:
        move_application(application, "verified", "各部门数据一致")
        draw_spot_check(application)


def _reasons(application: Application, checks: list[Check]) -> list[str]:
    reasons = [f"{check.state}:{check.department}/{check.item}" for check in checks if check.state != "match"]
    reasons += [*_reasons_of_papers(application, checks), *_reasons_of_disputes(checks)]
    return reasons or [f"fact-missing:{fact}" for fact in missing_facts(application)]


def _look_again(application: Application) -> None:
    """Departments answered late: a case that waited for nothing else is closed without anybody's decision.

    What an official has said a word on, and what the family wrote, stays with the official.
    """
    case = db.session.execute(
        select(Case).where(Case.application_id == application.id, Case.decided_at.is_(None)).with_for_update()
    ).scalar_one_or_none()
    checks = checks_of(application)
    is_untouched = case is not None and case.first_at is None and case.appeal_sealed is None
    if case is None or not is_untouched or any(is_outstanding(c.answered_at, c.attempts) for c in checks):
        return
    if not all(reason.partition(":")[0] in OUTAGES for reason in case.reasons):
        return
    case.reasons = _reasons(application, checks)
    if not case.reasons:
        case.decided_at, case.decision = clock.now(), CLEARED
        record("case.cleared", "application", application.id, case=str(case.id))
        move_application(application, "verified", "部门后来答复，数据一致")


def _reasons_of_papers(application: Application, checks: Sequence[Check]) -> Iterable[str]:
    """Kinds of which no photograph is good, and kinds that no department confirmed."""
    confirmed = {f"{check.department}/{check.item}" for check in checks if check.state == "match"}
    standing: dict[str, set[str]] = {}
    for paper in papers_of(application.child_id):
        standing.setdefault(paper.kind, set()).add(paper.state)
    for due, _ in owed_by(application).papers:
        if "good" not in standing.get(due.kind, set()):
            yield f"paper:{due.kind}"
        elif CONFIRMED_BY.get(due.kind, "") not in {"", *confirmed}:
            yield f"by-hand:{due.kind}"


def _reasons_of_disputes(checks: list[Check]) -> Iterable[str]:
    disputed = set(
        db.session.execute(
            select(Dispute.check_id).where(
                Dispute.check_id.in_([check.id for check in checks]), Dispute.answered_at.is_(None)
            )
        ).scalars()
    )
    return [f"disputed:{check.department}/{check.item}" for check in checks if check.id in disputed]

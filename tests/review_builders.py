"""Builders of cases on the review desk: one that waits, and how it is decided."""

from typing import Any

from sqlalchemy import select

from backend.enrolment.applications import move_application
from backend.enrolment.rows import Application
from backend.foundation.database import db
from backend.foundation.unit_of_work import unit_of_work
from backend.identity.actors import Actor
from backend.verification.decide_case import answer_proposal, decide_case
from backend.verification.open_case import open_case
from backend.verification.rows import Case
from tests.enrolment_builders import submitted
from tests.families_builders import renewed
from tests.placement_builders import OWNED, bureau


def in_review(*reasons: str) -> tuple[Actor, Application, Case]:
    """(guardian, application, its open case)."""
    with unit_of_work():
        actor, application = submitted()
        move_application(application, "checking", "测试")
        open_case(application, list(reasons or ["mismatch:land/property"]))
        move_application(application, "in_review", "测试")
    case = db.session.execute(select(Case).where(Case.application_id == application.id)).scalar_one()
    return renewed(actor), application, case


def accept(by: Actor, case: Case, facts: dict[str, Any] | None = None, code: str = "papers-prove") -> Case:
    """Accepted by `by` with what the papers prove."""
    return decide_case(by, case.id, "accept", code, "材料齐全", OWNED if facts is None else facts)


def reject(by: Actor, case: Case) -> Case:
    """Rejected by `by`, with the word of a second official."""
    decide_case(by, case.id, "reject", "not-eligible", "孩子已超过登记年龄", {})
    return answer_proposal(bureau(case.banner), case.id, "同意", agrees=True)

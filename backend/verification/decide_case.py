"""A person decides a case with a reason: accept (establishing what is missing), return for correction, or reject."""

import uuid
from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import select

from backend.enrolment.applications import move_application
from backend.enrolment.rows import Application
from backend.families.queries import guardians_of
from backend.foundation import clock
from backend.foundation.audit import record
from backend.foundation.database import db
from backend.foundation.logging import principal
from backend.foundation.problems import NotFound, Refusal
from backend.foundation.tasks import put_task
from backend.identity.actors import Actor
from backend.identity.authorize import authorize, authorize_office
from backend.identity.rules.roles import Scope, banner_scopes
from backend.notices.send_notice import send_notice
from backend.policy.books_in_force import book_in_force
from backend.policy.rules.facts import FACTS, Value
from backend.policy.rules.times import deadline_after
from backend.verification.judge_application import missing_facts
from backend.verification.rows import Case, EstablishedFacts

DECISIONS = {"accept": "verified", "return": "returned", "reject": "rejected"}
REASON_CODES = {
    "papers-prove": "材料能够证明",
    "record-outdated": "部门数据未更新,以材料为准",
    "department-confirmed": "已与部门人工核实",
    "photo-unreadable": "照片看不清,请重拍",
    "paper-missing": "缺少材料",
    "paper-wrong": "材料种类不对",
    "field-wrong": "填写的内容与材料不一致",
    "not-eligible": "不符合本旗区的入学条件",
    "false-papers": "经查实材料虚假",
}
SHORTEST_REASON = 2


class CaseDecided(Refusal):
    """Somebody has decided this case already."""

    code = "case-decided"


class ReasonMissing(Refusal):
    """Every decision states a reason code and a sentence."""

    code = "reason-missing"
    status = 422


class FactsMissing(Refusal):
    """The seat type cannot be settled without these facts; accepting means to establish them. `facts` names them."""

    code = "facts-missing"
    status = 422


def open_case_for(actor: Actor, case_id: uuid.UUID) -> tuple[Case, Application]:
    """The case with its application, for an official of the banner; the look at the child's record is written down."""
    case = db.session.get(Case, case_id)
    if case is None:
        raise NotFound
    application = db.session.get_one(Application, case.application_id)
    scopes = (Scope("child", str(application.child_id)), *banner_scopes(case.banner))
    authorize(actor, "case.decide", scopes, purpose=f"case {case.id}")
    return case, application


def decide_case(
    actor: Actor,
    case_id: uuid.UUID,
    decision: str,
    reason_code: str,
    reason: str,
    facts: Mapping[str, Value],
) -> Case:
    """Decide. Raises NotFound, NotAllowed, CaseDecided, ReasonMissing, FactsMissing."""
    case = db.session.execute(select(Case).where(Case.id == case_id).with_for_update()).scalar_one_or_none()
    if case is None:
        raise NotFound
    authorize_office(actor, "case.decide", banner_scopes(case.banner))
    if case.decided_at is not None:
        raise CaseDecided
    if decision not in DECISIONS or reason_code not in REASON_CODES or len(reason.strip()) < SHORTEST_REASON:
        raise ReasonMissing
    application = db.session.get_one(Application, case.application_id)
    if facts and decision == "accept":
        establish(application, facts, reason)
    if decision == "accept" and (missing := missing_facts(application)):
        raise FactsMissing(facts="、".join(FACTS[name].name for name in missing))
    case.decided_at = clock.now()
    case.decided_by = actor.account_id
    case.decision, case.reason_code, case.reason = decision, reason_code, reason.strip()
    if reason_code == "false-papers" and decision == "accept":
        establish(application, {"conduct.false_papers": True}, reason)
    _carry_out(application, case, decision)
    record("case.decided", "application", application.id, reason_code, decision=decision, case=str(case.id))
    return case


def establish(application: Application, facts: Mapping[str, Value], reason: str) -> None:
    """Write down facts that a person established; unknown words are refused by the vocabulary."""
    known = {name: value for name, value in facts.items() if name in FACTS}
    db.session.add(
        EstablishedFacts(
            application_id=application.id, facts=known, reason=reason.strip(), at=clock.now(), by=principal.get()
        )
    )
    db.session.flush()


def _carry_out(application: Application, case: Case, decision: str) -> None:
    return_by: datetime | None = None
    if decision == "return":
        return_by = deadline_after(book_in_force(application.banner), "return", clock.now())
        application.return_by = return_by
        put_task(
            "lapse-return",
            f"{application.id}/{application.submissions}",
            {"application_id": str(application.id), "submission": application.submissions},
            due_at=return_by,
        )
    move_application(application, DECISIONS[decision], f"case {case.id}: {case.reason_code}")
    params = {
        "reason": case.reason or "",
        "reason_name": REASON_CODES[case.reason_code or ""],
        "return_by": return_by.strftime("%m月%d日 %H:%M") if return_by else "",
    }
    for account in guardians_of(application.child_id):
        send_notice(
            account,
            f"review-{decision}",
            params,
            key=f"review/{case.id}/{account}",
            child_id=application.child_id,
            link=f"/phone/#/pages/diary/index?id={application.id}",
        )

"""A person decides a case with a reason: accept (establishing what is missing), return for correction, or reject."""

import uuid
from collections.abc import Mapping
from datetime import date, datetime

from sqlalchemy import select, update

from backend.enrolment.applications import move_application
from backend.enrolment.close_window import GRACE
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
from backend.publication.approve_run import SecondOfficialNeeded
from backend.verification.facts import missing_facts
from backend.verification.rows import Case, Check, Dispute, EstablishedFacts

DECISIONS = {"accept": "verified", "return": "returned", "reject": "rejected"}
REASON_CODES: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "papers-prove": ("材料能够证明", ("accept",)),
    "record-outdated": ("部门数据未更新,以材料为准", ("accept",)),
    "department-confirmed": ("已与部门人工核实", ("accept",)),
    "photo-unreadable": ("照片看不清,请重拍", ("return",)),
    "paper-missing": ("缺少材料", ("return",)),
    "paper-wrong": ("材料种类不对", ("return",)),
    "field-wrong": ("填写的内容与材料不一致", ("return",)),
    "not-eligible": ("不符合本旗区的登记条件", ("reject",)),
    "registered-elsewhere": ("孩子已在别处入学", ("reject",)),
    "false-papers": ("经查实材料虚假", ("accept", "reject")),
}
"""Reason code → its words, and the decisions it can stand for."""
FALSE_PAPERS = "false-papers"
NOT_BY_HAND = ("seats", "records", "placement", "enrolment", "preference")
"""Steps of ours that alone establish their facts; a department's and a roster's may be put right by a person."""
SHORTEST_REASON = 2


class CaseDecided(Refusal):
    """Somebody has decided this case already, or the family took its registration back."""

    code = "case-decided"


class ReasonMissing(Refusal):
    """Every decision states a reason code that fits it, and a sentence."""

    code = "reason-missing"
    status = 422


class FactsMissing(Refusal):
    """The seat type cannot be settled without these facts; accepting means to establish them. `facts` names them."""

    code = "facts-missing"
    status = 422


class FactInvalid(Refusal):
    """A fact that the vocabulary does not have, or a value that is none of its kind; `fact` names it."""

    code = "fact-invalid"
    status = 422


def open_case_for(actor: Actor, case_id: uuid.UUID) -> tuple[Case, Application]:
    """The case with its application, for an official of the banner; the look at the child's record is written down.

    A decided case gives no more leave to look: the purpose has ended. Raises NotFound, NotAllowed, CaseDecided.
    """
    case = db.session.get(Case, case_id)
    if case is None:
        raise NotFound
    application = db.session.get_one(Application, case.application_id)
    scopes = (Scope("child", str(application.child_id)), *banner_scopes(case.banner))
    if actor.may("case.decide", scopes) is not None and not is_open(case, application):
        raise CaseDecided
    authorize(actor, "case.decide", scopes, purpose=f"case {case.id}")
    return case, application


def is_open(case: Case, application: Application) -> bool:
    """Whether the case still waits: undecided, and its family has not taken the registration back."""
    return case.decided_at is None and application.state == "in_review"


def decide_case(
    actor: Actor,
    case_id: uuid.UUID,
    decision: str,
    reason_code: str,
    reason: str,
    facts: Mapping[str, Value],
) -> Case:
    """Decide. The facts count where the decision is to accept.

    Raises NotFound, NotAllowed, CaseDecided, SecondOfficialNeeded, ReasonMissing, FactInvalid, FactsMissing.
    """
    case = db.session.execute(select(Case).where(Case.id == case_id).with_for_update()).scalar_one_or_none()
    if case is None:
        raise NotFound
    authorize_office(actor, "case.decide", banner_scopes(case.banner))
    application = db.session.get_one(Application, case.application_id, with_for_update=True)
    if not is_open(case, application):
        raise CaseDecided
    if "appeal" in case.reasons and rejected_before(application, actor):
        raise SecondOfficialNeeded
    fits = reason_code in REASON_CODES and decision in REASON_CODES[reason_code][1]
    if not fits or len(reason.strip()) < SHORTEST_REASON:
        raise ReasonMissing
    if decision == "accept":
        _accept(application, reason_code, reason, facts)
    case.decided_at = clock.now()
    case.decided_by = actor.account_id
    case.decision, case.reason_code, case.reason = decision, reason_code, reason.strip()
    _answer_disputes(application)
    _carry_out(application, case, decision)
    record("case.decided", "application", application.id, reason_code, decision=decision, case=str(case.id))
    return case


def rejected_before(application: Application, actor: Actor) -> bool:
    """Whether this official rejected the application once: an appeal is another official's (domain 2.10)."""
    found = select(Case.id).where(
        Case.application_id == application.id, Case.decision == "reject", Case.decided_by == actor.account_id
    )
    return db.session.execute(found.limit(1)).first() is not None


def _accept(application: Application, reason_code: str, reason: str, facts: Mapping[str, Value]) -> None:
    """Establish what the official found; false papers proven are the book's penalty, never an exclusion (D04)."""
    told = {name: read_fact(name, value) for name, value in facts.items()}
    if reason_code == FALSE_PAPERS:
        told["conduct.false_papers"] = True
    if told:
        establish(application, told, reason)
    if missing := missing_facts(application):
        raise FactsMissing(facts="、".join(FACTS[name].name for name in missing))


def read_fact(name: str, value: Value) -> Value:
    """The value where it is one of the fact's. Raises FactInvalid."""
    fact = FACTS.get(name)
    if fact is None or fact.source in NOT_BY_HAND:
        raise FactInvalid(fact=name)
    fits = {
        "truth": isinstance(value, bool),
        "number": isinstance(value, int) and not isinstance(value, bool) and value >= 0,
        "text": isinstance(value, str) and (not fact.values or value in fact.values),
        "date": isinstance(value, str) and _is_date(value),
    }
    if not fits[fact.kind]:
        raise FactInvalid(fact=fact.name)
    return value


def _is_date(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def establish(application: Application, facts: Mapping[str, Value], reason: str) -> None:
    """Write down facts that a person (or a deadline) established."""
    row = EstablishedFacts(
        application_id=application.id, facts=dict(facts), reason=reason.strip(), at=clock.now(), by=principal.get()
    )
    db.session.add(row)
    db.session.flush()


def _answer_disputes(application: Application) -> None:
    """The decision answers what the family disputed."""
    checks = select(Check.id).where(Check.application_id == application.id)
    db.session.execute(
        update(Dispute)
        .where(Dispute.check_id.in_(checks), Dispute.answered_at.is_(None))
        .values(answered_at=clock.now())
        .execution_options(synchronize_session=False)
    )


def _carry_out(application: Application, case: Case, decision: str) -> None:
    return_by: datetime | None = None
    if decision == "return":
        return_by = deadline_after(book_in_force(application.banner), "return", clock.now())
        application.return_by = return_by
        put_task(
            "lapse-return",
            f"{application.id}/{application.submissions}",
            {"application_id": str(application.id), "submission": application.submissions},
            due_at=return_by + GRACE,
        )
    move_application(application, DECISIONS[decision], f"{REASON_CODES[case.reason_code or ''][0]}:{case.reason}")
    params = {
        "reason": case.reason or "",
        "reason_name": REASON_CODES[case.reason_code or ""][0],
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

"""A person decides a case with a reason: accept (establishing what is missing), return for correction, or reject."""

import uuid
from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import select, update

from backend.enrolment.applications import move_application
from backend.enrolment.close_window import GRACE
from backend.enrolment.rows import Application
from backend.families.queries import guardians_of
from backend.foundation import clock
from backend.foundation.audit import record
from backend.foundation.database import db
from backend.foundation.problems import NotFound, Refusal
from backend.foundation.tasks import put_task
from backend.identity.actors import Actor
from backend.identity.authorize import authorize, authorize_office
from backend.identity.rules.roles import Scope, banner_scopes
from backend.notices.send_notice import send_notice
from backend.policy.books_in_force import book_in_force
from backend.policy.deadlines import deadline_after
from backend.policy.rules.facts import FACTS, Value
from backend.publication.approve_run import SecondOfficialNeeded
from backend.verification.deal_case import deal_case
from backend.verification.diary_words import diary_word
from backend.verification.establish import establish, read_fact
from backend.verification.facts import missing_facts
from backend.verification.remind_return import plan_reminders
from backend.verification.rows import Case, Check, Dispute
from backend.verification.rules.dealing import needs_second
from backend.verification.rules.reasons import DECISIONS, FALSE_PAPERS, REASON_CODES, SHORTEST_REASON


class CaseDecided(Refusal):
    """Somebody has decided this case already, or the family took its registration back."""

    code = "case-decided"


class ProposalWaits(Refusal):
    """A colleague has proposed a decision that waits for a second official's word."""

    code = "proposal-waits"


class NothingProposed(Refusal):
    """No decision waits for a second word on this case."""

    code = "nothing-proposed"


class ReasonMissing(Refusal):
    """Every decision states a reason code that fits it, and a sentence."""

    code = "reason-missing"
    status = 422


class FactsMissing(Refusal):
    """The seat type cannot be settled without these facts; accepting means to establish them. `facts` names them."""

    code = "facts-missing"
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

    Turning somebody away, or proving papers false, is a proposal until a second official has agreed: then
    `decided_at` is still open and `first_at` stands. Raises NotFound, NotAllowed, CaseDecided, ProposalWaits,
    SecondOfficialNeeded, ReasonMissing, FactInvalid, FactsMissing.
    """
    case, application = _locked(actor, case_id)
    if case.first_by is not None:
        raise ProposalWaits
    if "appeal" in case.reasons and rejected_before(application, actor):
        raise SecondOfficialNeeded
    fits = reason_code in REASON_CODES and decision in REASON_CODES[reason_code]
    if not fits or len(reason.strip()) < SHORTEST_REASON:
        raise ReasonMissing
    if decision == "accept":
        with db.session.begin_nested() as trial:
            _accept(application, reason_code, reason, facts)
            if needs_second(decision, reason_code):
                trial.rollback()
    if needs_second(decision, reason_code):
        _propose(case, actor, decision, reason_code, reason, facts)
    else:
        _decide(case, application, actor, decision, reason_code, reason)
    return case


def _propose(
    case: Case, actor: Actor, decision: str, reason_code: str, reason: str, facts: Mapping[str, Value]
) -> None:
    """The first word of two: nothing happens to the family before another official has agreed."""
    case.first_decision, case.first_reason_code, case.first_reason = decision, reason_code, reason.strip()
    case.first_facts, case.first_by, case.first_at = dict(facts), actor.account_id, clock.now()
    deal_case(case)
    record("case.proposed", "case", case.id, reason_code, decision=decision)


def answer_proposal(actor: Actor, case_id: uuid.UUID, reason: str, *, agrees: bool) -> Case:
    """The second official's word: agreed, the decision is carried out; if not, the case is decided from the start.

    Raises NotFound, NotAllowed, CaseDecided, NothingProposed, SecondOfficialNeeded, ReasonMissing, FactsMissing.
    """
    case, application = _locked(actor, case_id)
    if case.first_by is None or case.first_decision is None or case.first_reason_code is None:
        raise NothingProposed
    if actor.account_id == case.first_by:
        raise SecondOfficialNeeded
    if len(reason.strip()) < SHORTEST_REASON:
        raise ReasonMissing
    decision, code, first_reason = case.first_decision, case.first_reason_code, case.first_reason or ""
    if agrees:
        if decision == "accept":
            _accept(application, code, first_reason, case.first_facts or {})
        _decide(case, application, actor, decision, code, first_reason)
        return case
    record("case.not-agreed", "case", case.id, reason.strip(), decision=decision, first_by=str(case.first_by))
    case.first_decision = case.first_reason_code = case.first_reason = None
    case.first_facts = case.first_by = case.first_at = None
    case.reasons = [*case.reasons, "not-agreed"] if "not-agreed" not in case.reasons else case.reasons
    return case


def _decide(case: Case, application: Application, actor: Actor, decision: str, reason_code: str, reason: str) -> None:
    case.decided_at = clock.now()
    case.decided_by = actor.account_id
    case.decision, case.reason_code, case.reason = decision, reason_code, reason.strip()
    _answer_disputes(application)
    _carry_out(application, case, decision)
    record("case.decided", "application", application.id, reason_code, decision=decision, case=str(case.id))


def _locked(actor: Actor, case_id: uuid.UUID) -> tuple[Case, Application]:
    """The case and its application, both held; for an official of the banner. Raises NotFound, NotAllowed, CaseDecided.

    The application is held first, as everywhere in this room: a late answer may be looking at the case just now.
    """
    case = db.session.get(Case, case_id)
    if case is None:
        raise NotFound
    authorize_office(actor, "case.decide", banner_scopes(case.banner))
    application = db.session.get_one(Application, case.application_id, with_for_update=True, populate_existing=True)
    db.session.refresh(case, with_for_update=True)
    if not is_open(case, application):
        raise CaseDecided
    return case, application


def rejected_before(application: Application, actor: Actor) -> bool:
    """Whether this official rejected the application once: an appeal is another official's (domain 2.10)."""
    found = select(Case.id).where(
        Case.application_id == application.id,
        Case.decision == "reject",
        (Case.decided_by == actor.account_id) | (Case.first_by == actor.account_id),
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
        plan_reminders(application, return_by)
    move_application(application, DECISIONS[decision], f"{diary_word('reason', case.reason_code or '')}:{case.reason}")
    params = {
        "reason": case.reason or "",
        "reason_name": diary_word("reason", case.reason_code or ""),
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

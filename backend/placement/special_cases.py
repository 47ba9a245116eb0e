"""A committee's special case, the correction of a released result, a transfer: two officials, a reason, a public count.

A transfer goes by free seats alone and never over a plan (D15); the rest of its rules is in `transfers.py`.
"""

import uuid

from sqlalchemy import select

from backend.enrolment.applications import live_application_of, move_application
from backend.enrolment.close_window import GRACE
from backend.enrolment.rows import Application
from backend.foundation import clock
from backend.foundation.audit import record
from backend.foundation.database import db
from backend.foundation.problems import NotFound, Refusal
from backend.foundation.tasks import put_task
from backend.identity.actors import Actor
from backend.identity.authorize import authorize_office
from backend.identity.rules.roles import banner_scopes
from backend.placement.rounds import hold_stage, public_plan, run_under_way, taken_at
from backend.placement.rows import PlacementRow, Proposal, TransferRequest
from backend.placement.supersede_rows import supersede_rows
from backend.placement.tell_family import tell_guardians
from backend.placement.transfer_requests import close_request, request_to_propose
from backend.placement.transfers import TRANSFERABLE, may_ask, may_sign
from backend.placement.waiting_list import line_changed
from backend.policy.books_in_force import book_in_force
from backend.policy.deadlines import deadline_after
from backend.policy.places import plan_of, school_named, unit_named
from backend.publication.enter_ledger import Statement, enter_statement
from backend.publication.runs import RunUnderWay
from backend.seats.address_locks import free_home

WORDS = {"special-case": "特殊情况", "correction": "更正", "transfer": "转学"}
ACTIONS = {"special-case": "special", "correction": "correction", "transfer": "special"}
SETTLED_STATES = ("unplaced", "declined", "lapsed")
PLACED_STATES = ("placed", "confirmed", *SETTLED_STATES)
STATES_OF = {"special-case": SETTLED_STATES, "correction": PLACED_STATES, "transfer": TRANSFERABLE}
SHORTEST_REASON = 5


class ReasonMissing(Refusal):
    """A special case and a correction say why, in a sentence."""

    code = "reason-missing"
    status = 422


class SchoolUnknown(Refusal):
    """The school has no plan at this stage, or is a private one."""

    code = "school-unknown"
    status = 422


class NotForThisState(Refusal):
    """The application is not in a state that can be decided this way; before the release there is nothing to correct."""

    code = "not-for-this-state"


class OverPlan(Refusal):
    """The school would admit more than its plan, and no rule of the book allows that."""

    code = "over-plan"


class ProposerCannotApprove(Refusal):
    """The official who proposed cannot approve: a second one is needed."""

    code = "second-official-needed"


def propose(
    kind: str, actor: Actor, application_id: uuid.UUID, school: str, reason: str, unit_code: str | None = None
) -> Proposal:
    """The first official's part; `unit_code` is where a family that asks for a transfer lives now.

    Raises NotFound, NotAllowed, ReasonMissing, SchoolUnknown, UnitUnknown, NotForThisState, and what
    `transfers.may_ask` and `transfer_requests.request_to_propose` raise.
    """
    application = db.session.get(Application, application_id)
    if application is None:
        raise NotFound
    authorize_office(actor, f"{ACTIONS[kind]}.propose", banner_scopes(application.banner))
    if len(reason.strip()) < SHORTEST_REASON:
        raise ReasonMissing
    if school not in public_plan(application.banner, application.stage):
        raise SchoolUnknown
    fits_state(kind, application)
    unit = unit_named(unit_code).code if unit_code else None
    request = None
    if kind == "transfer":
        may_ask(application, school, clock.now())
        request = request_to_propose(actor, application, school, unit, reason.strip())
    proposal = Proposal(
        id=uuid.uuid4(),
        kind=kind,
        banner=application.banner,
        stage=application.stage,
        application_id=application.id,
        school=school,
        reason=reason.strip(),
        proposed_by=actor.account_id,
        proposed_at=clock.now(),
        transfer_id=request.id if request else None,
    )
    db.session.add(proposal)
    record(f"{kind}.proposed", "application", application.id, reason.strip(), school=school)
    return proposal


def approve(kind: str, actor: Actor, proposal_id: uuid.UUID) -> Proposal:
    """The second official's part: the child gets the place.

    Raises NotFound, NotAllowed, ProposerCannotApprove, NotForThisState, RunUnderWay, OverPlan, and what
    `transfers.may_sign` raises.
    """
    proposal = db.session.execute(
        select(Proposal).where(Proposal.id == proposal_id, Proposal.kind == kind).with_for_update()
    ).scalar_one_or_none()
    if proposal is None:
        raise NotFound
    authorize_office(actor, f"{ACTIONS[kind]}.approve", banner_scopes(proposal.banner))
    if proposal.proposed_by == actor.account_id:
        raise ProposerCannotApprove
    if proposal.approved_at is not None:
        return proposal
    hold_stage(proposal.banner, proposal.stage)
    if (run := run_under_way(proposal.banner, proposal.stage)) is not None:
        raise RunUnderWay(run=str(run.id))
    application = db.session.get_one(Application, proposal.application_id, with_for_update=True)
    fits_state(kind, application)
    _room_or_rule(proposal)
    request = db.session.get_one(TransferRequest, proposal.transfer_id) if proposal.transfer_id else None
    if request is not None:
        may_sign(request, application)
    proposal.approved_by = actor.account_id
    proposal.approved_at = clock.now()
    if request is not None:
        close_request(request, "given", actor.account_id)
    held = _give_place(proposal, application)
    if held:
        line_changed(proposal.banner, proposal.stage, f"proposal/{proposal.id}")
    _enter_ledger(proposal, application)
    record(f"{kind}.approved", "application", application.id, proposal.reason, school=proposal.school)
    return proposal


def withdraw_proposal(actor: Actor, proposal_id: uuid.UUID, reason: str) -> None:
    """Take back what nobody has signed yet, so that it stands in nobody's way. Either official may, with a reason.

    Raises NotFound, NotAllowed, ReasonMissing, NotForThisState (it is signed).
    """
    proposal = db.session.execute(
        select(Proposal).where(Proposal.id == proposal_id).with_for_update()
    ).scalar_one_or_none()
    if proposal is None:
        raise NotFound
    authorize_office(actor, f"{ACTIONS[proposal.kind]}.propose", banner_scopes(proposal.banner))
    if len(reason.strip()) < SHORTEST_REASON:
        raise ReasonMissing
    if proposal.approved_at is not None:
        raise NotForThisState(state="approved")
    record(f"{proposal.kind}.withdrawn", "application", proposal.application_id, reason.strip(), school=proposal.school)
    request = db.session.get_one(TransferRequest, proposal.transfer_id) if proposal.transfer_id else None
    if request is not None and request.on_paper:
        close_request(request, "withdrawn", actor.account_id)
    else:
        db.session.delete(proposal)


def fits_state(kind: str, application: Application) -> None:
    """Whether a decision of this kind can be made about the application now. Raises NotForThisState."""
    allowed = STATES_OF[kind]
    live = live_application_of(application.child_id)
    if application.state not in allowed or (live is not None and live.id != application.id):
        raise NotForThisState(state=application.state)


def _room_or_rule(proposal: Proposal) -> None:
    """A place over the plan needs the book's leave; with it, the excess is told aloud in the audit and the counts."""
    seats = plan_of(proposal.banner, proposal.stage).get(proposal.school, 0)
    taken = taken_at(proposal.school)
    if taken < seats:
        return
    if (
        proposal.kind == "transfer"
        or "special-case" not in book_in_force(proposal.banner).placement_of(proposal.stage).over_plan
    ):
        raise OverPlan(seats=seats, taken=taken)
    record("alarm.over-plan", "school", proposal.school, proposal.reason, seats=seats, admitted=taken + 1)


def _give_place(proposal: Proposal, application: Application) -> bool:
    """The child gets the place; whether it held another one, which is free now."""
    held = application.state in {"placed", "confirmed"}
    supersede_rows(application)
    if application.state == "confirmed":
        free_home(application.child_id, application.stage, application.year)
    book = book_in_force(proposal.banner)
    confirm_by = deadline_after(book, "confirmation", clock.now())
    row = PlacementRow(
        id=uuid.uuid4(),
        proposal_id=proposal.id,
        application_id=application.id,
        child_id=application.child_id,
        receipt=application.receipt or "",
        school=proposal.school,
        step=proposal.kind,
        reason={"text": proposal.reason},
        state="offered",
        confirm_by=confirm_by,
    )
    db.session.add(row)
    db.session.flush()
    if application.state != "placed":
        move_application(application, "placed", f"{WORDS[proposal.kind]}：{proposal.reason}")
    put_task("lapse-confirmation", f"row/{row.id}", {"row_id": str(row.id)}, due_at=confirm_by + GRACE)
    school = school_named(proposal.school)
    facts = {
        "school": school.name if school else "",
        "reason": proposal.reason,
        "confirm_by": confirm_by.strftime("%m月%d日 %H:%M"),
    }
    tell_guardians(application, f"placed-{proposal.kind}", facts, f"{proposal.kind}/{proposal.id}", "result/index")
    return held


def _enter_ledger(proposal: Proposal, application: Application) -> None:
    """The decision enters the ledger as a statement: everybody sees that it was made, the child's row stays inside."""
    scope = f"{proposal.banner}/{proposal.stage}"
    rule = {"decided": proposal.kind, "scope": scope}
    row = {"id": application.receipt or "", "school": proposal.school, "reason": proposal.reason}
    book = book_in_force(proposal.banner)
    enter_statement(f"proposal/{proposal.id}", book.sha256, Statement(rule, (row,), {"counts": {"people": 1}}))

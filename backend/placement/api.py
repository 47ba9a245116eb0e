"""HTTP: the family's result and answer; the officials' freezing, allocation, special cases and corrections."""

from typing import Any

from apiflask import APIBlueprint
from flask import request
from pydantic import BaseModel, Field

from backend.foundation.doors import arrived_at
from backend.foundation.problems import parse_id
from backend.identity.actors import GUARDIAN, actor, official_who_may, policy
from backend.notices.choose_language import language_for
from backend.placement.answer_place import confirm_by_school, confirm_place, decline_place
from backend.placement.file_results import FILE, file_results
from backend.placement.freeze_placement import freeze_placement
from backend.placement.leave_list import give_back_list, leave_frozen_list
from backend.placement.moves.api import moves_api
from backend.placement.objection_views import look_at_objection, objections_of, queue
from backend.placement.objections import (
    ANSWER,
    answer_objection,
    file_objection,
)
from backend.placement.place_view import place_view
from backend.placement.report_absence import absent_list, report_absence, report_arrival
from backend.placement.rows import PlacementRow, Proposal
from backend.placement.same_fault import FAULTS
from backend.placement.special_cases import approve, propose, withdraw_proposal
from backend.placement.stage_counts import stage_counts
from backend.publication.views import run_view

api = APIBlueprint("placement", __name__, url_prefix="/api", tag="placement")
api.register_blueprint(moves_api)


class FreezeBody(BaseModel):
    """The public name of the draw; a further round after the first publication says why."""

    draw: str = Field(min_length=1, max_length=120)
    reason: str = Field(default="", max_length=500)


class ObjectionBody(BaseModel):
    """What the family thinks is wrong."""

    text: str = Field(max_length=2000)


class ObjectionAnswerBody(BaseModel):
    """The one answer; `fault` says which kind of error was confirmed, so that its other files are found."""

    upholds: bool
    answer: str = Field(max_length=2000)
    fault: str | None = Field(default=None, max_length=20)


class LeaveBody(BaseModel):
    """Why."""

    reason: str = Field(default="", max_length=500)


class ProposalBody(BaseModel):
    """A committee's special case, a correction or a transfer: which child, which school, why.

    `unit_code` is where a family that asks for a transfer lives now, where that is another unit.
    """

    application: str
    school: str = Field(max_length=20)
    reason: str = Field(max_length=500)
    unit_code: str | None = Field(default=None, max_length=12)


def _answered(row: PlacementRow) -> dict[str, Any]:
    return {"state": row.state, "school": row.school, "answered_at": row.answered_at and row.answered_at.isoformat()}


@api.get("/applications/<application_id>/result")
@policy(GUARDIAN)
def result(application_id: str) -> dict[str, Any]:
    """The result with its why-card."""
    lang = language_for(actor().account_id, request.headers.get("Accept-Language", ""))
    return place_view(actor(), parse_id(application_id), lang)


@api.post("/applications/<application_id>/confirmation")
@policy(GUARDIAN)
def confirm(application_id: str) -> dict[str, Any]:
    """Take the place."""
    return _answered(confirm_place(actor(), parse_id(application_id), arrived_at()))


@api.post("/applications/<application_id>/decline")
@policy(GUARDIAN)
def decline(application_id: str) -> dict[str, Any]:
    """Do without the place."""
    return _answered(decline_place(actor(), parse_id(application_id), arrived_at()))


@api.post("/applications/<application_id>/objections")
@policy(GUARDIAN)
@api.input(ObjectionBody, arg_name="body")
def objection(application_id: str, body: ObjectionBody) -> tuple[dict[str, Any], int]:
    """Object to the published result."""
    one = file_objection(actor(), parse_id(application_id), body.text, arrived_at())
    return {"receipt": one.receipt, "state": one.state, "answer_by": one.answer_by.isoformat()}, 201


@api.get("/applications/<application_id>/objections")
@policy(GUARDIAN)
def objections(application_id: str) -> dict[str, Any]:
    """The family's objections with their answers."""
    return {"items": objections_of(actor(), parse_id(application_id))}


@api.get("/desk/banners/<banner>/objections")
@policy(official_who_may(ANSWER))
def objection_queue(banner: str) -> dict[str, Any]:
    """The banner's objections, the most urgent first."""
    return {"items": queue(actor(), banner), "faults": FAULTS}


@api.post("/desk/objections/<objection_id>/look")
@policy(official_who_may(ANSWER))
def look_at_one(objection_id: str) -> dict[str, Any]:
    """What the family wrote; the look is written down."""
    return look_at_objection(actor(), parse_id(objection_id))


@api.post("/desk/objections/<objection_id>/answer")
@policy(official_who_may(ANSWER))
@api.input(ObjectionAnswerBody, arg_name="body")
def answer_one(objection_id: str, body: ObjectionAnswerBody) -> dict[str, Any]:
    """The one answer."""
    one = answer_objection(actor(), parse_id(objection_id), body.answer, body.fault, upholds=body.upholds)
    return {"receipt": one.receipt, "state": one.state}


@api.post("/applications/<application_id>/leave")
@policy(GUARDIAN)
@api.input(LeaveBody, arg_name="body")
def leave(application_id: str, body: LeaveBody) -> dict[str, Any]:
    """Withdraw after the freeze: struck out of the list, never removed."""
    return {"state": leave_frozen_list(actor(), parse_id(application_id), body.reason).state, "struck_out": True}


@api.post("/desk/placement-runs/<run_id>/withdrawal")
@policy(official_who_may("run.freeze"))
@api.input(LeaveBody, arg_name="body")
def give_back(run_id: str, body: LeaveBody) -> dict[str, Any]:
    """Withdraw a list frozen by mistake; once the seed is made the second official's call does it."""
    wanted = give_back_list(actor(), parse_id(run_id), body.reason)
    return {"withdrawn": wanted.withdrawn_at is not None, "reason": wanted.reason}


@api.post("/desk/banners/<banner>/stages/<stage>/runs")
@policy(official_who_may("run.freeze"))
@api.input(FreezeBody, arg_name="body")
def freeze(banner: str, stage: str, body: FreezeBody) -> tuple[dict[str, Any], int]:
    """Freeze the roster of a stage."""
    return run_view(freeze_placement(banner, stage, body.draw, actor(), body.reason)), 201


@api.get("/desk/banners/<banner>/stages/<stage>")
@policy(official_who_may("statistics.read"))
def counts(banner: str, stage: str) -> dict[str, Any]:
    """How many applications of the stage are in which state, and its runs."""
    return stage_counts(actor(), banner, stage)


@api.post("/desk/schools/<school>/confirmations/<application_id>")
@policy(official_who_may("enrolment.confirm"))
def school_confirms(school: str, application_id: str) -> dict[str, Any]:
    """The school has seen the papers and confirms online."""
    return _answered(confirm_by_school(actor(), school, parse_id(application_id), arrived_at()))


@api.post("/desk/schools/<school>/absences/<application_id>")
@policy(official_who_may("enrolment.confirm"))
@api.input(LeaveBody, arg_name="body")
def absence(school: str, application_id: str, body: LeaveBody) -> dict[str, Any]:
    """The school reports that a child has not come."""
    return {"state": report_absence(actor(), school, parse_id(application_id), body.reason).state}


@api.post("/desk/schools/<school>/arrivals/<application_id>")
@policy(official_who_may("enrolment.confirm"))
def arrival(school: str, application_id: str) -> dict[str, Any]:
    """The child has come after all, while its place was kept."""
    return {"state": report_arrival(actor(), school, parse_id(application_id)).state}


@api.post("/desk/banners/<banner>/stages/<stage>/filings")
@policy(official_who_may(FILE))
def file_stage(banner: str, stage: str) -> tuple[dict[str, Any], int]:
    """File the stage's lists after the posting."""
    one = file_results(actor(), banner, stage)
    return {"number": one.number, "filed_at": one.filed_at.isoformat(), **one.content}, 201


@api.get("/desk/banners/<banner>/absences")
@policy(official_who_may("seats.settle"))
def absences(banner: str) -> dict[str, Any]:
    """Who has not come, for the bureau that looks for them."""
    return {"items": absent_list(actor(), banner)}


@api.post("/desk/<any('special-case','correction','transfer'):kind>s")
@policy(official_who_may("special.propose"))
@api.input(ProposalBody, arg_name="body")
def propose_case(kind: str, body: ProposalBody) -> tuple[dict[str, Any], int]:
    """The first official proposes."""
    key = parse_id(body.application)
    return _proposal(propose(kind, actor(), key, body.school, body.reason, body.unit_code)), 201


@api.post("/desk/<any('special-case','correction','transfer'):kind>s/<proposal_id>/approval")
@policy(official_who_may("special.approve"))
def approve_case(kind: str, proposal_id: str) -> dict[str, Any]:
    """The second official approves; the child has the place."""
    return _proposal(approve(kind, actor(), parse_id(proposal_id)))


@api.post("/desk/proposals/<proposal_id>/withdrawal")
@policy(official_who_may("special.propose"))
@api.input(LeaveBody, arg_name="body")
def withdraw_case(proposal_id: str, body: LeaveBody) -> dict[str, Any]:
    """Take back what nobody has signed yet."""
    withdraw_proposal(actor(), parse_id(proposal_id), body.reason)
    return {"withdrawn": True}


def _proposal(proposal: Proposal) -> dict[str, Any]:
    return {
        "id": str(proposal.id),
        "kind": proposal.kind,
        "application": str(proposal.application_id),
        "school": proposal.school,
        "reason": proposal.reason,
        "approved": proposal.approved_at is not None,
    }

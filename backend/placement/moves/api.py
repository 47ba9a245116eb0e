"""HTTP: private schools, waiting lists, and what is done about places after the publication."""

from typing import Any

from apiflask import APIBlueprint
from pydantic import BaseModel, Field

from backend.enrolment.deferrals import ANSWER as DEFERRAL
from backend.enrolment.deferrals import deferral_view
from backend.foundation.doors import arrived_at
from backend.foundation.problems import parse_id
from backend.identity.actors import GUARDIAN, PUBLIC, actor, official_who_may, policy
from backend.placement.ask_transfer import ask_transfer, refuse_transfer, withdraw_transfer
from backend.placement.deferring.keep_deferred import keep_in_kindergarten
from backend.placement.interviews import record_interview
from backend.placement.mending.mend_fault import (
    Mended,
    answer_unchanged,
    look_at_fault,
    proposals_of,
    propose_mending,
    sign_mending,
)
from backend.placement.objections import ANSWER
from backend.placement.private_draw import freeze_private
from backend.placement.private_wish import private_view, wish_private
from backend.placement.rows import TransferRequest
from backend.placement.transfer_view import PROPOSE, transfer_queue, transfer_view
from backend.placement.waiting_list import own_line, public_line
from backend.publication.views import run_view

moves_api = APIBlueprint("moves", __name__, tag="placement")


class DrawBody(BaseModel):
    """The public name of the draw."""

    draw: str = Field(min_length=1, max_length=120)


class MendingBody(BaseModel):
    """What the fault was, for the reason of every correction, and the receipts of the files to correct."""

    reason: str = Field(min_length=5, max_length=200)
    receipts: list[str] = Field(max_length=10_000)


class KindergartenBody(BaseModel):
    """The kindergarten that keeps the child."""

    school: str = Field(max_length=20)


class PrivateBody(BaseModel):
    """The private school; null takes the registration back."""

    school: str | None = Field(default=None, max_length=20)


class AskedTransfer(BaseModel):
    """The school with a free seat, why, and where the family lives now if it has moved."""

    school: str = Field(max_length=20)
    text: str = Field(max_length=500)
    unit_code: str | None = Field(default=None, max_length=12)


class RefusalBody(BaseModel):
    """Why."""

    reason: str = Field(max_length=500)


class InterviewBody(BaseModel):
    """Whether the child is admitted after the interview; if not, why."""

    passed: bool
    reason: str = Field(default="", max_length=500)


class HomeQuery(BaseModel):
    """Where the family lives now, if it has moved."""

    unit_code: str | None = Field(default=None, max_length=12)


@moves_api.get("/applications/<application_id>/transfers")
@policy(GUARDIAN)
@moves_api.input(HomeQuery, location="query", arg_name="query")
def transfers(application_id: str, query: HomeQuery) -> dict[str, Any]:
    """Where there is room, nearest first, and what became of the family's requests."""
    return transfer_view(actor(), parse_id(application_id), query.unit_code)


@moves_api.post("/applications/<application_id>/transfers")
@policy(GUARDIAN)
@moves_api.input(AskedTransfer, arg_name="body")
def ask(application_id: str, body: AskedTransfer) -> tuple[dict[str, Any], int]:
    """Ask for a transfer to a school with a free seat."""
    one = ask_transfer(actor(), parse_id(application_id), body.school, body.text, body.unit_code, arrived_at())
    return _asked(one), 201


@moves_api.post("/applications/<application_id>/transfers/withdrawal")
@policy(GUARDIAN)
def take_back(application_id: str) -> dict[str, Any]:
    """Take the open request back."""
    return _asked(withdraw_transfer(actor(), parse_id(application_id)))


@moves_api.get("/desk/banners/<banner>/stages/<stage>/transfers")
@policy(official_who_may(PROPOSE))
def requests(banner: str, stage: str) -> dict[str, Any]:
    """The requests that wait for an answer, first asked first."""
    return {"items": transfer_queue(actor(), banner, stage)}


@moves_api.post("/desk/transfer-requests/<request_id>/refusal")
@policy(official_who_may(PROPOSE))
@moves_api.input(RefusalBody, arg_name="body")
def refuse(request_id: str, body: RefusalBody) -> dict[str, Any]:
    """Refuse one, with the reason that the family reads."""
    return _asked(refuse_transfer(actor(), parse_id(request_id), body.reason))


@moves_api.post("/desk/schools/<school>/interviews/<application_id>")
@policy(official_who_may("enrolment.confirm"))
@moves_api.input(InterviewBody, arg_name="body")
def interview(school: str, application_id: str, body: InterviewBody) -> dict[str, Any]:
    """A private junior school's word after its interview (D10)."""
    row = record_interview(actor(), school, parse_id(application_id), body.reason, passed=body.passed)
    return {"interview": row.interview, "confirm_by": row.confirm_by.isoformat() if row.confirm_by else None}


def _asked(one: TransferRequest) -> dict[str, Any]:
    return {"receipt": one.receipt, "state": one.state, "answer_by": one.answer_by.isoformat()}


@moves_api.get("/applications/<application_id>/private")
@policy(GUARDIAN)
def private_schools(application_id: str) -> dict[str, Any]:
    """The private schools of the stage and the one that the family is registered for."""
    return private_view(actor(), parse_id(application_id))


@moves_api.put("/applications/<application_id>/private")
@policy(GUARDIAN)
@moves_api.input(PrivateBody, arg_name="body")
def private(application_id: str, body: PrivateBody) -> dict[str, Any]:
    """Register for one private school beside the public ones, or take it back."""
    wish_private(actor(), parse_id(application_id), body.school)
    return {"school": body.school}


@moves_api.post("/desk/schools/<school>/draw")
@policy(official_who_may("run.freeze"))
@moves_api.input(DrawBody, arg_name="body")
def freeze_draw(school: str, body: DrawBody) -> tuple[dict[str, Any], int]:
    """Freeze a private school's list for its public draw."""
    return run_view(freeze_private(actor(), school, body.draw)), 201


@moves_api.get("/applications/<application_id>/waiting")
@policy(GUARDIAN)
def waiting(application_id: str) -> dict[str, Any]:
    """Where the family stands in the waiting lists."""
    return own_line(actor(), parse_id(application_id))


@moves_api.get("/schools/<school>/waiting")
@policy(PUBLIC)
def waiting_list(school: str) -> dict[str, Any]:
    """A school's waiting list for everybody: receipts in order, free seats, moves."""
    return public_line(school)


@moves_api.post("/desk/deferrals/<deferral_id>/kindergarten")
@policy(official_who_may(DEFERRAL))
@moves_api.input(KindergartenBody, arg_name="body")
def keep(deferral_id: str, body: KindergartenBody) -> dict[str, Any]:
    """Find a child whose entry is put off a kindergarten until next year."""
    return deferral_view(keep_in_kindergarten(actor(), parse_id(deferral_id), body.school))


@moves_api.get("/desk/objections/<objection_id>/mending")
@policy(official_who_may(ANSWER))
def fault(objection_id: str) -> dict[str, Any]:
    """Every file that a confirmed fault has hit, with what the corrected run gives it."""
    origin, found = look_at_fault(actor(), parse_id(objection_id))
    known = proposals_of(found.files)
    files = [
        {
            "application": one.application.receipt,
            "objection": one.objection.receipt,
            "state": one.objection.state,
            "given": one.given,
            "held": one.held,
            "corrected": one.corrected,
            "is_changed": one.is_changed,
            "proposed": one.objection.id in known,
            "signed": one.objection.id in known and known[one.objection.id].approved_at is not None,
        }
        for one in found.files
    ]
    return {"fault": origin.fault, "run": str(found.run.id), "others_moved": found.others_moved, "files": files}


@moves_api.post("/desk/objections/<objection_id>/mending/proposals")
@policy(official_who_may("correction.propose"))
@moves_api.input(MendingBody, arg_name="body")
def propose_all(objection_id: str, body: MendingBody) -> dict[str, Any]:
    """Propose the places of the corrected run for the files that are named."""
    return _mended(propose_mending(actor(), parse_id(objection_id), body.reason, body.receipts))


@moves_api.post("/desk/objections/<objection_id>/mending/signature")
@policy(official_who_may("correction.approve"))
def sign_all(objection_id: str) -> dict[str, Any]:
    """Sign them as the second official; the objections are answered with it."""
    return _mended(sign_mending(actor(), parse_id(objection_id)))


@moves_api.post("/desk/objections/<objection_id>/mending/answers")
@policy(official_who_may(ANSWER))
def answer_all(objection_id: str) -> dict[str, Any]:
    """Answer the files that the fault did not change."""
    return _mended(answer_unchanged(actor(), parse_id(objection_id)))


def _mended(told: Mended) -> dict[str, Any]:
    return {"done": told.done, "left": {receipt: refusal.code for receipt, refusal in told.left.items()}}

"""HTTP: the family's diary and disputes; the officials' queue and decisions."""

from typing import Any, Literal

from apiflask import APIBlueprint
from flask import request
from pydantic import BaseModel, Field

from backend.foundation.doors import arrived_at
from backend.foundation.problems import Malformed, parse_id
from backend.identity.actors import GUARDIAN, actor, official_who_may, policy
from backend.notices.choose_language import language_for
from backend.verification.appeal_rejection import appeal_rejection
from backend.verification.case_queue import open_cases
from backend.verification.case_view import case_view
from backend.verification.deal_case import hand_on
from backend.verification.decide_case import answer_proposal, decide_case
from backend.verification.diary import diary_of
from backend.verification.dispute_check import dispute_check
from backend.verification.figures import figures_of
from backend.verification.proposals import answer_read_field, proposals_for
from backend.verification.queries import banners_of
from backend.verification.rerun_checks import rerun_checks

api = APIBlueprint("verification", __name__, url_prefix="/api", tag="verification")


def _lang() -> str:
    return language_for(actor().account_id, request.headers.get("Accept-Language", ""))


class DisputeBody(BaseModel):
    """What the family says is wrong."""

    text: str = Field(min_length=1, max_length=1000)


class DecisionBody(BaseModel):
    """An official's decision, with its reason and the facts that the papers prove."""

    decision: Literal["accept", "return", "reject"]
    reason_code: str = Field(max_length=40)
    reason: str = Field(min_length=2, max_length=1000)
    facts: dict[str, bool | int | str] = Field(default_factory=dict)


@api.get("/applications/<application_id>/diary")
@policy(GUARDIAN)
def diary(application_id: str) -> dict[str, Any]:
    """Which department answered what and when."""
    return {"items": diary_of(actor(), parse_id(application_id), _lang())}


@api.post("/checks/<check_id>/dispute")
@policy(GUARDIAN)
@api.input(DisputeBody, arg_name="body")
def dispute(check_id: str, body: DisputeBody) -> tuple[dict[str, Any], int]:
    """Say that a department's record is wrong."""
    filed = dispute_check(actor(), parse_id(check_id), body.text)
    return {"id": str(filed.id), "filed_at": filed.filed_at.isoformat()}, 201


class AppealBody(BaseModel):
    """Why the rejection is wrong, in the family's words."""

    text: str = Field(min_length=2, max_length=1000)


@api.post("/applications/<application_id>/appeal")
@policy(GUARDIAN)
@api.input(AppealBody, arg_name="body")
def appeal(application_id: str, body: AppealBody) -> tuple[dict[str, Any], int]:
    """Appeal against a rejection; another official looks anew."""
    application = appeal_rejection(actor(), parse_id(application_id), body.text, arrived_at())
    return {"id": str(application.id), "state": application.state}, 201


class ReadFieldBody(BaseModel):
    """对 or 改: what was read is right, or the family's own value."""

    paper: str = Field(max_length=36)
    field: str = Field(max_length=40)
    answer: Literal["right", "change"]
    value: str | None = Field(default=None, min_length=1, max_length=200)


@api.get("/applications/<application_id>/proposals")
@policy(GUARDIAN)
def proposals(application_id: str) -> dict[str, Any]:
    """What was read off the photographs, beside what was typed and what departments said."""
    return {"items": proposals_for(actor(), parse_id(application_id), _lang())}


@api.post("/applications/<application_id>/proposals")
@policy(GUARDIAN)
@api.input(ReadFieldBody, arg_name="body")
def answer_proposed(application_id: str, body: ReadFieldBody) -> dict[str, Any]:
    """Take a proposed value over, or write another one."""
    if body.answer == "change" and body.value is None:
        raise Malformed([{"pointer": "/value", "code": "missing", "says": "field.right-value"}])
    value = body.value if body.answer == "change" else None
    answer_read_field(actor(), parse_id(application_id), parse_id(body.paper), body.field, value)
    return {"items": proposals_for(actor(), parse_id(application_id), _lang())}


class SecondBody(BaseModel):
    """A second official's word on a proposed decision."""

    agrees: bool
    reason: str = Field(min_length=2, max_length=1000)


@api.post("/desk/cases/<case_id>/second")
@policy(official_who_may("case.decide"))
@api.input(SecondBody, arg_name="body")
def second(case_id: str, body: SecondBody) -> dict[str, Any]:
    """Agree to a colleague's decision, or give the case back to be decided anew."""
    case = answer_proposal(actor(), parse_id(case_id), body.reason, agrees=body.agrees)
    return {"id": str(case.id), "decision": case.decision, "state": "decided" if case.decided_at else "open"}


class HandOnBody(BaseModel):
    """Why a case is handed on."""

    reason: str = Field(min_length=2, max_length=500)


@api.post("/desk/cases/<case_id>/hand-on")
@policy(official_who_may("case.decide"))
@api.input(HandOnBody, arg_name="body")
def pass_on(case_id: str, body: HandOnBody) -> dict[str, Any]:
    """Give a case to the colleague whose turn it is."""
    case = hand_on(actor(), parse_id(case_id), body.reason)
    return {"id": str(case.id), "taken_by": str(case.taken_by)}


@api.post("/desk/banners/<banner>/checks/rerun")
@policy(official_who_may("case.decide"))
def rerun(banner: str) -> tuple[dict[str, Any], int]:
    """Ask the departments again about everything that is still open in the banner."""
    return {"run": rerun_checks(actor(), banner)}, 202


@api.get("/desk/banners/<banner>/verification")
@policy(official_who_may("case.decide"))
def verification_figures(banner: str) -> dict[str, Any]:
    """Workload, ages and pass rates of the banner, item by item (C18)."""
    return figures_of(actor(), banner)


@api.get("/desk/cases")
@policy(official_who_may("case.decide"))
def cases() -> dict[str, Any]:
    """The queue of the banners this official works for."""
    return {"items": open_cases(banners_of(actor(), "case.decide"), actor().account_id)}


@api.post("/desk/cases/<case_id>/look")
@policy(official_who_may("case.decide"))
def look(case_id: str) -> dict[str, Any]:
    """Open a case; the look at the child's record is written down, so it is no mere reading."""
    view = case_view(actor(), parse_id(case_id))
    view["papers"] = [{"id": str(paper.id), "kind": paper.kind, "state": paper.state} for paper in view["papers"]]
    return view


@api.post("/desk/cases/<case_id>/decision")
@policy(official_who_may("case.decide"))
@api.input(DecisionBody, arg_name="body")
def decide(case_id: str, body: DecisionBody) -> dict[str, Any]:
    """Decide a case."""
    case = decide_case(actor(), parse_id(case_id), body.decision, body.reason_code, body.reason, body.facts)
    return {
        "id": str(case.id),
        "decision": case.decision,
        "state": "decided" if case.decided_at else "second",
        "decided_at": case.decided_at and case.decided_at.isoformat(),
    }

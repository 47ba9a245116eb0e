"""HTTP: settling a stage; claims to a preference; the public look-up of a home's seat."""

from datetime import date
from typing import Any

from apiflask import APIBlueprint
from flask import request
from pydantic import BaseModel, Field

from backend.enrolment.deferrals import (
    ANSWER,
    answer_deferral,
    ask_deferral,
    deferral_register,
    deferral_view,
    deferrals_of,
)
from backend.foundation.problems import parse_id
from backend.identity.actors import GUARDIAN, PUBLIC, actor, official_who_may, policy
from backend.identity.authorize import authorize_office
from backend.identity.rules.roles import banner_scopes
from backend.seats.address_locks import home_state
from backend.seats.preference_view import preference_view
from backend.seats.preferences import answer_preference, ask_preference, claims_waiting, public_list
from backend.seats.rows import PreferenceClaim
from backend.seats.settle_seats import order_settlement, waiting_for_facts

api = APIBlueprint("seats", __name__, url_prefix="/api", tag="seats")


class PreferenceBody(BaseModel):
    """The group a family belongs to, what proves it, and the school it chooses where the group may."""

    group: str = Field(max_length=20)
    evidence: str = Field(min_length=2, max_length=1000)
    school: str | None = Field(default=None, max_length=20)


class DeferralBody(BaseModel):
    """Where and at which stage the child would enter, and the hospital's record."""

    banner: str = Field(pattern=r"^[0-9]{6}$")
    stage: str = Field(max_length=20)
    evidence: str = Field(max_length=1000)


class DeferralAnswerBody(BaseModel):
    """The bureau's answer."""

    approves: bool
    reason: str = Field(max_length=500)


class PreferenceAnswerBody(BaseModel):
    """The department's word."""

    approves: bool
    reason: str = Field(max_length=500)
    valid_until: date | None = None


@api.post("/desk/banners/<banner>/stages/<stage>/settlement")
@policy(official_who_may("seats.settle"))
def settle(banner: str, stage: str) -> tuple[dict[str, Any], int]:
    """Settle the seat types of all checked applications of the stage; the work goes on after the answer."""
    return order_settlement(banner, stage, actor()), 202


@api.get("/desk/banners/<banner>/stages/<stage>/settlement")
@policy(official_who_may("seats.settle"))
def look(banner: str, stage: str) -> dict[str, Any]:
    """Who cannot be settled yet, and which facts are missing."""
    authorize_office(actor(), "seats.settle", banner_scopes(banner))
    return {"waiting": waiting_for_facts(banner, stage)}


@api.post("/applications/<application_id>/preference")
@policy(GUARDIAN)
@api.input(PreferenceBody, arg_name="body")
def ask(application_id: str, body: PreferenceBody) -> tuple[dict[str, Any], int]:
    """Ask for the preference of a group; its department answers."""
    return _claim(ask_preference(actor(), parse_id(application_id), body.group, body.evidence, body.school)), 201


@api.get("/applications/<application_id>/preference")
@policy(GUARDIAN)
def preference(application_id: str) -> dict[str, Any]:
    """The groups that the banner prefers, and the family's own claim."""
    return preference_view(actor(), parse_id(application_id))


@api.post("/desk/preferences/look")
@policy(official_who_may("preference.approve"))
def waiting() -> dict[str, Any]:
    """What waits for this department; the look is written down, so it is no mere reading."""
    return {"items": claims_waiting(actor())}


@api.post("/desk/preferences/<claim_id>/answer")
@policy(official_who_may("preference.approve"))
@api.input(PreferenceAnswerBody, arg_name="body")
def answer(claim_id: str, body: PreferenceAnswerBody) -> dict[str, Any]:
    """The department approves or refuses."""
    claim = answer_preference(actor(), parse_id(claim_id), body.reason, body.valid_until, approves=body.approves)
    return _claim(claim)


@api.post("/children/<child_id>/deferral")
@policy(GUARDIAN)
@api.input(DeferralBody, arg_name="body")
def defer(child_id: str, body: DeferralBody) -> tuple[dict[str, Any], int]:
    """Ask to let the child enter later."""
    return deferral_view(ask_deferral(actor(), parse_id(child_id), body.banner, body.stage, body.evidence)), 201


@api.get("/children/<child_id>/deferral")
@policy(GUARDIAN)
def deferrals_asked(child_id: str) -> dict[str, Any]:
    """The family's requests to let the child enter later, with the answers."""
    return {"items": deferrals_of(actor(), parse_id(child_id))}


@api.post("/desk/banners/<banner>/deferrals/look")
@policy(official_who_may(ANSWER))
def deferrals(banner: str) -> dict[str, Any]:
    """The register of deferrals with the open requests; the look is written down."""
    return {"items": deferral_register(actor(), banner)}


@api.post("/desk/deferrals/<deferral_id>/answer")
@policy(official_who_may(ANSWER))
@api.input(DeferralAnswerBody, arg_name="body")
def answer_one(deferral_id: str, body: DeferralAnswerBody) -> dict[str, Any]:
    """The bureau approves or refuses."""
    return deferral_view(answer_deferral(actor(), parse_id(deferral_id), body.reason, approves=body.approves))


@api.get("/banners/<banner>/preferences")
@policy(PUBLIC)
def preferences(banner: str) -> dict[str, Any]:
    """The public list of approved preferences."""
    return {"items": public_list(banner)}


@api.get("/banners/<banner>/homes")
@policy(PUBLIC)
def home(banner: str) -> dict[str, Any]:
    """Whether the seat of a home is used, by its property unit number (domain 2.3): per stage, and until which year."""
    return {"items": home_state(banner, request.args.get("unit", ""))}


def _claim(claim: PreferenceClaim) -> dict[str, Any]:
    return {
        "id": str(claim.id),
        "group": claim.group,
        "school": claim.school,
        "state": claim.state,
        "reason": claim.reason,
    }

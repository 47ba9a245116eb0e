"""HTTP for the exam office: another phone for a candidate, and the second official's word on it."""

from typing import Any

from apiflask import APIBlueprint
from pydantic import BaseModel, Field

from backend.foundation.problems import parse_id
from backend.identity.actors import actor, official_who_may, policy
from backend.zhongkao.change_phone import (
    change_candidate_phone,
    confirm_candidate_phone,
    phone_change_view,
    waiting_phones,
    withdraw_candidate_phone,
)

counter_api = APIBlueprint("counter", __name__, url_prefix="/desk", tag="zhongkao")
COMMAND = official_who_may("exam.command")


class PhoneBody(BaseModel):
    """The candidate's exam number, the new phone, and by which papers the office knew him."""

    exam_number: str = Field(min_length=1, max_length=30)
    phone: str = Field(max_length=20)
    proof: str = Field(max_length=200)


class WithdrawalBody(BaseModel):
    """Why a change that waits is taken back."""

    reason: str = Field(max_length=200)


@counter_api.get("/<int:year>/phones")
@policy(COMMAND)
def phones(year: int) -> dict[str, Any]:
    """The changes that wait for a second official."""
    return {"items": waiting_phones(actor(), year)}


@counter_api.post("/<int:year>/phones")
@policy(COMMAND)
@counter_api.input(PhoneBody, arg_name="body")
def new_phone(year: int, body: PhoneBody) -> tuple[dict[str, Any], int]:
    """Store another phone; while the candidate may still choose it waits for a second official."""
    change = change_candidate_phone(actor(), year, body.exam_number, body.phone, body.proof)
    return phone_change_view(change), 201


@counter_api.post("/phones/<change_id>/confirmation")
@policy(COMMAND)
def confirm(change_id: str) -> dict[str, Any]:
    """The second official's word."""
    return phone_change_view(confirm_candidate_phone(actor(), parse_id(change_id)))


@counter_api.post("/phones/<change_id>/withdrawal")
@policy(COMMAND)
@counter_api.input(WithdrawalBody, arg_name="body")
def withdraw(change_id: str, body: WithdrawalBody) -> tuple[str, int]:
    """Take back a change that waits; the old phone stays."""
    withdraw_candidate_phone(actor(), parse_id(change_id), body.reason)
    return "", 204

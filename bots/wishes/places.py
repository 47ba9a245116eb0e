"""Wishes about the place a child gets: see it, take it, do without it; preferences, private schools, lines, deferrals,
transfers.
"""

from __future__ import annotations

import uuid
from typing import Any

from backend.enrolment.deferrals import ask_deferral, deferrals_of
from backend.notices.choose_language import language_of
from backend.placement.answer_place import confirm_place, decline_place
from backend.placement.ask_transfer import ask_transfer, withdraw_transfer
from backend.placement.leave_list import leave_frozen_list
from backend.placement.place_view import place_view
from backend.placement.private_wish import private_view, wish_private
from backend.placement.transfer_view import transfer_view
from backend.placement.waiting_list import own_line
from backend.seats.preference_view import preference_view
from backend.seats.preferences import ask_preference
from bots.person import Caller
from bots.wishes.guide import banners_in_force


def show_result(caller: Caller, application: str, child: str) -> dict[str, Any]:
    """The result with its why-card."""
    actor = caller.actor()
    return {"child": child, **place_view(actor, uuid.UUID(application), language_of(actor.account_id))}


def confirm(caller: Caller, application: str) -> dict[str, Any]:
    """The state after the family took the place."""
    return {"state": confirm_place(caller.actor(), uuid.UUID(application), caller.arrived_at).state}


def decline(caller: Caller, application: str) -> dict[str, Any]:
    """The state after the family did without the place."""
    return {"state": decline_place(caller.actor(), uuid.UUID(application), caller.arrived_at).state}


def look_at_preference(caller: Caller, application: str) -> dict[str, Any]:
    """The groups of the banner and the family's claim."""
    return preference_view(caller.actor(), uuid.UUID(application))


def prefer(caller: Caller, application: str, group: str, evidence: str, school: str | None) -> dict[str, Any]:
    """The state of the claim that was made."""
    return {"state": ask_preference(caller.actor(), uuid.UUID(application), group, evidence, school).state}


def look_at_private(caller: Caller, application: str) -> dict[str, Any]:
    """The private schools of the stage and the one that the family is registered for."""
    return private_view(caller.actor(), uuid.UUID(application))


def register_private(caller: Caller, application: str, school: str | None) -> dict[str, Any]:
    """The school that the family is registered for now, None where it took its word back."""
    wish_private(caller.actor(), uuid.UUID(application), school)
    return {"school": school}


def look_at_line(caller: Caller, application: str) -> dict[str, Any]:
    """Where the family stands in the waiting lists."""
    return own_line(caller.actor(), uuid.UUID(application))


def leave_list(caller: Caller, application: str, reason: str) -> dict[str, Any]:
    """The state after the child was struck out of the frozen list."""
    return {"state": leave_frozen_list(caller.actor(), uuid.UUID(application), reason).state}


def look_at_deferrals(caller: Caller, child: str) -> dict[str, Any]:
    """The family's requests to let the child enter later, and the banners it may live in."""
    return {"items": deferrals_of(caller.actor(), uuid.UUID(child)), "banners": banners_in_force()}


def defer(caller: Caller, child: str, banner: str, stage: str, evidence: str) -> dict[str, Any]:
    """The state of the request that was made."""
    return {"state": ask_deferral(caller.actor(), uuid.UUID(child), banner, stage, evidence).state}


def look_at_transfers(caller: Caller, application: str, unit_code: str | None) -> dict[str, Any]:
    """Where there is room, nearest first, and what became of the family's requests."""
    return transfer_view(caller.actor(), uuid.UUID(application), unit_code)


def ask_to_transfer(caller: Caller, application: str, school: str, text: str, unit_code: str | None) -> dict[str, Any]:
    """The receipt of the request, and until when it is answered."""
    key = uuid.UUID(application)
    one = ask_transfer(caller.actor(), key, school, text, unit_code, caller.arrived_at)
    return {"receipt": one.receipt, "answer_by": one.answer_by.isoformat()}


def take_transfer_back(caller: Caller, application: str) -> dict[str, Any]:
    """The state of the request that was taken back."""
    return {"state": withdraw_transfer(caller.actor(), uuid.UUID(application)).state}

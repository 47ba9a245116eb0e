"""Wishes about the place a child got: see it, take it, do without it."""

from __future__ import annotations

import uuid
from typing import Any

from backend.placement.answer_place import confirm_place, decline_place
from backend.placement.place_view import place_view
from bots.person import Caller


def show_result(caller: Caller, application: str, child: str) -> dict[str, Any]:
    """The result with its why-card."""
    return {"child": child, **place_view(caller.actor(), uuid.UUID(application))}


def confirm(caller: Caller, application: str) -> dict[str, Any]:
    """The state after the family took the place."""
    return {"state": confirm_place(caller.actor(), uuid.UUID(application), caller.arrived_at).state}


def decline(caller: Caller, application: str) -> dict[str, Any]:
    """The state after the family did without the place."""
    return {"state": decline_place(caller.actor(), uuid.UUID(application), caller.arrived_at).state}

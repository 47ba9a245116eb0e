"""Wishes about children, guardians and helpers."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from backend.families.claim_child import Said, claim_child
from backend.families.give_consent import GivenConsent
from backend.families.people import guardian_particulars
from backend.families.queries import children_of
from backend.families.register_child import register_child
from backend.families.rules.particulars import Written
from backend.families.share_with_helper import share_with_helper
from bots.person import Caller

CHANNEL = "chat"


def register(
    caller: Caller, relation: str, consents: Sequence[Mapping[str, str]], born_on: str | None = None, **said: Any
) -> dict[str, Any]:
    """The registered child's id. A guardian who said who he is for an earlier child need not say it again."""
    actor = caller.actor()
    known = _known_guardian(actor.account_id)
    written = Written(
        name=said["name"],
        id_kind=said["id_kind"],
        id_number=said.get("id_number"),
        born_on=date.fromisoformat(born_on) if born_on else None,
        sex=said.get("sex"),
        ethnicity=said["ethnicity"],
        guardian_name=said.get("guardian_name") or known.get("name") or "",
        guardian_id_number=said.get("guardian_id_number") or known.get("id_number"),
    )
    given = [GivenConsent(one["purpose"], one["sha256"]) for one in consents]
    return {"id": str(register_child(actor, written, relation, given, CHANNEL).id)}


def _known_guardian(account_id: uuid.UUID) -> dict[str, Any]:
    for _, care in children_of(account_id):
        if told := guardian_particulars(care):
            return told
    return {}


def claim(caller: Caller, id_number: str, name: str, relation: str) -> dict[str, Any]:
    """The claim's id and state."""
    made = claim_child(caller.actor(), Said(id_number, name), relation)
    return {"id": str(made.id), "state": made.state}


def add_helper(caller: Caller, child: str, phone: str, days: int, sha256: str) -> dict[str, Any]:
    """Until when the helper may file."""
    helper = share_with_helper(caller.actor(), uuid.UUID(child), phone, days, sha256 or None)
    return {"id": str(helper.id), "until": helper.ends_at.isoformat()}

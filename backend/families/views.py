"""How children, claims, helpers and consents look in answers to their own family."""

from typing import Any

from backend.families.claim_child import said_in
from backend.families.consent_texts import ConsentText
from backend.families.gateways import registration_of
from backend.families.people import particulars_of
from backend.families.queries import helpers_of
from backend.families.rows import Child, Claim, Helper
from backend.foundation import clock
from backend.foundation.database import db
from backend.identity.accounts import masked_phone, phone_of
from backend.identity.rows import Account

AS_HELPER = "helper"


def consent_view(text: ConsentText) -> dict[str, Any]:
    """A consent's text as it must be shown, with the digest that comes back when it is agreed to."""
    told = {"purpose": text.purpose, "version": str(text.version), "title": text.title, "text": text.text}
    return {**told, "sha256": text.sha256, "required": text.required}


def child_view(child: Child, relation: str) -> dict[str, Any]:
    """The child's card; whoever only helps is not told who else does."""
    person = particulars_of(child)
    told = {
        "id": str(child.id),
        "name": person["name"],
        "born_on": person["born_on"],
        "sex": person["sex"],
        "relation": relation,
        "application": registration_of(child.id),
    }
    if relation == AS_HELPER:
        return told
    told["ethnicity"] = person["ethnicity"]
    moment = clock.now()
    present = [row for row in helpers_of(child.id) if row.ended_at is None and row.ends_at > moment]
    return {**told, "helpers": [helper_view(row) for row in present]}


def helper_view(helper: Helper) -> dict[str, Any]:
    """A helper with the phone masked."""
    phone = phone_of(db.session.get_one(Account, helper.account_id))
    masked = masked_phone(phone) if phone else None
    return {"id": str(helper.id), "until": helper.ends_at.isoformat(), "phone_masked": masked}


def claim_view(claim: Claim, direction: str) -> dict[str, Any]:
    """A claim: the claimant sees the name he wrote, the present guardian the name of the child."""
    name = said_in(claim).name
    if direction == "incoming" and claim.child_id is not None:
        name = particulars_of(db.session.get_one(Child, claim.child_id))["name"]
    return {
        "id": str(claim.id),
        "state": claim.state,
        "child_name": name,
        "relation": claim.relation,
        "direction": direction,
        "filed_at": claim.asked_at.isoformat(),
        "answer_by": claim.answer_by.isoformat(),
        "reason": claim.reason,
    }

"""An official decides a disputed claim with a reason: both care for the child, the claimant alone, or refused."""

import uuid

from backend.families.answer_claim import ClaimAnswered, admit_claimant
from backend.families.claim_child import asked_guardians, tell_claimant
from backend.families.queries import present_guardianship
from backend.families.rows import Claim
from backend.families.rules.claims import Outcome
from backend.foundation import clock
from backend.foundation.audit import record
from backend.foundation.database import db
from backend.foundation.problems import NotFound, Refusal
from backend.identity.actors import Actor
from backend.identity.authorize import authorize_office
from backend.identity.grants import end_grant
from backend.identity.rules.roles import CITY, Scope, banner_scopes

SHORTEST_REASON = 4
OUTCOMES = {
    "both": "工作人员核实后同意，您和原来的监护人都可以为孩子办理。",
    "replace": "工作人员核实后同意，今后由您为孩子办理。",
    "refuse": "工作人员核实后没有同意。",
}


class ReasonMissing(Refusal):
    """A decision about a child says why, in words that both guardians can read."""

    code = "reason-missing"
    status = 422


def claim_scopes(claim: Claim) -> tuple[Scope, ...]:
    """Whose officials decide: the banner the child's number was given in, and the city."""
    return banner_scopes(claim.banner) if claim.banner else (Scope("city", CITY),)


def decide_claim(actor: Actor, claim_id: uuid.UUID, outcome: Outcome, reason: str) -> Claim:
    """The claim as decided. Raises NotFound, NotAllowed, ClaimAnswered, ReasonMissing."""
    claim = db.session.get(Claim, claim_id, with_for_update=True)
    if claim is None:
        raise NotFound
    authorize_office(actor, "claim.decide", claim_scopes(claim))
    if claim.state != "disputed":
        raise ClaimAnswered
    if len(reason.strip()) < SHORTEST_REASON:
        raise ReasonMissing
    if outcome == "replace":
        _end_present_care(claim)
    if outcome in {"both", "replace"}:
        admit_claimant(claim)
    claim.state = "denied" if outcome == "refuse" else "granted"
    claim.decided_at, claim.decided_by = clock.now(), actor.account_id
    claim.outcome, claim.reason = outcome, reason.strip()
    db.session.flush()
    tell_claimant(claim, f"{OUTCOMES[outcome]}理由：{claim.reason}")
    record("claim.decided", "claim", claim.id, claim.reason, outcome=outcome)
    return claim


def _end_present_care(claim: Claim) -> None:
    if claim.child_id is None:
        return
    for account_id in asked_guardians(claim):
        care = present_guardianship(claim.child_id, account_id)
        if care is not None:
            care.ends_at = clock.now()
        end_grant(account_id, "guardian", Scope("child", str(claim.child_id)), "an official decided a claim")
    db.session.flush()

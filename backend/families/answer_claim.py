"""The present guardian answers a claim: yes, and both care for the child; no, and officials decide."""

import uuid

from backend.families.claim_child import said_in, tell_claimant
from backend.families.queries import present_guardianship
from backend.families.register_child import take_into_care
from backend.families.rows import Claim
from backend.foundation import clock
from backend.foundation.audit import record
from backend.foundation.database import db
from backend.foundation.problems import NotFound, Refusal
from backend.identity.actors import Actor


class ClaimAnswered(Refusal):
    """The claim was answered or has gone to the officials."""

    code = "claim-answered"


def answer_claim(actor: Actor, claim_id: uuid.UUID, *, accept: bool) -> Claim:
    """The claim after the answer. A refusal decides nothing against the claimant: it becomes a case for the desk.

    Raises NotFound where the actor does not care for the claimed child, ClaimAnswered.
    """
    claim = db.session.get(Claim, claim_id, with_for_update=True)
    if claim is None or claim.child_id is None or present_guardianship(claim.child_id, actor.account_id) is None:
        raise NotFound
    if claim.state != "waiting":
        raise ClaimAnswered
    claim.answered_at = clock.now()
    if accept:
        claim.state = "accepted"
        admit_claimant(claim)
        tell_claimant(claim, "孩子的监护人同意了，您现在也可以为孩子办理")
    else:
        claim.state = "disputed"
        claim.disputed_for = "refused"
        tell_claimant(claim, "孩子的监护人没有同意，已经转给工作人员核实，会再告诉您结果")
    db.session.flush()
    record("claim.answered", "claim", claim.id, accepted=accept)
    return claim


def admit_claimant(claim: Claim) -> None:
    """Let the claimant care for the child from now on."""
    if claim.child_id is not None:
        said = said_in(claim)
        take_into_care(claim.child_id, claim.claimant_id, claim.relation, said.guardian_name, said.guardian_id_number)

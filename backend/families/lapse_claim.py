"""No answer in time: the claim becomes a case for the desk; silence decides nothing by itself."""

import uuid

from backend.families.claim_child import tell_claimant
from backend.families.rows import Claim
from backend.foundation import clock
from backend.foundation.audit import record
from backend.foundation.database import db


def lapse_claim(claim_id: str) -> None:
    """Move a claim that still waits to the officials; where no such child was known it ends, and says so."""
    claim = db.session.get(Claim, uuid.UUID(claim_id), with_for_update=True)
    if claim is None or claim.state != "waiting":
        return
    if claim.child_id is None:
        claim.state, claim.decided_at = "denied", clock.now()
        claim.outcome, claim.reason = "refuse", "没有找到姓名和证件号码都相符、已经登记的孩子"
    else:
        claim.state, claim.disputed_for = "disputed", "silence"
    outcome = claim.reason or "孩子的监护人没有答复，已经转给工作人员核实，会再告诉您结果"
    tell_claimant(claim, outcome)
    db.session.flush()
    record("claim.lapsed", "claim", claim.id, state=claim.state)

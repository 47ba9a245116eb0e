"""A guardian without children in care closes the account: number and WeChat id go, all devices are logged out (P23).

What the guardian still asked for ends with the account, as its words can no longer be read by anybody.
"""

import uuid

from sqlalchemy import update

from backend.families.queries import children_of
from backend.families.rows import Claim
from backend.foundation import clock
from backend.foundation.audit import record
from backend.foundation.crypto import shred
from backend.foundation.database import db
from backend.foundation.problems import Refusal
from backend.identity.actors import Actor
from backend.identity.rows import Account
from backend.identity.sessions import close_sessions


class ChildrenInCare(Refusal):
    """The account still cares for children: each of them is left first."""

    code = "children-in-care"


def close_account(actor: Actor) -> None:
    """Close it for ever; the same phone may begin anew with an empty account. Raises ChildrenInCare."""
    if children_of(actor.account_id):
        raise ChildrenInCare
    account = db.session.get_one(Account, actor.account_id)
    _end_claims(account.id)
    account.phone_sealed = account.phone_index = None
    account.wechat_sealed = account.wechat_index = None
    account.closed_at = clock.now()
    close_sessions(account.id)
    shred(account.id)
    db.session.flush()
    record("account.closed", "account", account.id, "the guardian deleted it")


def _end_claims(account_id: uuid.UUID) -> None:
    """Claims to children that wait for an answer; the guardians and officials who were asked need not answer any more."""
    ended = {"state": "denied", "outcome": "refuse", "reason": "申请人注销了账户", "decided_at": clock.now()}
    waiting = (Claim.claimant_id == account_id) & Claim.state.in_(("waiting", "disputed"))
    db.session.execute(update(Claim).where(waiting).values(**ended))

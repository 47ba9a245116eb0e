"""A guardian without children in care closes the account: number and WeChat id go, all devices are logged out (P23)."""

from backend.families.queries import children_of
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
    account.phone_sealed = account.phone_index = None
    account.wechat_sealed = account.wechat_index = None
    account.closed_at = clock.now()
    close_sessions(account.id)
    shred(account.id)
    db.session.flush()
    record("account.closed", "account", account.id, "the guardian deleted it")

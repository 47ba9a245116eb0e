"""Who follows the official account, and how many subscription messages they still allow (promises part 2)."""

from sqlalchemy import delete, select, update
from sqlalchemy.dialects.postgresql import insert

from backend.foundation import clock
from backend.foundation.crypto import blind_index
from backend.foundation.database import db
from backend.identity.rows import Account
from backend.notices.gateways import template_ids
from backend.notices.rows import Follower, SubscriptionLedger


def wechat_index(openid: str) -> bytes:
    """The blind index by which an account, a follower and a ledger of the same person are found."""
    return blind_index("account.wechat", openid)


def note_follows(index: bytes, *, follows: bool) -> None:
    """Remember that this person follows the account now, or has left it."""
    moment = clock.now()
    statement = insert(Follower).values(wechat_index=index, follows=follows, changed_at=moment)
    db.session.execute(
        statement.on_conflict_do_update(
            index_elements=["wechat_index"],
            set_={"follows": follows, "changed_at": moment},
            where=Follower.follows.is_not(follows),
        )
    )


def follows(account: Account | None) -> bool | None:
    """Whether the account's person follows; None where nobody has seen them come or go."""
    if account is None or account.wechat_index is None:
        return None
    return db.session.execute(
        select(Follower.follows).where(Follower.wechat_index == account.wechat_index)
    ).scalar_one_or_none()


def add_consent(index: bytes, template: str) -> None:
    """One tap, one message: the person allows one more subscription message of the template."""
    statement = insert(SubscriptionLedger).values(wechat_index=index, template=template, consents=1)
    db.session.execute(
        statement.on_conflict_do_update(
            index_elements=["wechat_index", "template"], set_={"consents": SubscriptionLedger.consents + 1}
        )
    )


def spend_consent(account: Account | None) -> bool:
    """Whether a consent was left; it is one less now."""
    if account is None or account.wechat_index is None:
        return False
    spent = db.session.execute(
        update(SubscriptionLedger)
        .where(
            SubscriptionLedger.wechat_index == account.wechat_index,
            SubscriptionLedger.template == template_ids()[1],
            SubscriptionLedger.consents > 0,
        )
        .values(consents=SubscriptionLedger.consents - 1)
        .returning(SubscriptionLedger.id)
    ).scalar_one_or_none()
    return spent is not None


def void_consents(account: Account) -> None:
    """The platform says that no consent is left (43101): the ledger says so too."""
    db.session.execute(delete(SubscriptionLedger).where(SubscriptionLedger.wechat_index == account.wechat_index))

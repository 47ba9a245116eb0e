"""Who follows the official account (promises part 2)."""

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from backend.foundation import clock
from backend.foundation.crypto import blind_index
from backend.foundation.database import db
from backend.identity.rows import Account
from backend.notices.rows import Follower


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

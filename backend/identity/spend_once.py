"""What another service vouches for counts once here: the first to show it wins, whatever the other side says of a second."""

import hashlib

from sqlalchemy.dialects.postgresql import insert

from backend.foundation import clock
from backend.foundation.database import db
from backend.identity.rows import WeChatLogin


def spent_once(shown: str) -> bool:
    """Whether this code or ticket is shown for the first time; only its digest is kept, in the present transaction."""
    fresh = db.session.execute(
        insert(WeChatLogin)
        .values(code_sha256=hashlib.sha256(shown.encode()).digest(), at=clock.now())
        .on_conflict_do_nothing()
        .returning(WeChatLogin.id)
    ).scalar_one_or_none()
    return fresh is not None

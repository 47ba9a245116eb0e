"""T by SMS: reminders and broadcasts no longer go to this number; what starts a deadline still does."""

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert

from backend.foundation import clock
from backend.foundation.crypto import blind_index
from backend.foundation.database import db
from backend.notices.rows import SmsStop


def _index(phone: str) -> bytes:
    return blind_index("account.phone", phone)


def stop_texts(phone: str) -> None:
    """Remember that the number wants no reminders and broadcasts."""
    stopped = insert(SmsStop).values(phone_index=_index(phone), stopped_at=clock.now())
    db.session.execute(stopped.on_conflict_do_nothing())


def allow_texts(phone: str) -> None:
    """Forget that the number had stopped them."""
    db.session.execute(delete(SmsStop).where(SmsStop.phone_index == _index(phone)))


def has_stopped(phone: str) -> bool:
    """Whether the number wants no reminders and broadcasts."""
    found = select(SmsStop.phone_index).where(SmsStop.phone_index == _index(phone))
    return db.session.execute(found).first() is not None

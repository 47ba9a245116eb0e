"""Six-digit codes by SMS: five minutes, five tries, one use; budgets for whom they are asked for, and an address (D14)."""

import hmac
import secrets
import uuid
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, func, select, text, update

from backend.foundation import clock
from backend.foundation.crypto import blind_index
from backend.foundation.database import db
from backend.foundation.problems import Refusal
from backend.identity.gateways import code_sender
from backend.identity.rows import OneUseCode

CODE_LIVES = timedelta(minutes=5)
TRIES = 5
Budget = tuple[tuple[timedelta, int], ...]
LOGIN_BUDGET: Budget = ((timedelta(minutes=1), 1), (timedelta(hours=1), 5), (timedelta(days=1), 10))
PER_ADDRESS_AN_HOUR = 3000
"""A whole school logs in from one address; whoever tries numbers out asks for more."""


class CodesTooOften(Refusal):
    """Whoever it is asked for, or the address, has had its share of codes; `wait_seconds` says when to try again."""

    code = "codes-too-often"
    status = 429


def send_one_use_code(
    asked: bytes,
    phone: str | None,
    address: str,
    budget: Budget = LOGIN_BUDGET,
    bound_to: str = "",
    notice: str = "login-code",
) -> None:
    """Send a code to the phone, for what `asked` is the blind index of; it will fit only with the same `bound_to`.

    `notice` names the sentence that carries it: what the code is for.

    Where nobody is behind it (`phone` is None) nothing is sent, but it is counted alike: what is answered to a second
    asking must not tell. Raises CodesTooOften.
    """
    db.session.execute(text("SELECT pg_advisory_xact_lock(hashtextextended(:key, 0))"), {"key": asked.hex()})
    moment = clock.now()
    for span, most in budget:
        if _made_since(OneUseCode.asked_index == asked, moment - span) >= most:
            raise CodesTooOften(wait_seconds=int(span.total_seconds()))
    if _made_since(OneUseCode.address == address, moment - timedelta(hours=1)) >= PER_ADDRESS_AN_HOUR:
        raise CodesTooOften(wait_seconds=3600)
    code = f"{secrets.randbelow(10**6):06d}"
    row = OneUseCode(
        asked_index=asked,
        address=address,
        code_index=_code_index(asked, bound_to, code),
        made_at=moment,
        ends_at=moment + CODE_LIVES,
    )
    db.session.add(row)
    db.session.flush()
    if phone is not None:
        code_sender()(row.id, uuid.uuid4(), phone, code, notice)


def _made_since(condition: ColumnElement[bool], since: datetime) -> int:
    made = select(func.count()).select_from(OneUseCode).where(condition, OneUseCode.made_at > since)
    return db.session.execute(made).scalar_one()


def _code_index(asked: bytes, bound_to: str, code: str) -> bytes:
    return blind_index("one_use_code.code", f"{asked.hex()}/{bound_to}/{code}")


def spend_one_use_code(asked: bytes, code: str, bound_to: str = "") -> bool:
    """Whether the newest code fits; a wrong try is counted, a right code is used up."""
    moment = clock.now()
    row = db.session.execute(
        select(OneUseCode)
        .where(OneUseCode.asked_index == asked)
        .order_by(OneUseCode.id.desc())
        .limit(1)
        .with_for_update()
    ).scalar_one_or_none()
    if row is None or row.used_at or row.tries >= TRIES or row.ends_at <= moment:
        return False
    row.tries += 1
    if not hmac.compare_digest(row.code_index, _code_index(asked, bound_to, code.strip())):
        return False
    row.used_at = moment
    return True


def void_codes(asked: bytes) -> None:
    """What was sent so far fits no more: it went to a phone that is not the one to ask any longer."""
    moment = clock.now()
    living = (OneUseCode.asked_index == asked) & (OneUseCode.ends_at > moment)
    db.session.execute(update(OneUseCode).where(living).values(ends_at=moment))

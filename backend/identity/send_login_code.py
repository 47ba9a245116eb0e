"""Send a six-digit code to a phone: five minutes, five tries, one use; budgets per number, address and whole (D14)."""

import hmac
import secrets
import uuid
from datetime import timedelta

from sqlalchemy import func, select, text

from backend.foundation import clock
from backend.foundation.crypto import blind_index, provider
from backend.foundation.database import db
from backend.foundation.problems import Refusal
from backend.identity.accounts import read_phone
from backend.identity.gateways import code_sender
from backend.identity.rows import LoginCode

CODE_LIVES = timedelta(minutes=5)
TRIES = 5
PER_PHONE = ((timedelta(minutes=1), 1), (timedelta(hours=1), 5), (timedelta(days=1), 10))
PER_ADDRESS_AN_HOUR = 3000


class CodesTooOften(Refusal):
    """The number or the address has had its share of codes; `wait_seconds` says when to try again."""

    code = "codes-too-often"
    status = 429


class CodeWrong(Refusal):
    """The code does not fit, is too old, used, or tried too often; all said alike."""

    code = "code-wrong"
    status = 422
    keeps_effects = True


def send_login_code(phone_text: str, address: str) -> None:
    """Send a code. Raises PhoneInvalid, CodesTooOften. The answer is the same for known and unknown numbers."""
    phone = read_phone(phone_text)
    index = blind_index("account.phone", phone)
    db.session.execute(text("SELECT pg_advisory_xact_lock(hashtextextended(:key, 0))"), {"key": index.hex()})
    moment = clock.now()
    for span, most in PER_PHONE:
        if _sent_since(LoginCode.phone_index == index, moment - span) >= most:
            raise CodesTooOften(wait_seconds=int(span.total_seconds()))
    if _sent_since(LoginCode.address == address, moment - timedelta(hours=1)) >= PER_ADDRESS_AN_HOUR:
        raise CodesTooOften(wait_seconds=3600)
    code = f"{secrets.randbelow(10**6):06d}"
    row = LoginCode(
        phone_index=index, address=address, code_mac=_mac(index, code), made_at=moment, ends_at=moment + CODE_LIVES
    )
    db.session.add(row)
    db.session.flush()
    code_sender()(row.id, uuid.uuid4(), phone, code)


def _sent_since(condition: object, since: object) -> int:
    return db.session.execute(
        select(func.count()).select_from(LoginCode).where(condition, LoginCode.made_at > since)  # type: ignore[arg-type]
    ).scalar_one()


def _mac(index: bytes, code: str) -> bytes:
    return provider().mac(index, code.encode())


def spend_login_code(phone_text: str, code: str) -> str | None:
    """The proven number, or None where the code does not fit; a wrong try is counted."""
    phone = read_phone(phone_text)
    index = blind_index("account.phone", phone)
    moment = clock.now()
    row = db.session.execute(
        select(LoginCode).where(LoginCode.phone_index == index).order_by(LoginCode.id.desc()).limit(1).with_for_update()
    ).scalar_one_or_none()
    if row is None or row.used_at or row.tries >= TRIES or row.ends_at <= moment:
        return None
    row.tries += 1
    if not hmac.compare_digest(row.code_mac, _mac(index, code.strip())):
        return None
    row.used_at = moment
    return phone

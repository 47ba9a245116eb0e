"""An official's log-in: two factors; five failures lock for fifteen minutes, and an address fails only so often (等保 8.1.4.1)."""

import uuid
from datetime import timedelta
from functools import cache

import pyotp
from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError
from sqlalchemy import func, select

from backend.foundation import clock
from backend.foundation.audit import AuditRow, record
from backend.foundation.crypto import blind_index, seal, unseal
from backend.foundation.database import db
from backend.foundation.problems import Refusal
from backend.identity.rows import Account, Official
from backend.identity.rules.passwords import password_faults

FAILURES = 5
LOCKED = timedelta(minutes=15)
STEP = 30
FAILED = "official.login-failed"
PER_ADDRESS_AN_HOUR = 100
"""A whole bureau logs in from one address; whoever tries one password at many accounts fails more often."""


class LoginWrong(Refusal):
    """Name, password or one-time password do not fit, or the account is locked; all said alike."""

    code = "login-wrong"
    status = 401
    keeps_effects = True


class LoginsTooOften(Refusal):
    """Too many log-ins from this address have failed; `wait_seconds` says when to try again."""

    code = "logins-too-often"
    status = 429


class PasswordWeak(Refusal):
    """The new password is too short, too simple or too common."""

    code = "password-weak"
    status = 422


@cache
def _hasher() -> PasswordHasher:
    return PasswordHasher(time_cost=2, memory_cost=19456, parallelism=1)


@cache
def _nobody() -> str:
    return _hasher().hash("nobody has this password")


def refuse_weak(password: str, login: str, pointer: str) -> None:
    """Raise PasswordWeak, with what is wrong at the field `pointer`, unless the password may be used."""
    if faults := password_faults(password, login):
        raise PasswordWeak(errors=[{"pointer": pointer, "code": code, "detail": code} for code in faults])


def make_official(login: str, name: str, password: str, totp_secret: str | None = None) -> tuple[uuid.UUID, str]:
    """A new official's account id and the secret for the one-time password. Raises PasswordWeak."""
    refuse_weak(password, login, "/password")
    secret = totp_secret or pyotp.random_base32()
    account = Account(id=uuid.uuid4(), kind="official", made_at=clock.now())
    db.session.add(account)
    db.session.flush()
    db.session.add(
        Official(
            account_id=account.id,
            login=login,
            name=name,
            password_hash=hashed(password),
            password_set_at=clock.now(),
            totp_sealed=seal(account.id, f"official.totp.{account.id}", secret),
        )
    )
    record("official.made", "account", account.id)
    return account.id, secret


def log_in_official(login: str, password: str, one_time: str, address: str) -> Account | None:
    """The account, or None where the log-in does not fit; a failure is counted, for the account and for the address.

    Raises LoginsTooOften: then nothing is tried.
    """
    source = blind_index("official.address", address).hex()
    if _failures_from(source) >= PER_ADDRESS_AN_HOUR:
        raise LoginsTooOften(wait_seconds=3600)
    official = db.session.execute(
        select(Official).where(Official.login == login).with_for_update()
    ).scalar_one_or_none()
    if official is None:
        password_fits(_nobody(), password)
    elif proves_both_factors(official, password, one_time):
        record("official.logged-in", "account", official.account_id)
        return db.session.get_one(Account, official.account_id)
    record(FAILED, "address", source)
    return None


def _failures_from(source: str) -> int:
    """How many log-ins from the address with this digest failed in the last hour, by the audit."""
    failed = (
        select(func.count())
        .select_from(AuditRow)
        .where(
            AuditRow.object_kind == "address",
            AuditRow.object_id == source,
            AuditRow.action == FAILED,
            AuditRow.at > clock.now() - timedelta(hours=1),
        )
    )
    return db.session.execute(failed).scalar_one()


def proves_both_factors(official: Official, password: str, one_time: str) -> bool:
    """Whether password and one-time password are this official's, whose row is locked; a failure is counted.

    The one-time password is spent. While the account is locked nothing fits.
    """
    fits = password_fits(official.password_hash, password)
    if official.locked_until and official.locked_until > clock.now():
        return False
    step = _totp_step(official, one_time)
    if not fits or step is None:
        official.failures += 1
        if official.failures >= FAILURES:
            official.failures = 0
            official.locked_until = clock.now() + LOCKED
            record("official.locked", "account", official.account_id)
        return False
    official.failures = 0
    official.totp_step = step
    return True


def hashed(password: str) -> str:
    """What is kept of a password (Argon2id)."""
    return _hasher().hash(password)


def password_fits(stored: str, password: str) -> bool:
    """Whether this is the password of which `stored` was kept."""
    try:
        return _hasher().verify(stored, password)
    except (VerifyMismatchError, InvalidHashError):
        return False


def _totp_step(official: Official, one_time: str) -> int | None:
    """The time step the one-time password belongs to, or None where it fits none or one that was used."""
    secret = unseal(official.account_id, f"official.totp.{official.account_id}", official.totp_sealed)
    current = int(clock.now().timestamp()) // STEP
    for step in (current - 1, current, current + 1):
        if step > official.totp_step and pyotp.TOTP(secret).verify(one_time, for_time=step * STEP):
            return step
    return None

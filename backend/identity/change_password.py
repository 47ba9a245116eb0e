"""An official changes the password: both factors once more, a new one by the rules, all other sessions end (等保 8.1.4.1)."""

import uuid

from sqlalchemy import select

from backend.foundation import clock
from backend.foundation.audit import record
from backend.foundation.database import db
from backend.foundation.problems import Refusal
from backend.identity.log_in_official import hashed, password_fits, proves_both_factors, refuse_weak
from backend.identity.rows import Official
from backend.identity.rules.passwords import REMEMBERED
from backend.identity.sessions import close_sessions


class OldPasswordWrong(Refusal):
    """The present password or the one-time password does not fit, or the account is locked; all said alike."""

    code = "old-password-wrong"
    status = 422
    keeps_effects = True


class PasswordUsedBefore(Refusal):
    """The new password is one of the last five; the one-time password is spent all the same."""

    code = "password-used-before"
    status = 422
    keeps_effects = True


def change_password(account_id: uuid.UUID, old: str, one_time: str, new: str, session: str) -> None:
    """Give the official a new password; of the open sessions only that with the token `session` goes on.

    A wrong old password counts like a failed log-in: five lock the account for fifteen minutes.
    Raises PasswordWeak (nothing is spent), OldPasswordWrong, PasswordUsedBefore.
    """
    official = db.session.execute(
        select(Official).where(Official.account_id == account_id).with_for_update()
    ).scalar_one()
    refuse_weak(new, official.login, "/new_password")
    if not proves_both_factors(official, old, one_time):
        raise OldPasswordWrong
    used = [official.password_hash, *official.former_hashes]
    if any(password_fits(stored, new) for stored in used):
        raise PasswordUsedBefore(count=REMEMBERED)
    official.former_hashes = used[: REMEMBERED - 1]
    official.password_hash = hashed(new)
    official.password_set_at = clock.now()
    close_sessions(account_id, but=session)
    record("official.password-changed", "account", account_id)

"""A guardian's log-in: by a code sent to the phone, or by WeChat. Guardians have no passwords."""

import hashlib

from sqlalchemy.dialects.postgresql import insert

from backend.foundation import clock
from backend.foundation.database import db
from backend.foundation.problems import Refusal
from backend.identity.accounts import guardian_by_phone, guardian_by_wechat
from backend.identity.gateways import wechat_login
from backend.identity.rows import Account, WeChatLogin
from backend.identity.send_login_code import spend_login_code


class WeChatCodeRefused(Refusal):
    """WeChat does not know this log-in code, or it was used before."""

    code = "wechat-code-refused"
    status = 422


class WeChatUnavailable(Refusal):
    """WeChat does not answer; the phone number works meanwhile."""

    code = "wechat-unavailable"
    status = 503


def log_in_by_phone(phone: str, code: str) -> Account | None:
    """The guardian of the proven number, made where there is none; None where the code does not fit."""
    proven = spend_login_code(phone, code)
    return guardian_by_phone(proven) if proven else None


def openid_by_code(code: str) -> str:
    """The openid behind a wx.login code; each code works once. Raises WeChatCodeRefused, WeChatUnavailable."""
    digest = hashlib.sha256(code.encode()).digest()
    fresh = db.session.execute(
        insert(WeChatLogin)
        .values(code_sha256=digest, at=clock.now())
        .on_conflict_do_nothing()
        .returning(WeChatLogin.id)
    ).scalar_one_or_none()
    if fresh is None:
        raise WeChatCodeRefused
    return wechat_login().openid_of(code)


def log_in_by_wechat(code: str) -> Account:
    """The guardian behind a wx.login code, made where there is none."""
    return guardian_by_wechat(openid_by_code(code))

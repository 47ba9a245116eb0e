"""A guardian's log-in: by a code sent to the phone, or by WeChat. Guardians have no passwords."""

from backend.foundation.problems import Refusal
from backend.identity.accounts import guardian_by_phone, guardian_by_wechat
from backend.identity.gateways import wechat_login
from backend.identity.rows import Account
from backend.identity.send_login_code import spend_login_code
from backend.identity.spend_once import spent_once


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
    if not spent_once(code):
        raise WeChatCodeRefused
    return wechat_login().openid_of(code)


def log_in_by_wechat(code: str) -> Account:
    """The guardian behind a wx.login code, made where there is none."""
    return guardian_by_wechat(openid_by_code(code))

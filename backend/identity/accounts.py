"""Finding and making guardians' accounts by phone or WeChat id, and binding either to the other."""

import re
import uuid

from sqlalchemy import select

from backend.foundation import clock
from backend.foundation.audit import record
from backend.foundation.crypto import blind_index, seal, unseal
from backend.foundation.database import db
from backend.foundation.problems import Refusal
from backend.identity.rows import Account
from backend.identity.sessions import close_sessions

PHONE = re.compile(r"1[3-9]\d{9}")


class PhoneInvalid(Refusal):
    """The text is no mobile number of eleven digits."""

    code = "phone-invalid"
    status = 422


class WeChatBoundElsewhere(Refusal):
    """This WeChat account belongs to another guardian already."""

    code = "wechat-bound-elsewhere"


def read_phone(text: str) -> str:
    """The eleven digits, without blanks, dashes and +86. Raises PhoneInvalid."""
    digits = re.sub(r"[\s-]", "", text).removeprefix("+86")
    if not PHONE.fullmatch(digits):
        raise PhoneInvalid
    return digits


def _new_guardian() -> Account:
    account = Account(id=uuid.uuid4(), kind="guardian", made_at=clock.now())
    db.session.add(account)
    db.session.flush()
    record("account.made", "account", account.id)
    return account


def account_by_phone(phone: str) -> Account | None:
    """The open account with this number, or None."""
    return db.session.execute(
        select(Account).where(Account.phone_index == blind_index("account.phone", phone), Account.closed_at.is_(None))
    ).scalar_one_or_none()


def account_by_wechat(openid: str) -> Account | None:
    """The open account with this WeChat id, or None."""
    return db.session.execute(
        select(Account).where(
            Account.wechat_index == blind_index("account.wechat", openid), Account.closed_at.is_(None)
        )
    ).scalar_one_or_none()


def guardian_by_phone(phone: str) -> Account:
    """The guardian with this number, made where there is none."""
    account = account_by_phone(phone)
    if account is None:
        account = _new_guardian()
        _set_phone(account, phone)
    return account


def guardian_by_wechat(openid: str) -> Account:
    """The guardian with this WeChat id, made where there is none."""
    account = account_by_wechat(openid)
    if account is None:
        account = _new_guardian()
        _set_wechat(account, openid)
    return account


def _set_phone(account: Account, phone: str) -> None:
    account.phone_sealed = seal(account.id, f"account.phone.{account.id}", phone)
    account.phone_index = blind_index("account.phone", phone)
    db.session.flush()


def _set_wechat(account: Account, openid: str) -> None:
    account.wechat_sealed = seal(account.id, f"account.wechat.{account.id}", openid)
    account.wechat_index = blind_index("account.wechat", openid)
    db.session.flush()


def change_phone(account: Account, phone: str) -> None:
    """Give the account a new, proven number; whoever had the number before (a recycled one) loses it, not the child."""
    former = account_by_phone(phone)
    if former is not None and former.id != account.id:
        former.phone_sealed = None
        former.phone_index = None
        db.session.flush()
        close_sessions(former.id)
        record("account.phone-lost", "account", former.id, "the number was proven by another account")
    _set_phone(account, phone)
    record("account.phone-changed", "account", account.id)


def bind_wechat(account: Account, openid: str) -> None:
    """Give the account a new WeChat id (the old one may be lost). Raises WeChatBoundElsewhere."""
    holder = account_by_wechat(openid)
    if holder is not None and holder.id != account.id:
        if holder.phone_index is not None:
            raise WeChatBoundElsewhere
        holder.wechat_sealed = None
        holder.wechat_index = None
        db.session.flush()
        close_sessions(holder.id)
    _set_wechat(account, openid)
    record("account.wechat-bound", "account", account.id)


def phone_of(account: Account) -> str | None:
    """The account's number in clear, for the gateway that sends to it."""
    return unseal(account.id, f"account.phone.{account.id}", account.phone_sealed) if account.phone_sealed else None


def masked_phone(phone: str) -> str:
    """The number with its middle hidden."""
    return f"{phone[:3]}****{phone[-4:]}"


def openid_of(account: Account) -> str | None:
    """The account's WeChat id in clear, for the gateway that sends to it."""
    if account.wechat_sealed is None:
        return None
    return unseal(account.id, f"account.wechat.{account.id}", account.wechat_sealed)

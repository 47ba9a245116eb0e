"""HTTP: log in and out, change the number, bind WeChat."""

from typing import Any

from apiflask import APIBlueprint
from flask import request
from pydantic import BaseModel, Field

from backend.foundation.database import db
from backend.foundation.doors import keyless
from backend.identity.accounts import bind_wechat, change_phone, masked_phone, phone_of
from backend.identity.actors import (
    ANYBODY_LOGGED_IN,
    GUARDIAN,
    OFFICIAL,
    OFFICIAL_TO_CHANGE_PASSWORD,
    PUBLIC,
    actor,
    official_who_may,
    policy,
)
from backend.identity.advance_clock import advance_clock
from backend.identity.change_password import change_password
from backend.identity.log_in_by_portal import log_in_by_portal
from backend.identity.log_in_guardian import log_in_by_phone, log_in_by_wechat, openid_by_code
from backend.identity.log_in_official import LoginWrong, log_in_official
from backend.identity.rows import Account, Official
from backend.identity.rules.passwords import expires_at
from backend.identity.send_login_code import CodeWrong, send_login_code, spend_login_code
from backend.identity.sessions import close_session, open_session, token_of

api = APIBlueprint("identity", __name__, url_prefix="/api", tag="identity")


class PhoneBody(BaseModel):
    """A phone number."""

    phone: str = Field(max_length=20)


class PhoneCodeBody(PhoneBody):
    """A phone number with the code that was sent to it."""

    code: str = Field(max_length=10)


class WeChatBody(BaseModel):
    """The code that wx.login gave."""

    code: str = Field(min_length=1, max_length=200)


class TicketBody(BaseModel):
    """The ticket that the public-service app put into the address."""

    ticket: str = Field(min_length=1, max_length=200)


class OfficialBody(BaseModel):
    """An official's name, password and one-time password."""

    name: str = Field(max_length=60)
    password: str = Field(max_length=200)
    totp: str = Field(max_length=10)


def _welcome(account: Account) -> dict[str, Any]:
    token = open_session(account)
    guardian = {
        "id": str(account.id),
        "has_phone": account.phone_index is not None,
        "has_wechat": account.wechat_index is not None,
    }
    return {"token": token, "guardian": guardian}


@api.post("/login/code")
@policy(PUBLIC)
@keyless
@api.input(PhoneBody, arg_name="body")
def ask_code(body: PhoneBody) -> tuple[str, int]:
    """Send a log-in code to the phone."""
    send_login_code(body.phone, request.remote_addr or "-")
    return "", 204


@api.post("/login/phone")
@policy(PUBLIC)
@keyless
@api.input(PhoneCodeBody, arg_name="body")
def by_phone(body: PhoneCodeBody) -> dict[str, Any]:
    """Log in with the code that was sent. A wrong try is kept even though it is refused."""
    account = log_in_by_phone(body.phone, body.code)
    if account is None:
        raise CodeWrong
    return _welcome(account)


@api.post("/login/wechat")
@policy(PUBLIC)
@keyless
@api.input(WeChatBody, arg_name="body")
def by_wechat(body: WeChatBody) -> dict[str, Any]:
    """Log in with a wx.login code."""
    return _welcome(log_in_by_wechat(body.code))


@api.post("/login/portal")
@policy(PUBLIC)
@keyless
@api.input(TicketBody, arg_name="body")
def by_portal(body: TicketBody) -> dict[str, Any]:
    """Log in with a ticket of the public-service app."""
    return _welcome(log_in_by_portal(body.ticket))


@api.delete("/session")
@policy(ANYBODY_LOGGED_IN)
@keyless
def leave() -> tuple[str, int]:
    """Log out on this device."""
    close_session(token_of(request) or "")
    return "", 204


@api.get("/me")
@policy(GUARDIAN)
def me() -> dict[str, Any]:
    """Who is logged in: the number masked, whether WeChat is bound."""
    account = db.session.get_one(Account, actor().account_id)
    phone = phone_of(account)
    return {
        "id": str(account.id),
        "phone": masked_phone(phone) if phone else None,
        "has_phone": phone is not None,
        "has_wechat": account.wechat_index is not None,
        "language": account.language,
    }


@api.put("/me/phone")
@policy(GUARDIAN)
@api.input(PhoneCodeBody, arg_name="body")
def new_phone(body: PhoneCodeBody) -> tuple[str, int]:
    """Change the number to one proven by a code; the children stay with the account."""
    phone = spend_login_code(body.phone, body.code)
    if phone is None:
        raise CodeWrong
    change_phone(db.session.get_one(Account, actor().account_id), phone)
    return "", 204


@api.post("/me/wechat")
@policy(GUARDIAN)
@api.input(WeChatBody, arg_name="body")
def new_wechat(body: WeChatBody) -> tuple[str, int]:
    """Bind a WeChat account, for instance after the old one was lost."""
    bind_wechat(db.session.get_one(Account, actor().account_id), openid_by_code(body.code))
    return "", 204


@api.post("/officials/login")
@policy(PUBLIC)
@keyless
@api.input(OfficialBody, arg_name="body")
def by_password(body: OfficialBody) -> dict[str, Any]:
    """An official's log-in, and until when the password serves. A failure is counted even though it is refused."""
    account = log_in_official(body.name, body.password, body.totp, request.remote_addr or "-")
    if account is None:
        raise LoginWrong
    set_at = db.session.get_one(Official, account.id).password_set_at
    return {"token": open_session(account), "password_expires_at": expires_at(set_at).isoformat()}


class NewPasswordBody(BaseModel):
    """The present password, a one-time password, and the new password."""

    old_password: str = Field(max_length=200)
    totp: str = Field(max_length=10)
    new_password: str = Field(max_length=200)


@api.put("/officials/me/password")
@policy(OFFICIAL_TO_CHANGE_PASSWORD)
@api.input(NewPasswordBody, arg_name="body")
def new_password(body: NewPasswordBody) -> tuple[str, int]:
    """Change the own password; the other sessions end. A wrong try is counted even though it is refused."""
    session = token_of(request) or ""
    change_password(actor().account_id, body.old_password, body.totp, body.new_password, session)
    return "", 204


@api.get("/officials/me")
@policy(OFFICIAL)
def official_me() -> dict[str, Any]:
    """The official who is logged in, with the roles held."""
    asking = actor()
    roles = [{"role": role.name, "scope": role.scope.id} for role in asking.roles]
    return {"id": str(asking.account_id), "name": asking.name, "roles": roles}


class ClockBody(BaseModel):
    """By how many seconds the rehearsal's clock is moved ahead."""

    advance_seconds: int = Field(ge=0, le=400 * 86400)


@api.post("/desk/clock")
@policy(official_who_may("clock.move"))
@api.input(ClockBody, arg_name="body")
def clock_ahead(body: ClockBody) -> dict[str, Any]:
    """Move the rehearsal's clock ahead; refused where this is no rehearsal."""
    return {"now": advance_clock(body.advance_seconds).isoformat()}

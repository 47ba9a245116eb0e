"""Builders for tests of identity: guardians who log in by code, officials with one-time passwords."""

import uuid
from typing import Any

import pyotp

from backend.foundation import clock
from backend.foundation.doors import Application
from backend.foundation.unit_of_work import unit_of_work
from backend.identity.grants import give_grant
from backend.identity.log_in_official import make_official
from backend.identity.rules.roles import Scope

PASSWORD = "Sunny-Hills-27"


def catch_codes(app: Application) -> list[tuple[str, str]]:
    """The codes that would be sent, as (phone, code), newest last."""
    sent: list[tuple[str, str]] = []
    app.extensions["code_sender"] = lambda code_id, subject, phone, code, notice: sent.append((phone, code))
    return sent


def log_in(app: Application, phone: str) -> dict[str, str]:
    """The headers of a guardian who has logged in with this number; each call carries a new request key."""
    sent = catch_codes(app)
    client = app.test_client()
    assert client.post("/api/login/code", json={"phone": phone}).status_code == 204
    answer = client.post("/api/login/phone", json={"phone": phone, "code": sent[-1][1]})
    assert answer.status_code == 200, answer.json
    return {"Authorization": f"Bearer {answer.json['token']}"}


def keyed(headers: dict[str, str], key: str | None = None) -> dict[str, str]:
    """The headers with a request key."""
    return {**headers, "Idempotency-Key": key or uuid.uuid4().hex}


def official(login: str, *roles: tuple[str, str, str]) -> tuple[uuid.UUID, pyotp.TOTP]:
    """An official with roles (role, scope kind, scope id): the account and its one-time passwords."""
    with unit_of_work():
        account, secret = make_official(login, f"演练 {login}", PASSWORD)
        for role, kind, scope in roles:
            give_grant(account, role, Scope(kind, scope), "a test")
    return account, pyotp.TOTP(secret)


def one_time(totp: pyotp.TOTP, steps: int = 0) -> str:
    """The one-time password of this moment, or of some steps later."""
    return totp.at(clock.now(), counter_offset=steps)


def enter(app: Application, login: str, password: str, code: str) -> Any:
    """The answer to an official's log-in."""
    return app.test_client().post("/api/officials/login", json={"name": login, "password": password, "totp": code})

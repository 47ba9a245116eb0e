"""Sessions: an opaque 256-bit token on the device, its digest in the table; guardians stay weeks, officials an hour."""

import hashlib
import secrets
import uuid
from datetime import datetime, timedelta

from flask import Request, current_app
from sqlalchemy import delete, select

from backend.foundation import clock
from backend.foundation.database import db
from backend.identity.actors import Actor
from backend.identity.candidate_tokens import PREFIX, read_candidate_token
from backend.identity.gateways import candidate_logins
from backend.identity.grants import roles_of
from backend.identity.rows import Account, Official, Session
from backend.identity.rules.passwords import expires_at

LIVES = {"guardian": timedelta(days=60), "official": timedelta(hours=8)}
IDLE = {"guardian": timedelta(days=30), "official": timedelta(minutes=30)}
COOKIE = "sunroll_desk"
TOUCH = timedelta(minutes=1)


def _digest(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()


def open_session(account: Account) -> str:
    """A new session's token. Only this answer ever shows it."""
    token = secrets.token_urlsafe(32)
    moment = clock.now()
    db.session.add(
        Session(
            token_sha256=_digest(token),
            account_id=account.id,
            made_at=moment,
            used_at=moment,
            ends_at=moment + LIVES[account.kind],
        )
    )
    return token


def close_session(token: str) -> None:
    """End the session of this token."""
    db.session.execute(delete(Session).where(Session.token_sha256 == _digest(token)))


def close_sessions(account_id: uuid.UUID, but: str = "") -> None:
    """End all sessions of the account but that of the token `but`: after a changed phone or password, a lost WeChat account."""
    db.session.execute(delete(Session).where(Session.account_id == account_id, Session.token_sha256 != _digest(but)))


def token_of(request: Request) -> str | None:
    """The token the request carries: a bearer header, or the desk's cookie under /desk."""
    header = request.headers.get("Authorization", "")
    if header.startswith("Bearer "):
        return header.removeprefix("Bearer ")
    return request.cookies.get(COOKIE) if request.path.startswith("/desk") else None


def actor_of(token: str) -> Actor | None:
    """Who holds this token, with the roles of this moment, or None where the session has ended."""
    moment = clock.now()
    if token.startswith(PREFIX):
        return _candidate(token, moment)
    found = db.session.execute(
        select(Session, Account, Official)
        .join(Account, Account.id == Session.account_id)
        .outerjoin(Official, Official.account_id == Account.id)
        .where(Session.token_sha256 == _digest(token), Session.ends_at > moment, Account.closed_at.is_(None))
    ).one_or_none()
    if found is None:
        return None
    session, account, official = found
    if moment - session.used_at > IDLE[account.kind]:
        return None
    if official is None:
        return Actor(account.id, account.kind, roles_of(account.id))
    expired = expires_at(official.password_set_at) <= moment
    return Actor(account.id, account.kind, roles_of(account.id), official.name, expired)


def _candidate(token: str, moment: datetime) -> Actor | None:
    """A candidate holds no roles: what is his he reaches by his own id alone, until he logs out."""
    said = read_candidate_token(token, current_app.extensions["keys"].tokens, moment)
    if said is None or not candidate_logins()(said.login_id):
        return None
    return Actor(said.subject, "candidate", ())


def touch(token: str) -> None:
    """Note that the session was used; at most once a minute, in whatever transaction is open."""
    session = db.session.get(Session, _digest(token))
    if session is not None and clock.now() - session.used_at > TOUCH:
        session.used_at = clock.now()

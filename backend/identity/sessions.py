"""Sessions: an opaque 256-bit token on the device, its digest in the table; guardians stay weeks, officials an hour."""

import hashlib
import secrets
import uuid
from datetime import datetime, timedelta

from flask import Request, current_app
from sqlalchemy import delete, select, update

from backend.foundation import clock
from backend.foundation.database import db
from backend.foundation.unit_of_work import unit_of_work
from backend.identity.actors import Actor
from backend.identity.candidate_tokens import PREFIX, read_candidate_token
from backend.identity.gateways import candidate_logins
from backend.identity.grants import roles_of
from backend.identity.rows import Account, Official, Session
from backend.identity.rules.passwords import expires_at

LIVES = {"guardian": timedelta(days=60), "official": timedelta(hours=8)}
IDLE = {"guardian": timedelta(days=30), "official": timedelta(minutes=30)}
NOTED = {"guardian": timedelta(days=1), "official": timedelta(minutes=1)}
"""How exact the last use of a session is kept: a look that comes sooner than this after the noted one writes nothing."""

COOKIE = "sunroll_desk"


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
    """Who holds this token, with the roles of this moment, or None where the session has ended; that it is used is noted."""
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
    unused = moment - session.used_at
    if unused > IDLE[account.kind]:
        return None
    name, expired = "", False
    if official is not None:
        name, expired = official.name, expires_at(official.password_set_at) <= moment
    asking = Actor(account.id, account.kind, roles_of(account.id), name, expired)
    if unused >= NOTED[account.kind]:
        _note_use(session.token_sha256, moment)
    return asking


def _note_use(token_sha256: bytes, moment: datetime) -> None:
    """In a unit of work of its own, before the request's: a look is rolled back, and so is a refused change."""
    with unit_of_work():
        db.session.execute(update(Session).where(Session.token_sha256 == token_sha256).values(used_at=moment))


def _candidate(token: str, moment: datetime) -> Actor | None:
    """A candidate holds no roles: what is his he reaches by his own id alone, until he logs out."""
    said = read_candidate_token(token, current_app.extensions["keys"].tokens, moment)
    if said is None or not candidate_logins()(said.login_id):
        return None
    return Actor(said.subject, "candidate", ())

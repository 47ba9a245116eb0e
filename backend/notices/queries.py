"""Questions asked of the notices."""

import uuid
from collections.abc import Sequence

from sqlalchemy import func, or_, select

from backend.foundation.database import db
from backend.identity.actors import Actor
from backend.identity.rows import Account
from backend.identity.rules.roles import CITY, Scope
from backend.notices.call_human import asked_text
from backend.notices.rows import Broadcast, HelpRequest, Notice
from backend.notices.rules.delivery import CHAT_LINE

MOST_MESSAGES = 200


def notices_of(account_id: uuid.UUID) -> Sequence[Notice]:
    """The newest notices to the account, lines of conversations left out; at most 200."""
    found = db.session.execute(
        select(Notice)
        .where(Notice.account_id == account_id, Notice.code != CHAT_LINE, Notice.beside_id.is_(None))
        .order_by(Notice.made_at.desc(), Notice.id)
        .limit(MOST_MESSAGES)
    )
    return found.scalars().all()


def told_beside(account_id: uuid.UUID) -> dict[uuid.UUID, str]:
    """Notice → the state of the SMS that told the same beside it."""
    found = db.session.execute(
        select(Notice.beside_id, Notice.state).where(Notice.account_id == account_id, Notice.beside_id.is_not(None))
    )
    return {beside: state for beside, state in found if beside is not None}


def keys_told(keys: Sequence[str]) -> set[str]:
    """Which of these notices have been written: each is told once for ever."""
    found = db.session.execute(select(Notice.key).where(Notice.key == func.any(list(keys))))
    return set(found.scalars())


def notices_by_state() -> list[tuple[str, str, int]]:
    """(code, state, how many), for the desk."""
    found = db.session.execute(
        select(Notice.code, Notice.state, func.count()).group_by(Notice.code, Notice.state).order_by(Notice.code)
    )
    return [(code, state, count) for code, state, count in found]


def notices_that_ended_badly(most: int) -> Sequence[Notice]:
    """The notices that failed or whose outcome is unknown, the latest first."""
    found = db.session.execute(
        select(Notice).where(Notice.state.in_(("failed", "unknown"))).order_by(Notice.moved_at.desc()).limit(most)
    )
    return found.scalars().all()


def help_requests_for(actor: Actor) -> list[tuple[HelpRequest, str]]:
    """The open requests that this official may answer, with what was asked, the longest waiting first. Those without a
    banner are every official's.
    """
    scopes = actor.scopes_for("help.answer")
    banners = [scope.id for scope in scopes if scope.kind == "banner"]
    living = select(Account.id).where(Account.closed_at.is_(None))
    wanted = select(HelpRequest).where(HelpRequest.answered_at.is_(None), HelpRequest.account_id.in_(living))
    if Scope("city", CITY) not in scopes:
        wanted = wanted.where(or_(HelpRequest.banner.in_(banners), HelpRequest.banner.is_(None)))
    found = db.session.execute(wanted.order_by(HelpRequest.asked_at, HelpRequest.id)).scalars()
    return [(row, asked_text(row)) for row in found]


def broadcasts_of(banners: Sequence[str]) -> Sequence[Broadcast]:
    """The broadcasts of these banners, the newest first; at most 100."""
    wanted = select(Broadcast).where(Broadcast.banner.in_(banners)).order_by(Broadcast.written_at.desc()).limit(100)
    return db.session.execute(wanted).scalars().all()

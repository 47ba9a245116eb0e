"""Policy explained to the families of a banner (D24, D25): written by one official, released by another, sent in batches."""

import uuid
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from sqlalchemy import select

from backend.foundation import clock
from backend.foundation.audit import record
from backend.foundation.database import db
from backend.foundation.problems import NotFound, Refusal
from backend.foundation.tasks import put_task
from backend.identity.actors import Actor
from backend.identity.authorize import authorize_office
from backend.identity.rules.roles import banner_scopes
from backend.notices.gateways import families_of
from backend.notices.rows import Broadcast
from backend.notices.send_notice import send_notice

ACTION = "disclosure.publish"
BATCH = 500
LONGEST_TITLE, LONGEST_TEXT = 20, 400


class BroadcastWrong(Refusal):
    """A broadcast has a title of 2 to 20 characters and a text of 5 to 400."""

    code = "broadcast-wrong"
    status = 422


class BroadcastLinkWrong(Refusal):
    """A broadcast leads to an https address, or to a path of this service (`/public/…`), and nowhere else."""

    code = "broadcast-link-wrong"
    status = 422


class BroadcastNeedsAnother(Refusal):
    """Who wrote it does not release it."""

    code = "broadcast-needs-another"


class BroadcastDone(Refusal):
    """It is released or dropped already."""

    code = "broadcast-done"


@dataclass(frozen=True)
class Words:
    """What a broadcast says, to which stage (None: all), and where more stands."""

    title: str
    text: str
    stage: str | None = None
    link: str | None = None


def write_broadcast(actor: Actor, banner: str, words: Words, starts_at: datetime) -> Broadcast:
    """The broadcast, waiting for another official. Raises NotAllowed, BroadcastWrong, BroadcastLinkWrong."""
    authorize_office(actor, ACTION, banner_scopes(banner))
    title, told = words.title.strip(), words.text.strip()
    if not 1 < len(title) <= LONGEST_TITLE or not 4 < len(told) <= LONGEST_TEXT:  # noqa: PLR2004
        raise BroadcastWrong
    link = (words.link or "").strip() or None
    if link is not None and not _may_be_followed(link):
        raise BroadcastLinkWrong
    row = Broadcast(
        id=uuid.uuid4(),
        banner=banner,
        stage=words.stage,
        title=title,
        text=told,
        link=link,
        state="written",
        written_by=actor.account_id,
        written_at=clock.now(),
        starts_at=starts_at,
        reached=0,
    )
    db.session.add(row)
    db.session.flush()
    record("broadcast.written", "broadcast", row.id, banner=banner)
    return row


def _may_be_followed(link: str) -> bool:
    """Whether a phone that opens the link arrives by https, or stays with this service: nothing hides in it."""
    if not link.isprintable() or " " in link or "\\" in link:
        return False
    try:
        parts = urlsplit(link)
        host = parts.hostname
    except ValueError:
        return False
    if parts.scheme == "" and parts.netloc == "":
        return link.startswith("/") and not link.startswith("//")
    return parts.scheme == "https" and bool(host) and "@" not in parts.netloc


def release_broadcast(actor: Actor, broadcast_id: uuid.UUID) -> Broadcast:
    """On its way, not before its moment. Raises NotFound, NotAllowed, BroadcastNeedsAnother, BroadcastDone."""
    row = _held(actor, broadcast_id)
    if row.written_by == actor.account_id:
        raise BroadcastNeedsAnother
    row.state, row.released_by = "sending", actor.account_id
    record("broadcast.released", "broadcast", row.id, banner=row.banner)
    put_task("send-broadcast", str(row.id), {"broadcast_id": str(row.id)}, due_at=row.starts_at)
    return row


def drop_broadcast(actor: Actor, broadcast_id: uuid.UUID) -> Broadcast:
    """Never sent. Raises NotFound, NotAllowed, BroadcastDone."""
    row = _held(actor, broadcast_id)
    row.state = "dropped"
    record("broadcast.dropped", "broadcast", row.id, banner=row.banner)
    return row


def _held(actor: Actor, broadcast_id: uuid.UUID) -> Broadcast:
    row = db.session.execute(
        select(Broadcast).where(Broadcast.id == broadcast_id).with_for_update()
    ).scalar_one_or_none()
    if row is None:
        raise NotFound
    authorize_office(actor, ACTION, banner_scopes(row.banner))
    if row.state != "written":
        raise BroadcastDone
    return row


def send_broadcast(broadcast_id: str, after: str = "") -> None:
    """Tell the next families and put the rest on; each account once for ever."""
    row = db.session.get_one(Broadcast, uuid.UUID(broadcast_id))
    if row.state != "sending":
        return
    accounts = families_of()(row.banner, row.stage, uuid.UUID(after) if after else None, BATCH)
    for account in accounts:
        facts = {"title": row.title, "text": row.text}
        send_notice(account, "broadcast", facts, f"broadcast/{row.id}/{account}", link=row.link)
    row.reached += len(accounts)
    if len(accounts) == BATCH:
        last = str(accounts[-1])
        put_task("send-broadcast", f"{row.id}/{last}", {"broadcast_id": broadcast_id, "after": last})
    else:
        row.state = "sent"

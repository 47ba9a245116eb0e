"""Taking one opened callback: each message once, its effect and its remembered answer in one transaction (P17)."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert

from backend.foundation import clock
from backend.foundation.crypto import seal, unseal
from backend.foundation.database import db
from backend.notices.consents import add_consent
from backend.notices.followers import note_follows
from backend.notices.receive_receipt import receive_template_report
from backend.notices.rows import InboxRow, NonceRow
from backend.notices.say_later import say_later
from backend.notices.sentences import FIRST_LANGUAGE
from bots.conversations import converse, spoken
from bots.dialogue.machine import WELCOME
from bots.person import WECHAT, Person
from bots.wechat.envelopes import LONGEST_REPLY_BYTES
from bots.wechat.inbound import Inbound

NONCES_LIVE = timedelta(minutes=10)
BETWEEN = "\n\n"


class Replayed(Exception):
    """A nonce that was taken before, with a message that was not: no repeat of the platform looks like this."""


def take_callback(
    inbound: Inbound,
    nonce: str,
    timestamp: int,
    arrived_at: datetime,
    is_late: Callable[[], bool],
    *,
    is_again: bool = False,
) -> str:
    """The text to answer with, empty for none, in the present transaction; a repeat gets the same text and no effect.

    `is_late` is asked once, at the end: where the caller has stopped waiting, everything is said by customer-service
    messages instead, but for the welcome, which the caller has said by then. `is_again` says that an earlier attempt at
    this very delivery ended with nobody knowing whether it stood: where it did, its answer, for which nobody waited any
    more, is said now. Raises Replayed.
    """
    is_new_nonce = _note_nonce(nonce, timestamp)
    row = _first_taking(inbound)
    if row is None:
        told = _remembered(inbound)
        if is_again and told and not inbound.is_plain_follow:
            say_later(_subject(inbound), inbound.openid, told, f"chat/{inbound.dedupe_key.hex()}/again")
        return told
    if not is_new_nonce:
        raise Replayed
    passive, later = _parts(_effect(inbound, arrived_at))
    if passive and is_late():
        passive, later = "", [] if inbound.is_plain_follow else [passive, *later]
    for number, text in enumerate(later):
        say_later(row.subject, inbound.openid, text, f"chat/{inbound.dedupe_key.hex()}/{number}")
    if passive:
        row.reply_sealed = seal(row.subject, _place(row), passive)
    db.session.flush()
    return passive


def welcome() -> str:
    """What whoever follows hears at once, whatever the database does; in their own language where it answers in time."""
    return BETWEEN.join(spoken(reply, FIRST_LANGUAGE, WECHAT) for reply in WELCOME)


def _effect(inbound: Inbound, arrived_at: datetime) -> Sequence[str]:
    person = Person(WECHAT, inbound.openid)
    if inbound.event == "templatesendjobfinish":
        status = inbound.fields.get("Status", "")
        receive_template_report(inbound.fields.get("MsgID", ""), arrived=status == "success", why=status)
        return ()
    if inbound.event == "subscribe_msg_popup_event":
        for template in inbound.fields.get("AcceptedTemplates", "").split():
            add_consent(person.index, template, inbound.dedupe_key.hex())
        return ()
    note_follows(person.index, follows=inbound.event != "unsubscribe")
    message = inbound.message()
    return converse(person, message, arrived_at, inbound.dedupe_key.hex()).texts if message is not None else ()


def _parts(texts: Sequence[str]) -> tuple[str, list[str]]:
    """The passive answer, as many whole sentences as fit into 2,048 bytes, and the lines that are said later."""
    parts: list[str] = []
    for text in texts:
        for piece in _pieces(text):
            joined = parts[-1] + BETWEEN + piece if parts else piece
            if parts and len(joined.encode()) > LONGEST_REPLY_BYTES:
                parts.append(piece)
            elif parts:
                parts[-1] = joined
            else:
                parts.append(piece)
    return (parts[0], parts[1:]) if parts else ("", [])


def _pieces(text: str) -> list[str]:
    """`text` cut at line ends into pieces that fit into one message each."""
    pieces = [""]
    for line in text.split("\n"):
        joined = f"{pieces[-1]}\n{line}" if pieces[-1] else line
        if len(joined.encode()) <= LONGEST_REPLY_BYTES:
            pieces[-1] = joined
        else:
            pieces += [line[start : start + 600] for start in range(0, len(line), 600)]
    return [piece for piece in pieces if piece]


def _note_nonce(nonce: str, timestamp: int) -> bool:
    """Whether the nonce is new within ten minutes; older ones are forgotten."""
    moment = clock.now()
    db.session.execute(delete(NonceRow).where(NonceRow.at < moment - NONCES_LIVE))
    noted = db.session.execute(
        insert(NonceRow)
        .values(nonce=nonce[:64], timestamp=timestamp, at=moment)
        .on_conflict_do_nothing()
        .returning(NonceRow.id)
    ).scalar_one_or_none()
    return noted is not None


def _first_taking(inbound: Inbound) -> InboxRow | None:
    """The row of a message that was never taken; None for a repeat. A repeat that arrives meanwhile waits here."""
    taken = db.session.execute(
        insert(InboxRow)
        .values(dedupe_key=inbound.dedupe_key, subject=_subject(inbound), at=clock.now())
        .on_conflict_do_nothing(index_elements=["dedupe_key"])
        .returning(InboxRow.id)
    ).scalar_one_or_none()
    return db.session.get_one(InboxRow, taken) if taken is not None else None


def _subject(inbound: Inbound) -> uuid.UUID:
    """Whose key seals the answers to somebody who may have no account yet."""
    return uuid.uuid5(uuid.NAMESPACE_OID, Person(WECHAT, inbound.openid).index.hex())


def _remembered(inbound: Inbound) -> str:
    row = db.session.execute(select(InboxRow).where(InboxRow.dedupe_key == inbound.dedupe_key)).scalar_one()
    return unseal(row.subject, _place(row), row.reply_sealed) if row.reply_sealed else ""


def _place(row: InboxRow) -> str:
    return f"wx_inbox.reply.{row.id}"

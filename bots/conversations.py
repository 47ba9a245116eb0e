"""The door of conversations: what is remembered is loaded, the dialogue takes its turn, its wishes are carried out.

One message, one transaction, opened by whoever calls; the row of the conversation is held until its end, so that two
messages of one person are taken one after the other.
"""

from __future__ import annotations

import json
import uuid
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from backend.foundation import clock
from backend.foundation.crypto import seal, unseal
from backend.foundation.database import db
from backend.notices.rows import ConversationRow
from backend.notices.sentences import explain, say
from bots.cards import card
from bots.dialogue.machine import step
from bots.dialogue.values import Conversation, Message, Reply, from_json, to_json
from bots.person import SMS, WECHAT, Caller, Person
from bots.wishes import carry_out
from bots.worlds import world_of

MOST_ROUNDS = 12
"""Turns that one message may lead to: the message itself and the outcomes of the wishes that follow from it."""


@dataclass(frozen=True)
class Spoken:
    """What is said in answer to one message, and whose key seals it."""

    subject: uuid.UUID
    texts: tuple[str, ...]


def converse(person: Person, message: Message, arrived_at: datetime, key: str = "") -> Spoken:
    """Take one message of a person in the present transaction; the sentences to answer with, in their language."""
    row = _held(person)
    caller = Caller(person, arrived_at, key)
    conversation, replies = _talk(caller, _remembered(row), message)
    row.state_sealed = seal(row.subject, _place(row), json.dumps(to_json(conversation), ensure_ascii=False))
    row.talked_at = clock.now()
    db.session.flush()
    return Spoken(row.subject, tuple(spoken(reply, conversation.lang, person.channel) for reply in replies))


def language_of(person: Person) -> str:
    """The language in which this person talks."""
    row = db.session.get(ConversationRow, person.index)
    return (_remembered(row) if row is not None else Conversation()).lang


def _talk(caller: Caller, conversation: Conversation, message: Message) -> tuple[Conversation, list[Reply]]:
    replies: list[Reply] = []
    waiting: list[Message] = [message]
    for _ in range(MOST_ROUNDS):
        if not waiting:
            break
        turn = step(conversation, waiting.pop(0), clock.now(), world_of(caller, conversation))
        conversation = turn.conversation
        replies += turn.replies
        waiting += [carry_out(caller, wish) for wish in turn.wishes]
    return conversation, replies


def spoken(reply: Reply, lang: str, channel: str = SMS) -> str:
    """The sentence of a reply; in WeChat with the mini-program's card for what is better seen than told."""
    if reply.code.startswith("problem."):
        return explain(reply.code.removeprefix("problem."), dict(reply.params), lang)
    told = say(reply.code, lang=lang, **reply.params)
    if reply.card and channel == WECHAT:
        return f"{told}\n{card(reply.card, say(f'chat.card.{reply.card}', lang=lang))}"
    return told


def _held(person: Person) -> ConversationRow:
    """The person's row, made where there is none, locked until the transaction ends."""
    index = person.index
    db.session.execute(
        insert(ConversationRow)
        .values(person_index=index, channel=person.channel, subject=uuid.uuid4(), talked_at=clock.now())
        .on_conflict_do_nothing()
    )
    return db.session.execute(
        select(ConversationRow)
        .where(ConversationRow.person_index == index)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).scalar_one()


def _place(row: ConversationRow) -> str:
    return f"conversation.state.{row.person_index.hex()}"


def _remembered(row: ConversationRow) -> Conversation:
    if row.state_sealed is None:
        return Conversation()
    return from_json(json.loads(unseal(row.subject, _place(row), row.state_sealed)))

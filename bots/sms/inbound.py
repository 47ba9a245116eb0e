"""Taking one SMS from a phone: once by its id, its effect and its answer in one transaction."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert

from backend.foundation import clock
from backend.foundation.database import db
from backend.identity.accounts import PhoneInvalid, read_phone
from backend.notices.rows import InboxRow
from backend.notices.say_later import say_by_sms
from backend.notices.sentences import say
from backend.notices.stop_texts import allow_texts, stop_texts
from bots.conversations import converse, language_of
from bots.dialogue.reading.plain import bare
from bots.dialogue.values import Text
from bots.person import SMS, Person

LONGEST_ANSWER = 500
"""Characters of one answer: eight billed parts at most."""
ANSWERS_A_DAY = 150
"""Answers that one number gets in a day: three times what a whole registration takes."""
STOPS = frozenset({"T", "TD", "退订"})
STARTS = frozenset({"恢复", "恢复短信"})


def take_sms(told: Mapping[str, Any], arrived_at: datetime) -> bool:
    """Take `{id, phone, text}` in the present transaction; whether it was new and could be read."""
    number, text = str(told.get("id") or ""), str(told.get("text") or "")
    try:
        phone = read_phone(str(told.get("phone") or ""))
    except PhoneInvalid:
        return False
    if not number:
        return False
    key = hashlib.sha256(f"sms {number}".encode()).digest()
    person = Person(SMS, phone)
    taken = db.session.execute(
        insert(InboxRow)
        .values(dedupe_key=key, subject=uuid.uuid5(uuid.NAMESPACE_OID, person.index.hex()), at=clock.now())
        .on_conflict_do_nothing(index_elements=["dedupe_key"])
        .returning(InboxRow.subject)
    ).scalar_one_or_none()
    if taken is None:
        return False
    answer = _answer(person, text, arrived_at, key.hex()) if _is_within_budget(taken) else ""
    if answer:
        say_by_sms(taken, phone, answer, f"sms/{key.hex()}")
    return True


def _answer(person: Person, text: str, arrived_at: datetime, key: str) -> str:
    word = bare(text).upper()
    if word in STOPS:
        stop_texts(person.address)
        return say("chat.texts_stopped", lang=language_of(person))
    if word in STARTS:
        allow_texts(person.address)
        return say("chat.texts_started", lang=language_of(person))
    return "\n".join(converse(person, Text(text), arrived_at, key).texts)[:LONGEST_ANSWER]


def _is_within_budget(subject: uuid.UUID) -> bool:
    """Whether this number still gets answers today: every one costs, and nobody may make us send without end."""
    since = clock.now() - timedelta(days=1)
    asked = select(func.count()).select_from(InboxRow).where(InboxRow.subject == subject, InboxRow.at > since)
    return db.session.execute(asked).scalar_one() <= ANSWERS_A_DAY

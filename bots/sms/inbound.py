"""Taking one SMS from a phone: once by its id, its effect and its answer in one transaction.

Every answer costs, so a number is read only so often a day. What decides something is read however often it comes.
"""

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
from bots.dialogue.reading.answers import number, yes_or_no
from bots.dialogue.reading.intents import exact_intent
from bots.dialogue.reading.plain import bare
from bots.dialogue.values import Text
from bots.person import SMS, Person

LONGEST_ANSWER = 500
"""Characters of one answer: eight billed parts at most."""
READ_A_DAY = 150
"""Texts of one number that are read in a day: three times what a whole registration takes."""
ANSWERS_A_DAY = 300
"""Texts in a day from which on a decision still has its effect, but is not answered any more."""
STOPS = frozenset({"T", "TD", "退订"})
STARTS = frozenset({"恢复", "恢复短信"})
DECIDING = frozenset(
    ["confirm", "decline", "withdraw", "choose", "intent", "exam_choose", "standing_order", "private", "report_in"]
)
"""Matters whose very words decide something or file something before a deadline (wishes 8)."""


def take_sms(told: Mapping[str, Any], arrived_at: datetime) -> bool:
    """Take `{id, phone, text}` in the present transaction; whether it was new and could be read."""
    identifier, text = str(told.get("id") or ""), str(told.get("text") or "")
    try:
        phone = read_phone(str(told.get("phone") or ""))
    except PhoneInvalid:
        return False
    if not identifier:
        return False
    key = hashlib.sha256(f"sms {identifier}".encode()).digest()
    person = Person(SMS, phone)
    taken = db.session.execute(
        insert(InboxRow)
        .values(dedupe_key=key, subject=uuid.uuid5(uuid.NAMESPACE_OID, person.index.hex()), at=clock.now())
        .on_conflict_do_nothing(index_elements=["dedupe_key"])
        .returning(InboxRow.subject)
    ).scalar_one_or_none()
    if taken is None:
        return False
    count = _texts_today(taken)
    if count > READ_A_DAY and not decides(text):
        enough = say("chat.texts_enough", lang=language_of(person))
        say_by_sms(taken, phone, enough, f"sms/enough/{taken.hex}/{clock.now():%Y%m%d}")
        return True
    answer = _answer(person, text, arrived_at, key.hex())
    if answer and count <= ANSWERS_A_DAY:
        say_by_sms(taken, phone, answer, f"sms/{key.hex()}")
    return True


def decides(text: str) -> bool:
    """Whether `text` is a reply that must never be dropped: a number, yes or no, T, or the words of a deciding matter."""
    word = bare(text).upper()
    if word in STOPS | STARTS or number(text) is not None or yes_or_no(text) is not None:
        return True
    return exact_intent(text) in DECIDING


def _answer(person: Person, text: str, arrived_at: datetime, key: str) -> str:
    word = bare(text).upper()
    if word in STOPS:
        stop_texts(person.address)
        return say("chat.texts_stopped", lang=language_of(person))
    if word in STARTS:
        allow_texts(person.address)
        return say("chat.texts_started", lang=language_of(person))
    return "\n".join(converse(person, Text(text), arrived_at, key).texts)[:LONGEST_ANSWER]


def _texts_today(subject: uuid.UUID) -> int:
    """How many texts of this number were taken within a day, this one among them."""
    since = clock.now() - timedelta(days=1)
    asked = select(func.count()).select_from(InboxRow).where(InboxRow.subject == subject, InboxRow.at > since)
    return db.session.execute(asked).scalar_one()

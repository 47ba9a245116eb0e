"""Taking one SMS from a phone: once by its id, its effect and its answer in one transaction."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.dialects.postgresql import insert

from backend.foundation import clock
from backend.foundation.database import db
from backend.identity.accounts import PhoneInvalid, read_phone
from backend.notices.rows import InboxRow
from backend.notices.say_later import say_by_sms
from bots.conversations import converse
from bots.dialogue.values import Text
from bots.person import SMS, Person

LONGEST_ANSWER = 500
"""Characters of one answer: seven billed parts at most."""


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
    answer = "\n".join(converse(person, Text(text), arrived_at).texts)[:LONGEST_ANSWER]
    if answer:
        say_by_sms(taken, phone, answer, f"sms/{key.hex()}")
    return True

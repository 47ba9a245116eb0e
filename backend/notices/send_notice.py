"""Tell somebody something: the notice and its delivery's task in the transaction of what it tells (promises D3, P8)."""

import json
import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from backend.foundation import clock
from backend.foundation.crypto import seal
from backend.foundation.database import db
from backend.foundation.tasks import put_task
from backend.notices.child_names import child_name
from backend.notices.rows import Notice, NoticeStep
from backend.notices.sentences import say


def send_notice(
    account_id: uuid.UUID,
    code: str,
    params: dict[str, Any],
    key: str,
    child_id: uuid.UUID | None = None,
    link: str | None = None,
    due_at: datetime | None = None,
) -> uuid.UUID:
    """The id of the notice `code` to the account; the same `key` is told once for ever, and gives the same id again.

    `params` are the facts of `notice.<code>.title/.text/.sms` (texts, numbers, ISO dates); the child's name is added as
    `child` where `child_id` is given. `due_at` in the future delays the delivery.
    Raises UnknownSentence, SentenceLacksParameter: a notice that nobody could read is never put on its way.
    """
    facts = dict(params)
    if child_id is not None and "child" not in facts:
        facts["child"] = child_name(child_id)
    for part in ("title", "text", "sms"):
        say(f"notice.{code}.{part}", **facts)
    return put_notice(key, code, facts, account_id=account_id, child_id=child_id, link=link, due_at=due_at)


def put_notice(
    key: str,
    code: str,
    facts: dict[str, Any],
    *,
    account_id: uuid.UUID | None = None,
    subject: uuid.UUID | None = None,
    phone: str | None = None,
    openid: str | None = None,
    child_id: uuid.UUID | None = None,
    link: str | None = None,
    due_at: datetime | None = None,
) -> uuid.UUID:
    """Write the notice and its task, once for a `key`; its id.

    It goes to an account; or, sealed for `subject`, to a `phone` (a log-in code) or an `openid` (a line of a chat).
    """
    whose = subject or account_id
    if whose is None:
        raise ValueError("a notice goes to an account, or to an address with a subject")
    notice_id, moment = uuid.uuid4(), clock.now()
    sealed = seal(whose, f"notice.params.{notice_id}", json.dumps(facts, ensure_ascii=False, default=_plain))
    made = db.session.execute(
        insert(Notice)
        .values(
            id=notice_id,
            key=key,
            account_id=account_id,
            child_id=child_id,
            subject=whose,
            code=code,
            params_sealed=sealed,
            phone_sealed=seal(whose, f"notice.phone.{notice_id}", phone) if phone else None,
            openid_sealed=seal(whose, f"notice.openid.{notice_id}", openid) if openid else None,
            link=link,
            state="ready",
            attempt=0,
            made_at=moment,
            moved_at=moment,
        )
        .on_conflict_do_nothing(index_elements=["key"])
        .returning(Notice.id)
    ).scalar_one_or_none()
    if made is None:
        return db.session.execute(select(Notice.id).where(Notice.key == key)).scalar_one()
    db.session.add(NoticeStep(notice_id=notice_id, at=moment, attempt=0, channel=None, state="ready", detail=""))
    put_task("deliver-notice", str(notice_id), {"notice_id": str(notice_id)}, due_at=due_at)
    return notice_id


def _plain(value: Any) -> str:
    return value.isoformat() if hasattr(value, "isoformat") else str(value)

"""Tell somebody something: the notice and its delivery's task in the transaction of what it tells (promises D3, P8)."""

import json
import uuid
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from backend.foundation import clock
from backend.foundation.crypto import seal
from backend.foundation.database import db
from backend.foundation.tasks import put_task
from backend.identity.rows import Account
from backend.notices.child_names import child_name
from backend.notices.gateways import quiet_hours
from backend.notices.rows import Notice, NoticeHold, NoticeStep
from backend.notices.rules.plan import BOTH, plan_of, send_at
from backend.notices.sentences import say

HELD = timedelta(days=3650)
"""How far off a held notice's task is put; letting it go makes it due at once."""


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
    put = partial(
        put_notice, code=code, facts=facts, account_id=account_id, child_id=child_id, link=link, due_at=due_at
    )
    notice_id = put(key)
    if plan_of(code).way == BOTH and _has_both(account_id):
        put(f"{key}/sms", channel="sms", beside_id=notice_id)
    return notice_id


def _has_both(account_id: uuid.UUID) -> bool:
    """Whether the account has WeChat and a phone: a deadline that starts is then told by both (promises part 2)."""
    account = db.session.get(Account, account_id)
    return account is not None and account.wechat_index is not None and account.phone_index is not None


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
    channel: str | None = None,
    beside_id: uuid.UUID | None = None,
) -> uuid.UUID:
    """Write the notice and its task, once for a `key`; its id.

    It goes to an account; or, sealed for `subject`, to a `phone` (a log-in code) or an `openid` (a line of a chat). It
    leaves when the plan of its kind says: never before `due_at`, not in the quiet hours, spread where many go at once;
    while officials hold its kind, it waits.
    """
    whose = subject or account_id
    if whose is None:
        raise ValueError("a notice goes to an account, or to an address with a subject")
    notice_id, moment = uuid.uuid4(), clock.now()
    leaves_at = send_at(plan_of(code), due_at or moment, quiet_hours(), notice_id.int)
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
            channel=channel,
            beside_id=beside_id,
            not_before=due_at,
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
    put_task("deliver-notice", str(notice_id), {"notice_id": str(notice_id)}, due_at=_due(code, leaves_at, moment))
    return notice_id


def _due(code: str, leaves_at: datetime, moment: datetime) -> datetime | None:
    """When the task is due: now (None), later, or, while officials hold this kind, not before they let it go."""
    if db.session.get(NoticeHold, code) is not None:
        return moment + HELD
    return leaves_at if leaves_at > moment else None


def _plain(value: Any) -> str:
    return value.isoformat() if hasattr(value, "isoformat") else str(value)

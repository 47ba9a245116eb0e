"""Tell somebody something: the notice and its delivery's task in the transaction of what it tells (promises D3, P8)."""

import json
import uuid
from collections.abc import Mapping
from datetime import datetime, timedelta
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
    columns = {"account_id": account_id, "child_id": child_id, "link": link}
    notice_id = _put(key, code, facts, account_id, columns=columns, due_at=due_at)
    if plan_of(code).way == BOTH and _has_both(account_id):
        by_sms = {**columns, "channel": "sms", "beside_id": notice_id}
        _put(f"{key}/sms", code, facts, account_id, columns=by_sms, due_at=due_at)
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
    subject: uuid.UUID,
    phone: str | None = None,
    openid: str | None = None,
) -> uuid.UUID:
    """The id of a notice to whom no account need stand for: to a `phone` (a code), or to an `openid` (a line of a chat).

    It is sealed for `subject`; the same `key` is told once for ever.
    """
    addresses = {"phone": phone, "openid": openid}
    return _put(key, code, facts, subject, addresses={name: told for name, told in addresses.items() if told})


def _put(
    key: str,
    code: str,
    facts: dict[str, Any],
    subject: uuid.UUID,
    *,
    addresses: Mapping[str, str] | None = None,
    columns: Mapping[str, Any] | None = None,
    due_at: datetime | None = None,
) -> uuid.UUID:
    """Write the notice, facts and addresses sealed for `subject`, and its task, once for a `key`; its id.

    It leaves when the plan of its kind says: never before `due_at`, not in the quiet hours, spread where many go at once;
    while officials hold its kind, it waits.
    """
    notice_id, moment = uuid.uuid4(), clock.now()
    clear = {"params": json.dumps(facts, ensure_ascii=False, default=_plain), **(addresses or {})}
    sealed = {f"{name}_sealed": seal(subject, f"notice.{name}.{notice_id}", told) for name, told in clear.items()}
    fresh = {"state": "ready", "attempt": 0, "made_at": moment, "moved_at": moment}
    made = db.session.execute(
        insert(Notice)
        .values(
            id=notice_id,
            key=key,
            subject=subject,
            code=code,
            not_before=due_at,
            **fresh,
            **sealed,
            **(columns or {}),
        )
        .on_conflict_do_nothing(index_elements=["key"])
        .returning(Notice.id)
    ).scalar_one_or_none()
    if made is None:
        return db.session.execute(select(Notice.id).where(Notice.key == key)).scalar_one()
    db.session.add(NoticeStep(notice_id=notice_id, at=moment, attempt=0, channel=None, state="ready", detail=""))
    put_task("deliver-notice", str(notice_id), {"notice_id": str(notice_id)}, due_at=leaves_at(code, notice_id, due_at))
    return notice_id


def leaves_at(code: str, notice_id: uuid.UUID, due_at: datetime | None = None) -> datetime | None:
    """When an attempt's task is due: now (None), later, or, while officials hold this kind, not before they let it go."""
    moment = clock.now()
    if db.session.get(NoticeHold, code) is not None:
        return moment + HELD
    leaves = send_at(plan_of(code), due_at or moment, quiet_hours(), notice_id.int)
    return leaves if leaves > moment else None


def _plain(value: Any) -> str:
    return value.isoformat() if hasattr(value, "isoformat") else str(value)

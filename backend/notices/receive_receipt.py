"""What gateways report after sending: SMS receipts, and the platform's word on template messages.

SMS receipts carry no signature: they come by a secret path, and only those of messages we sent are taken (stack.md).
"""

import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select

from backend.foundation.database import db
from backend.notices.deliver_notice import by_next_channel
from backend.notices.move_notice import move_notice
from backend.notices.rows import Notice

AWAITS_RECEIPT = frozenset({"sending", "sent", "unknown"})


def receive_sms_receipts(receipts: Sequence[Mapping[str, Any]]) -> int:
    """Take receipts `{id, biz_id, state: delivered|failed}`; the number that changed something. Repeats change nothing."""
    return sum(_receive(receipt) for receipt in receipts)


def _receive(receipt: Mapping[str, Any]) -> bool:
    try:
        notice_id = uuid.UUID(str(receipt.get("id")))
    except ValueError:
        return False
    state = receipt.get("state")
    if state not in {"delivered", "failed"}:
        return False
    notice = db.session.execute(
        select(Notice).where(Notice.id == notice_id, Notice.channel == "sms").with_for_update()
    ).scalar_one_or_none()
    if notice is None or notice.state not in AWAITS_RECEIPT:
        return False
    if notice.provider_id not in {None, receipt.get("biz_id")}:
        return False
    move_notice(notice, str(state), "receipt")
    return True


def receive_template_report(number: str, *, arrived: bool, why: str = "") -> None:
    """The platform says whether the template message `number` arrived; one that did not goes by SMS."""
    notice = db.session.execute(
        select(Notice).where(Notice.provider_id == number, Notice.channel == "wechat").with_for_update()
    ).scalar_one_or_none()
    if notice is None or notice.state != "sent":
        return
    if arrived:
        move_notice(notice, "delivered", "report")
    else:
        by_next_channel(notice, why or "report")

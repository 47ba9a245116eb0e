"""How many notices a second are put and sent by one worker, with a provider that answers at once."""

import time
from typing import Any

from sqlalchemy import func, select

from backend.foundation.database import db
from backend.foundation.doors import Application
from backend.foundation.unit_of_work import unit_of_work
from backend.identity.accounts import guardian_by_phone
from backend.notices.rows import Notice
from backend.notices.send_notice import send_notice
from jobs.run_tasks import drain

NOTICES = 1000


class _Instant:
    """A provider that accepts at once: what is left is our own cost."""

    def __init__(self) -> None:
        self.sent: set[str] = set()

    def send(self, message_id: str, phone: str, template: str, params: dict[str, str], text: str) -> str:
        self.sent.add(message_id)
        return f"biz-{message_id}"

    def send_text(self, openid: str, text: str) -> str:
        return ""

    def state_of(self, message_id: str, phone: str, tried_at: Any) -> str:
        return "accepted" if message_id in self.sent else "unknown-id"


def measure_notices(service: Application) -> tuple[float, float, int]:
    """(notices a second put, sent by one worker; how many were not sent exactly once), once what waits is sent."""
    gateway = _Instant()
    service.extensions["chat_gateway"] = service.extensions["sms_gateway"] = gateway
    with service.app_context():
        drain("notices")
        gateway.sent.clear()
        with unit_of_work():
            accounts = [guardian_by_phone(f"1390{number:07d}").id for number in range(NOTICES)]
        began = time.perf_counter()
        for start in range(0, NOTICES, 200):
            with unit_of_work():
                for account in accounts[start : start + 200]:
                    send_notice(account, "unplaced", {"child": "小明"}, f"bench/{account}")
        put = NOTICES / (time.perf_counter() - began)
        began = time.perf_counter()
        drain("notices")
        sent = NOTICES / (time.perf_counter() - began)
        wrong = NOTICES - len(gateway.sent)
        wrong += int(
            db.session.execute(
                select(func.count()).select_from(Notice).where(Notice.code == "unplaced", Notice.state != "sent")
            ).scalar_one()
        )
    return put, sent, wrong

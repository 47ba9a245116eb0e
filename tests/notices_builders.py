"""Made-up gateways that fail in every way a real one does, and the accounts they send to."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import update

from backend.foundation import clock
from backend.foundation.database import db
from backend.foundation.tasks import Task
from backend.foundation.unit_of_work import unit_of_work
from backend.identity.accounts import bind_wechat, change_phone, guardian_by_phone, guardian_by_wechat
from backend.identity.rows import Account
from backend.notices.gateways import ChannelSilent
from backend.notices.rows import Notice
from backend.notices.send_notice import send_notice
from jobs.run_tasks import drain

Outcome = Callable[[], None]


def fails_with(error: Exception) -> Outcome:
    """The gateway raises instead of sending."""

    def outcome() -> None:
        raise error

    return outcome


@dataclass
class HostileSms:
    """An SMS gateway that keeps to its ids; `outcomes` script its next answers, `loses_answers` sends and hangs up."""

    outcomes: list[Outcome] = field(default_factory=list)
    loses_answers: int = 0
    calls: list[str] = field(default_factory=list)
    sent: dict[str, tuple[str, str]] = field(default_factory=dict)
    states: dict[str, str] = field(default_factory=dict)

    def send(self, message_id: str, phone: str, template: str, params: dict[str, str], text: str) -> str:
        """The gateway's id of the message."""
        self.calls.append(message_id)
        if self.outcomes:
            self.outcomes.pop(0)()
        self.sent.setdefault(message_id, (phone, text))
        if self.loses_answers:
            self.loses_answers -= 1
            raise ChannelSilent("lost")
        return f"biz-{message_id}"

    def state_of(self, message_id: str, phone: str, tried_at: datetime) -> str:
        """What became of it."""
        return self.states.get(message_id, "accepted" if message_id in self.sent else "unknown-id")


@dataclass
class HostileChat:
    """A WeChat platform with scripted outcomes; what it sends is in `sent` by message id."""

    outcomes: list[Outcome] = field(default_factory=list)
    calls: list[tuple[str, str]] = field(default_factory=list)
    sent: dict[str, tuple[str, str]] = field(default_factory=dict)
    said: list[tuple[str, str]] = field(default_factory=list)
    pictures: dict[str, bytes] = field(default_factory=dict)

    def _meet(self, way: str, message_id: str) -> None:
        self.calls.append((way, message_id))
        if self.outcomes:
            self.outcomes.pop(0)()

    def send_template(self, openid: str, message_id: str, title: str, text: str, link: str) -> str:
        """A template message."""
        self._meet("template", message_id)
        self.sent[message_id] = (openid, text)
        return f"number-{message_id}"

    def send_subscription(self, openid: str, message_id: str, title: str, text: str, link: str) -> str:
        """A subscription message."""
        self._meet("subscription", message_id)
        self.sent[message_id] = (openid, text)
        return f"number-{message_id}"

    def send_text(self, openid: str, text: str) -> str:
        """A customer-service text."""
        self._meet("chat", text)
        self.said.append((openid, text))
        return ""

    def picture(self, media_id: str) -> bytes:
        """A picture that was sent."""
        self._meet("picture", media_id)
        return self.pictures[media_id]


def guardian(phone: str | None = "13800000001", openid: str | None = None) -> Account:
    """An account with a phone, a WeChat id, or both."""
    with unit_of_work():
        if openid is None:
            return guardian_by_phone(phone or "")
        account = guardian_by_wechat(openid)
        if phone is not None:
            change_phone(account, phone)
        bind_wechat(account, openid)
        return account


def some_key() -> str:
    """A key that no other notice has."""
    return f"test/{uuid.uuid4()}"


def tell(account: Account, key: str | None = None) -> uuid.UUID:
    """Tell the account its seat type; the notice's id."""
    with unit_of_work():
        return send_notice(account.id, "seat-settled", {"seat_type": "第一类", "child": "小明"}, key or some_key())


def the(notice_id: uuid.UUID) -> Notice:
    """The notice as it stands now."""
    db.session.expire_all()
    return db.session.get_one(Notice, notice_id)


def hurry() -> None:
    """Let every waiting task be due: pauses between tries are not waited for in tests."""
    with unit_of_work():
        db.session.execute(update(Task).where(Task.done_at.is_(None)).values(due_at=clock.now(), lease_until=None))


def drain_all(times: int = 12) -> None:
    """Let everything be tried again, so many times."""
    for _ in range(times):
        hurry()
        drain("notices")

"""Tables of delivery: what is to be told to whom, what became of it, who follows the account, the platform's token."""

import uuid
from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from backend.foundation.database import Numbered, PublicId, Rows
from backend.foundation.ddl import append_only, transitions
from backend.notices.rules.delivery import CHANNELS, STATES, STEPS


class Notice(PublicId, Rows):
    """One message to one person. Its id is the id of the message at every gateway, whatever is tried again (P8).

    `subject` is whose key seals `params_sealed` (JSON), `phone_sealed` and `openid_sealed`; a log-in code has a subject
    of its own, no account, and is shredded once it is sent. A line to somebody without an account has an `openid_sealed`.
    `gateway` is the SMS provider of the latest attempt. `beside_id` names the notice that this one tells again by SMS,
    because a deadline starts with it. It is never sent before `not_before`.
    """

    __tablename__ = "notice"
    __table_args__ = (
        CheckConstraint(f"state IN {STATES}", name="state"),
        CheckConstraint(f"channel IN {CHANNELS}", name="channel"),
        CheckConstraint(
            "account_id IS NOT NULL OR phone_sealed IS NOT NULL OR openid_sealed IS NOT NULL", name="recipient"
        ),
        Index("ix_notice_state", "state", "moved_at"),
        Index("ix_notice_codes", "made_at", postgresql_where=text("code = 'login-code'")),
    )

    key: Mapped[str] = mapped_column(unique=True)
    account_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("account.id"), index=True)
    child_id: Mapped[uuid.UUID | None]
    subject: Mapped[uuid.UUID]
    code: Mapped[str]
    params_sealed: Mapped[bytes]
    phone_sealed: Mapped[bytes | None]
    openid_sealed: Mapped[bytes | None]
    link: Mapped[str | None]
    channel: Mapped[str | None]
    state: Mapped[str] = mapped_column(default="ready")
    attempt: Mapped[int] = mapped_column(default=0)
    gateway: Mapped[str | None]
    provider_id: Mapped[str | None] = mapped_column(index=True)
    beside_id: Mapped[uuid.UUID | None] = mapped_column(index=True)
    not_before: Mapped[datetime | None]
    made_at: Mapped[datetime]
    moved_at: Mapped[datetime]


transitions(Notice.__table__, "state", STEPS)  # type: ignore[arg-type]


class NoticeHold(Rows):
    """Officials have paused the sending of one kind of notice; what is due meanwhile waits."""

    __tablename__ = "notice_hold"

    code: Mapped[str] = mapped_column(primary_key=True)
    held_by: Mapped[uuid.UUID] = mapped_column(ForeignKey("account.id"))
    held_at: Mapped[datetime]


class SmsStop(Rows):
    """A number that replied T: reminders and broadcasts no longer go there by SMS; what starts a deadline still does."""

    __tablename__ = "sms_stop"

    phone_index: Mapped[bytes] = mapped_column(primary_key=True)
    stopped_at: Mapped[datetime]


class NoticeStep(Numbered, Rows):
    """One step of a notice's delivery: which attempt, by which channel, to which state, and what the gateway said."""

    __tablename__ = "notice_step"

    notice_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("notice.id"), index=True)
    at: Mapped[datetime]
    attempt: Mapped[int]
    channel: Mapped[str | None]
    state: Mapped[str]
    detail: Mapped[str]


append_only(NoticeStep.__table__)  # type: ignore[arg-type]


class Follower(Rows):
    """Somebody who follows, or followed, the official account; known by the blind index of the WeChat id."""

    __tablename__ = "follower"

    wechat_index: Mapped[bytes] = mapped_column(primary_key=True)
    follows: Mapped[bool]
    changed_at: Mapped[datetime]


class SubscriptionConsent(Numbered, Rows):
    """One tap that allows one subscription message of a template, and the notice that it was spent by.

    `tap` is what all deliveries of the tap's event have in common. `voided_at`: the platform knew of none (43101).
    """

    __tablename__ = "subscription_consent"
    __table_args__ = (
        UniqueConstraint("tap", "template"),
        CheckConstraint("(spent_by IS NULL) = (spent_at IS NULL)", name="spent"),
        Index("ix_subscription_consent_person", "wechat_index", "template"),
    )

    wechat_index: Mapped[bytes]
    template: Mapped[str]
    tap: Mapped[str]
    given_at: Mapped[datetime]
    spent_by: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("notice.id"), unique=True)
    spent_at: Mapped[datetime | None]
    voided_at: Mapped[datetime | None]


class WeChatToken(Rows):
    """The one access token of an official account, shared by all processes; sealed."""

    __tablename__ = "wechat_token"

    app_id: Mapped[str] = mapped_column(primary_key=True)
    token_sealed: Mapped[bytes]
    good_until: Mapped[datetime]

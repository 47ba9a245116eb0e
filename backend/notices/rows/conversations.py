"""Tables of conversations: what is remembered between two messages, which messages were taken, who asked for a human."""

import uuid
from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from backend.foundation.database import Numbered, PublicId, Rows


class ConversationRow(Rows):
    """One person's conversation on one channel, found by the blind index of openid or phone; the state is sealed JSON."""

    __tablename__ = "conversation"
    __table_args__ = (CheckConstraint("channel IN ('wechat', 'sms')", name="channel"),)

    person_index: Mapped[bytes] = mapped_column(primary_key=True)
    channel: Mapped[str]
    subject: Mapped[uuid.UUID]
    state_sealed: Mapped[bytes | None]
    talked_at: Mapped[datetime]


class InboxRow(Numbered, Rows):
    """A message that was taken, in the same transaction as its effect: a repeat finds it here and has no second one (P17).

    `reply_sealed` is what it was answered with, so that a repeat gets the same answer.
    """

    __tablename__ = "wx_inbox"
    __table_args__ = (Index("ix_wx_inbox_subject", "subject", "at"),)

    dedupe_key: Mapped[bytes] = mapped_column(unique=True)
    subject: Mapped[uuid.UUID]
    reply_sealed: Mapped[bytes | None]
    at: Mapped[datetime]


class NonceRow(Numbered, Rows):
    """A nonce of a callback that was taken; kept for ten minutes, twice as long as a callback is fresh."""

    __tablename__ = "wx_nonce"
    __table_args__ = (UniqueConstraint("nonce", "timestamp"), Index("ix_wx_nonce_at", "at"))

    nonce: Mapped[str]
    timestamp: Mapped[int]
    at: Mapped[datetime]


class HelpRequest(PublicId, Rows):
    """Somebody asked for a human: what about, in which banner (in every one's inbox where nobody knows), and the
    answer once there is one.

    `due_at` is the clock that the desk sees; `taken_by` is the official who has begun with it.
    """

    __tablename__ = "help_request"
    __table_args__ = (Index("ix_help_request_open", "answered_at", "asked_at"),)

    account_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("account.id"), index=True)
    child_id: Mapped[uuid.UUID | None]
    banner: Mapped[str | None]
    matter: Mapped[str]
    text_sealed: Mapped[bytes]
    asked_at: Mapped[datetime]
    due_at: Mapped[datetime]
    taken_by: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("account.id"))
    taken_at: Mapped[datetime | None]
    answered_at: Mapped[datetime | None]
    answered_by: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("account.id"))
    answer_sealed: Mapped[bytes | None]

"""Tables of identity: accounts, officials, sessions, one-use codes, grants."""

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from backend.foundation.database import Numbered, PublicId, Rows
from backend.foundation.ddl import append_only


class Account(PublicId, Rows):
    """Somebody who can log in. Phone and WeChat id are sealed; they are found by their blind indexes."""

    __tablename__ = "account"
    __table_args__ = (CheckConstraint("kind IN ('guardian', 'official')", name="kind"),)

    kind: Mapped[str]
    made_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]
    phone_sealed: Mapped[bytes | None]
    phone_index: Mapped[bytes | None] = mapped_column(unique=True)
    wechat_sealed: Mapped[bytes | None]
    wechat_index: Mapped[bytes | None] = mapped_column(unique=True)
    language: Mapped[str] = mapped_column(default="zh-CN")


class Official(Rows):
    """An official's log-in: password and one-time password. `totp_step` is the last used step: none counts twice.

    `former_hashes` are the passwords before the present one, newest first, none of which may come back yet.
    """

    __tablename__ = "official"

    account_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("account.id"), primary_key=True)
    login: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    password_hash: Mapped[str]
    former_hashes: Mapped[list[Any]] = mapped_column(default=list)
    password_set_at: Mapped[datetime]
    totp_sealed: Mapped[bytes]
    totp_step: Mapped[int] = mapped_column(default=0)
    failures: Mapped[int] = mapped_column(default=0)
    locked_until: Mapped[datetime | None]


class Session(Rows):
    """One log-in on one device. The token itself is not stored, only its digest."""

    __tablename__ = "session"

    token_sha256: Mapped[bytes] = mapped_column(primary_key=True)
    account_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("account.id"), index=True)
    made_at: Mapped[datetime]
    used_at: Mapped[datetime]
    ends_at: Mapped[datetime]


class OneUseCode(Numbered, Rows):
    """A six-digit code by SMS: five minutes, five tries, one use (promises D14).

    `asked_index` is the blind index of what it was asked for: a phone, an exam number, a candidate's changes.
    """

    __tablename__ = "one_use_code"
    __table_args__ = (
        Index("ix_one_use_code_asked", "asked_index", "made_at"),
        Index("ix_one_use_code_address", "address", "made_at"),
    )

    asked_index: Mapped[bytes]
    address: Mapped[str]
    code_index: Mapped[bytes]
    made_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    tries: Mapped[int] = mapped_column(default=0)
    used_at: Mapped[datetime | None]


class GrantRow(PublicId, Rows):
    """A role held by an account on an object, from when to when, and why. Rooms above write them."""

    __tablename__ = "grant_row"
    __table_args__ = (
        Index(
            "uq_grant_row_open",
            "account_id",
            "role",
            "scope_kind",
            "scope_id",
            unique=True,
            postgresql_where=text("ends_at IS NULL"),
        ),
        Index("ix_grant_row_scope", "scope_kind", "scope_id"),
    )

    account_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("account.id"), index=True)
    role: Mapped[str]
    scope_kind: Mapped[str]
    scope_id: Mapped[str]
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime | None]
    reason: Mapped[str]
    granted_by: Mapped[str]


class WeChatLogin(Numbered, Rows):
    """A wx.login code, or a ticket of the public-service app, that was used: each works once, a replay is refused."""

    __tablename__ = "wechat_login"

    code_sha256: Mapped[bytes] = mapped_column(unique=True)
    at: Mapped[datetime]


append_only(WeChatLogin.__table__)  # type: ignore[arg-type]

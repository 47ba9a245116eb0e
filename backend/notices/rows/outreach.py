"""Tables of outreach: broadcasts of policy (D24, D25) and letters that a published key opens (wishes 13)."""

import uuid
from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from backend.foundation.database import PublicId, Rows


class Broadcast(PublicId, Rows):
    """One explanation of policy to the families of a banner, or of one stage of it: written by one official, released by
    another, sent from `starts_at` on. `reached` counts the accounts that have a notice of it.
    """

    __tablename__ = "broadcast"
    __table_args__ = (
        CheckConstraint("state IN ('written', 'sending', 'sent', 'dropped')", name="state"),
        CheckConstraint("released_by IS NULL OR released_by <> written_by", name="two_officials"),
        Index("ix_broadcast_banner", "banner", "written_at"),
    )

    banner: Mapped[str]
    stage: Mapped[str | None]
    title: Mapped[str]
    text: Mapped[str]
    link: Mapped[str | None]
    state: Mapped[str] = mapped_column(default="written")
    written_by: Mapped[uuid.UUID] = mapped_column(ForeignKey("account.id"))
    written_at: Mapped[datetime]
    released_by: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("account.id"))
    starts_at: Mapped[datetime]
    reached: Mapped[int] = mapped_column(default=0)


class LetterKey(PublicId, Rows):
    """The key of one batch of time-locked letters: its hash is public before, the key itself from `opens_at` on.

    Where the letters tell what a run decided, the switch that publishes the run publishes the key.
    """

    __tablename__ = "letter_key"

    scope: Mapped[str] = mapped_column(unique=True)
    run_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("run.id"))
    key_sealed: Mapped[bytes]
    key_sha256: Mapped[str]
    opens_at: Mapped[datetime]
    made_at: Mapped[datetime]


class LockedLetter(PublicId, Rows):
    """One family's letter: a cipher text that anybody may hold before the hour, and nobody can read."""

    __tablename__ = "locked_letter"
    __table_args__ = (UniqueConstraint("key_id", "account_id", "reference"),)

    key_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("letter_key.id"))
    account_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("account.id"), index=True)
    reference: Mapped[str]
    cipher: Mapped[bytes]
    made_at: Mapped[datetime]

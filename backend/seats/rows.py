"""Tables of seats: the settled seat type of an application, homes claimed and
used, claims to a preference, conduct noted for next year.
"""

import uuid
from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from backend.foundation.database import Numbered, PublicId, Rows
from backend.foundation.ddl import append_only


class Seat(Rows):
    """What an application stands for in the allocation: seat type, keys of the order, and why, by which book.

    `is_migrant`: the household is in another banner (随迁子女, D14), as the registers or an official say; for counting alone.
    """

    __tablename__ = "seat"

    application_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("application.id"), primary_key=True)
    seat_type: Mapped[str]
    seat_type_name: Mapped[str]
    keys: Mapped[dict[str, Any]]
    why: Mapped[list[Any]]
    is_migrant: Mapped[bool] = mapped_column(default=False)
    book_sha256: Mapped[str]
    settled_at: Mapped[datetime]


class AddressLock(Numbered, Rows):
    """A home whose seat was used at a stage (domain 2.3): until which year, by which child, at which school.

    A place confirmed here names its child. A line of former years names the banner that listed it and, by the index of
    its number (`child.known_index`), the child where the list did: whoever registers that child is found, also later.
    """

    __tablename__ = "address_lock"
    __table_args__ = (
        Index("ix_address_lock_home", "home_index", "stage"),
        UniqueConstraint("child_id", "stage", "year"),
        CheckConstraint("(child_id IS NULL) = (listed_by IS NOT NULL)", name="source"),
    )

    home_index: Mapped[bytes]
    stage: Mapped[str]
    school: Mapped[str]
    child_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("child.id"))
    listed_by: Mapped[str | None] = mapped_column(index=True)
    holder_index: Mapped[bytes | None]
    year: Mapped[int]
    free_in: Mapped[int]


class HomeClaim(Rows):
    """On which home an application settles, by blind index: two families with one home in one season are seen."""

    __tablename__ = "home_claim"
    __table_args__ = (Index("ix_home_claim_home", "home_index", "stage", "year"),)

    application_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("application.id"), primary_key=True)
    home_index: Mapped[bytes]
    stage: Mapped[str]
    year: Mapped[int]


class PreferenceClaim(PublicId, Rows):
    """A family's claim to a group that law prefers, with what its department said; one an application."""

    __tablename__ = "preference_claim"
    __table_args__ = (CheckConstraint("state IN ('asked', 'approved', 'refused')", name="state"),)

    application_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("application.id"), unique=True)
    banner: Mapped[str] = mapped_column(index=True)
    group: Mapped[str]
    school: Mapped[str | None]
    state: Mapped[str]
    evidence_sealed: Mapped[bytes]
    asked_at: Mapped[datetime]
    reason: Mapped[str | None]
    valid_until: Mapped[date | None]
    answered_at: Mapped[datetime | None]
    answered_by: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("account.id"))


class Conduct(Numbered, Rows):
    """A deed that the book's penalty class asks for next year (达拉特旗: did not come, missed the formalities)."""

    __tablename__ = "conduct"
    __table_args__ = (UniqueConstraint("child_id", "fact", "year"),)

    child_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("child.id"), index=True)
    fact: Mapped[str]
    year: Mapped[int]
    noted_at: Mapped[datetime]


append_only(Conduct.__table__)  # type: ignore[arg-type]

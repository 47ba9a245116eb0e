"""Tables of seats: the settled seat type of an application, homes whose seat is used, conduct noted for next year."""

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from backend.foundation.database import Numbered, Rows
from backend.foundation.ddl import append_only


class Seat(Rows):
    """What an application stands for in the allocation: seat type, keys of the order, and why, by which book."""

    __tablename__ = "seat"

    application_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("application.id"), primary_key=True)
    seat_type: Mapped[str]
    seat_type_name: Mapped[str]
    keys: Mapped[dict[str, Any]]
    why: Mapped[list[Any]]
    book_sha256: Mapped[str]
    settled_at: Mapped[datetime]


class AddressLock(Numbered, Rows):
    """A home whose seat was used at a stage (domain 2.3): until which year, by which child, at which school."""

    __tablename__ = "address_lock"
    __table_args__ = (
        Index("ix_address_lock_home", "home_index", "stage"),
        UniqueConstraint("child_id", "stage", "year"),
    )

    home_index: Mapped[bytes]
    stage: Mapped[str]
    school: Mapped[str]
    child_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("child.id"))
    year: Mapped[int]
    free_in: Mapped[int]


class Conduct(Numbered, Rows):
    """A deed that the book's penalty class asks for next year (达拉特旗: did not come, missed the formalities)."""

    __tablename__ = "conduct"
    __table_args__ = (UniqueConstraint("child_id", "fact", "year"),)

    child_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("child.id"), index=True)
    fact: Mapped[str]
    year: Mapped[int]
    noted_at: Mapped[datetime]


append_only(Conduct.__table__)  # type: ignore[arg-type]

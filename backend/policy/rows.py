"""Tables of policy: published rule-books, disclosure pages, units, schools, plans, zones, overflow, rosters, imports."""

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from backend.foundation.database import Numbered, PublicId, Rows
from backend.foundation.ddl import append_only


class RuleBook(Numbered, Rows):
    """One published version of a banner's rule-book: `content` as written, `sha256` of its canonical JSON (A04, D03)."""

    __tablename__ = "rule_book"
    __table_args__ = (UniqueConstraint("banner", "year", "version", name="uq_rule_book_version"),)

    banner: Mapped[str] = mapped_column(index=True)
    year: Mapped[int]
    version: Mapped[int]
    model: Mapped[str]
    sha256: Mapped[str] = mapped_column(unique=True)
    content: Mapped[dict[str, Any]]
    reason: Mapped[str]
    published_at: Mapped[datetime]
    published_by: Mapped[uuid.UUID] = mapped_column(ForeignKey("account.id"))


class SheetImport(Numbered, Rows):
    """One sheet that was taken over: which kind, its digest, how many rows; never its content."""

    __tablename__ = "sheet_import"
    __table_args__ = (Index("ix_sheet_import_banner", "banner", "kind"),)

    banner: Mapped[str]
    year: Mapped[int]
    kind: Mapped[str]
    filename: Mapped[str]
    sha256: Mapped[str]
    rows: Mapped[int]
    applied_at: Mapped[datetime]
    applied_by: Mapped[uuid.UUID] = mapped_column(ForeignKey("account.id"))


class DisclosurePublication(Numbered, Rows):
    """A disclosure page as it was made public (D12a-D12f), for one book and one state of schools, plan and zones.

    `places_import` is the last sheet import the page has taken in (0: none): a later one makes the page stale.
    """

    __tablename__ = "disclosure_publication"
    __table_args__ = (Index("ix_disclosure_publication_banner", "banner", "year"),)

    banner: Mapped[str]
    year: Mapped[int]
    book_sha256: Mapped[str]
    places_import: Mapped[int]
    value: Mapped[dict[str, Any]]
    value_sha256: Mapped[str]
    published_at: Mapped[datetime]
    published_by: Mapped[uuid.UUID] = mapped_column(ForeignKey("account.id"))


class AddressUnit(Rows):
    """An address unit: the 12-digit code of a community or village (A06).

    Longitude and latitude of its middle are in millionths of a degree; maps alone use them.
    """

    __tablename__ = "address_unit"
    __table_args__ = (CheckConstraint("(longitude IS NULL) = (latitude IS NULL)", name="position"),)

    code: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    town: Mapped[str]
    banner: Mapped[str] = mapped_column(index=True)
    longitude: Mapped[int | None]
    latitude: Mapped[int | None]


class SchoolRow(Rows):
    """A school or kindergarten (A07). Schools are never deleted here: former years point at them.

    Longitude and latitude are in millionths of a degree.
    """

    __tablename__ = "school"
    __table_args__ = (
        CheckConstraint("stage IN ('kindergarten', 'primary', 'junior')", name="stage"),
        CheckConstraint("(longitude IS NULL) = (latitude IS NULL)", name="position"),
    )

    code: Mapped[str] = mapped_column(primary_key=True)
    banner: Mapped[str] = mapped_column(index=True)
    name: Mapped[str]
    stage: Mapped[str]
    private: Mapped[bool]
    address: Mapped[str]
    phone: Mapped[str]
    conditions: Mapped[str]
    school_group: Mapped[str] = mapped_column(default="")
    longitude: Mapped[int | None]
    latitude: Mapped[int | None]


class Plan(Rows):
    """The recruitment plan of a school in a year (D12b)."""

    __tablename__ = "plan"
    __table_args__ = (CheckConstraint("seats > 0 AND classes > 0", name="seats"),)

    year: Mapped[int] = mapped_column(primary_key=True)
    school: Mapped[str] = mapped_column(ForeignKey("school.code"), primary_key=True)
    seats: Mapped[int]
    classes: Mapped[int]


class FormerLine(Rows):
    """How far a school admitted in a year before the service: told by a sheet, shown to families, never decided by.

    `seat_type` and `keys` are the last admitted child's, in the words that were published then; no number of a child.
    """

    __tablename__ = "former_line"
    __table_args__ = (CheckConstraint("plan > 0 AND admitted >= 0", name="counts"),)

    year: Mapped[int] = mapped_column(primary_key=True)
    school: Mapped[str] = mapped_column(ForeignKey("school.code"), primary_key=True)
    plan: Mapped[int]
    admitted: Mapped[int]
    seat_type: Mapped[str]
    keys: Mapped[list[Any]]


class Zone(Rows):
    """One address unit in the zone of one school in a year (D12a)."""

    __tablename__ = "zone"
    __table_args__ = (Index("ix_zone_unit", "unit_code", "year"),)

    year: Mapped[int] = mapped_column(primary_key=True)
    school: Mapped[str] = mapped_column(ForeignKey("school.code"), primary_key=True)
    unit_code: Mapped[str] = mapped_column(ForeignKey("address_unit.code"), primary_key=True)
    seat_types: Mapped[list[Any]]
    multi_school: Mapped[bool]


class Feeder(Rows):
    """对口直升: the junior schools that a primary school's graduates go up to in a year (D07)."""

    __tablename__ = "feeder"

    year: Mapped[int] = mapped_column(primary_key=True)
    primary: Mapped[str] = mapped_column(ForeignKey("school.code"), primary_key=True)
    junior: Mapped[str] = mapped_column(ForeignKey("school.code"), primary_key=True)


class Overflow(Rows):
    """The schools that take those left over in a school's zone, in order of `place` (contracts 2)."""

    __tablename__ = "overflow"

    year: Mapped[int] = mapped_column(primary_key=True)
    school: Mapped[str] = mapped_column(ForeignKey("school.code"), primary_key=True)
    place: Mapped[int] = mapped_column(primary_key=True)
    to_school: Mapped[str] = mapped_column(ForeignKey("school.code"))


class RosterChild(PublicId, Rows):
    """A child on a roster that a school handed in (D13): found by the blind index of the ID number, sealed otherwise."""

    __tablename__ = "roster_child"
    __table_args__ = (
        UniqueConstraint("year", "banner", "id_index", name="uq_roster_child_id"),
        Index("ix_roster_child_index", "id_index", "year"),
    )

    year: Mapped[int]
    banner: Mapped[str]
    id_index: Mapped[bytes]
    from_school: Mapped[str]
    name_sealed: Mapped[bytes]
    guardian_sealed: Mapped[bytes]


append_only(RuleBook.__table__)  # type: ignore[arg-type]
append_only(SheetImport.__table__)  # type: ignore[arg-type]
append_only(DisclosurePublication.__table__)  # type: ignore[arg-type]

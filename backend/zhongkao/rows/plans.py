"""Tables of what is published before anybody chooses: the year's rules and the plan units."""

import uuid
from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, select
from sqlalchemy.orm import Mapped, column_property, mapped_column

from backend.foundation.database import Numbered, Rows
from backend.foundation.ddl import append_only


class ExamRulesRow(Numbered, Rows):
    """One published version of a year's exam rules: `content` as written, `sha256` of its canonical JSON."""

    __tablename__ = "exam_rules"
    __table_args__ = (UniqueConstraint("year", "version", name="uq_exam_rules_version"),)

    year: Mapped[int]
    version: Mapped[int]
    sha256: Mapped[str]
    content: Mapped[dict[str, Any]]
    reason: Mapped[str]
    published_at: Mapped[datetime]
    published_by: Mapped[uuid.UUID] = mapped_column(ForeignKey("account.id"))


class ExamUnit(Numbered, Rows):
    """A plan unit: school x category x language x region of origin (domain 1.2), with its places. Never changed.

    `terms` is the JSON of `rules.eligibility.Terms`: who may choose it. `junior` names the junior school whose own
    quota (指标到校) the unit is. `floor` is that of its `ExamFloor`, None where there is none; ask `unit_terms` for both.
    """

    __tablename__ = "exam_unit"
    __table_args__ = (
        UniqueConstraint("year", "code", name="uq_exam_unit_code"),
        Index("ix_exam_unit_category", "year", "category"),
        CheckConstraint("plan >= 0", name="plan"),
    )

    year: Mapped[int]
    code: Mapped[str]
    school: Mapped[str]
    name: Mapped[str]
    banner: Mapped[str]
    category: Mapped[str]
    language: Mapped[str]
    origin: Mapped[str]
    plan: Mapped[int]
    junior: Mapped[str | None]
    terms: Mapped[dict[str, Any]]
    floor: ClassVar[Any]


class ExamFloor(Rows):
    """The lowest total for a share, in hundredths, fixed when the quota's session was listed; it replaces the line of the terms."""

    __tablename__ = "exam_floor"

    unit_id: Mapped[int] = mapped_column(ForeignKey("exam_unit.id"), primary_key=True)
    floor: Mapped[int]


ExamUnit.floor = column_property(select(ExamFloor.floor).where(ExamFloor.unit_id == ExamUnit.id).scalar_subquery())
append_only(ExamRulesRow.__table__)  # type: ignore[arg-type]
append_only(ExamUnit.__table__)  # type: ignore[arg-type]
append_only(ExamFloor.__table__)  # type: ignore[arg-type]

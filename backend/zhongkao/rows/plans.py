"""Tables of what is published before anybody chooses: the year's rules and the plan units."""

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

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
    quota (指标到校) the unit is.
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


append_only(ExamRulesRow.__table__)  # type: ignore[arg-type]
append_only(ExamUnit.__table__)  # type: ignore[arg-type]

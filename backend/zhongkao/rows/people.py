"""Tables of candidates and how they are known: sealed identity, scores, log-ins; and their junior schools."""

import uuid
from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from backend.foundation.database import Numbered, PublicId, Rows


class ExamJunior(Numbered, Rows):
    """A junior school with its graduating classes and pupils: what quotas are dealt by (E04, E38)."""

    __tablename__ = "exam_junior"
    __table_args__ = (UniqueConstraint("year", "code", name="uq_exam_junior_code"),)

    year: Mapped[int]
    code: Mapped[str]
    name: Mapped[str]
    banner: Mapped[str]
    classes: Mapped[int]
    pupils: Mapped[int]


class ExamCandidate(Numbered, Rows):
    """One candidate of a year. Name, exam number and phone are sealed under `subject`; scores are hundredths.

    `subjects` is {code: hundredths}; `ties` the tie-breaking sums in the order of the year's rules. `standing` is 0 for
    the best and shared by those equal in everything; `position` is the dense 0-based place in the fixed global order
    (standing, then exam number), unique in the year: what arrays of ranks are indexed by.
    """

    __tablename__ = "exam_candidate"
    __table_args__ = (
        UniqueConstraint("year", "exam_index", name="uq_exam_candidate_number"),
        UniqueConstraint("year", "position", name="uq_exam_candidate_position"),
        Index("ix_exam_candidate_standing", "year", "standing"),
    )

    year: Mapped[int]
    subject: Mapped[uuid.UUID] = mapped_column(unique=True)
    exam_index: Mapped[bytes]
    exam_number_sealed: Mapped[bytes]
    name_sealed: Mapped[bytes]
    phone_sealed: Mapped[bytes | None]
    junior: Mapped[str]
    school_banner: Mapped[str]
    household_banner: Mapped[str]
    attends: Mapped[bool] = mapped_column(default=True)
    outside: Mapped[bool] = mapped_column(default=False)
    fresh: Mapped[bool] = mapped_column(default=True)
    enrolled_on: Mapped[date | None]
    tags: Mapped[list[Any]] = mapped_column(default=list)
    subjects: Mapped[dict[str, Any]] = mapped_column(default=dict)
    total: Mapped[int | None]
    ties: Mapped[list[Any]] = mapped_column(default=list)
    standing: Mapped[int | None]
    position: Mapped[int | None]


class ExamScoreCount(Rows):
    """How many ranked candidates with 学籍 in a banner have this total: what 一分一段表 and 位次表 are read from.

    Made anew with everything else that is counted (`count_candidates.py`).
    """

    __tablename__ = "exam_score_count"

    year: Mapped[int] = mapped_column(primary_key=True)
    banner: Mapped[str] = mapped_column(primary_key=True)
    total: Mapped[int] = mapped_column(primary_key=True)
    many: Mapped[int]


class CandidateLogin(Numbered, Rows):
    """One log-in of a candidate on a device. `needs_code`: each change made with it needs a code sent to the phone."""

    __tablename__ = "candidate_login"

    candidate_id: Mapped[int] = mapped_column(ForeignKey("exam_candidate.id"), index=True)
    device_sha256: Mapped[bytes]
    needs_code: Mapped[bool]
    made_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class ExamPhoneChange(PublicId, Rows):
    """Another phone for a candidate, sealed under his `subject`, with the papers he was known by; in force once
    `in_force_at` stands. While he may still choose it waits for `approved_by`, a second official.
    """

    __tablename__ = "exam_phone_change"
    __table_args__ = (
        CheckConstraint("approved_by IS NULL OR approved_by <> proposed_by", name="two_officials"),
        Index("uq_exam_phone_change_waits", "candidate_id", unique=True, postgresql_where=text("in_force_at IS NULL")),
    )

    candidate_id: Mapped[int] = mapped_column(ForeignKey("exam_candidate.id"), index=True)
    phone_sealed: Mapped[bytes]
    proof: Mapped[str]
    proposed_by: Mapped[uuid.UUID] = mapped_column(ForeignKey("account.id"))
    proposed_at: Mapped[datetime]
    approved_by: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("account.id"))
    in_force_at: Mapped[datetime | None]

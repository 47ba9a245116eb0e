"""Tables of a session of choosing: one category and round, its bands with their times, its units, its readings."""

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from backend.foundation.database import Numbered, Rows
from backend.foundation.ddl import append_only, transitions

STEPS = {
    "planned": ("listed",),
    "listed": ("closed",),
    "closed": ("published",),
}


class ExamSession(Numbered, Rows):
    """A session of choosing: one category in one round (征集 rounds count 2, 3, …).

    planned → listed (its candidates and units stand, choices can be made inside their bands) → closed (every band is
    closed) → published. `paused_at` stands while the exam office has stopped all choosing. `edition` grows whenever
    something that is fixed for readers changes: a band's times, a plan, a candidate's place in the order.
    """

    __tablename__ = "exam_session"
    __table_args__ = (
        UniqueConstraint("year", "code", name="uq_exam_session_code"),
        UniqueConstraint("year", "category", "round", name="uq_exam_session_round"),
        CheckConstraint("state IN ('planned', 'listed', 'closed', 'published')", name="state"),
    )

    year: Mapped[int]
    code: Mapped[str]
    category: Mapped[str]
    round: Mapped[int]
    rules_id: Mapped[int] = mapped_column(ForeignKey("exam_rules.id"))
    state: Mapped[str] = mapped_column(default="planned")
    listed_at: Mapped[datetime | None]
    paused_at: Mapped[datetime | None]
    edition: Mapped[int] = mapped_column(default=0)


class ExamBand(Numbered, Rows):
    """A band of a session as it stands now: totals `lowest` ≤ total < `below`, choosing in [open_at, close_at).

    `number` is its index in the session's rules. `closed_at` is the closing event; nothing enters the band after it.
    Submitters hold the band's advisory lock shared, the closer holds it alone (`BAND_LOCKS`, id).
    """

    __tablename__ = "exam_band"
    __table_args__ = (UniqueConstraint("session_id", "number", name="uq_exam_band_number"),)

    session_id: Mapped[int] = mapped_column(ForeignKey("exam_session.id"))
    number: Mapped[int]
    lowest: Mapped[int | None]
    below: Mapped[int | None]
    open_at: Mapped[datetime]
    close_at: Mapped[datetime]
    planned_close_at: Mapped[datetime]
    no_clear_from: Mapped[datetime | None]
    no_first_from: Mapped[datetime | None]
    opened_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]


class SessionUnit(Rows):
    """A unit that can be chosen in a session, with the plan of this session and where its places come from."""

    __tablename__ = "session_unit"
    __table_args__ = (CheckConstraint("plan >= 0", name="plan"),)

    session_id: Mapped[int] = mapped_column(ForeignKey("exam_session.id"), primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("exam_unit.id"), primary_key=True)
    plan: Mapped[int]
    made_of: Mapped[dict[str, Any]]


class ExamExtension(Numbered, Rows):
    """A band closes later because the service was unwell: who decided it, why, by how much (audited, shown in public)."""

    __tablename__ = "exam_extension"

    session_id: Mapped[int] = mapped_column(ForeignKey("exam_session.id"), index=True)
    band: Mapped[int]
    minutes: Mapped[int]
    reason: Mapped[str]
    decided_by: Mapped[uuid.UUID] = mapped_column(ForeignKey("account.id"))
    decided_at: Mapped[datetime]


class ExamReading(Numbered, Rows):
    """The statistics of a session at one published time (A52): seven columns for every unit."""

    __tablename__ = "exam_reading"
    __table_args__ = (UniqueConstraint("session_id", "at", name="uq_exam_reading_at"),)

    session_id: Mapped[int] = mapped_column(ForeignKey("exam_session.id"))
    at: Mapped[datetime]
    taken_at: Mapped[datetime]
    units: Mapped[list[Any]]


class ExamRemark(Numbered, Rows):
    """A notice of the exam office to everybody in a session, or a step it took (paused, went on, extended)."""

    __tablename__ = "exam_remark"
    __table_args__ = (Index("ix_exam_remark_session", "session_id", "at"),)

    session_id: Mapped[int] = mapped_column(ForeignKey("exam_session.id"))
    at: Mapped[datetime]
    text: Mapped[str]
    by: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("account.id"))


append_only(ExamExtension.__table__)  # type: ignore[arg-type]
append_only(ExamReading.__table__)  # type: ignore[arg-type]
append_only(ExamRemark.__table__)  # type: ignore[arg-type]
transitions(ExamSession.__table__, "state", STEPS)  # type: ignore[arg-type]

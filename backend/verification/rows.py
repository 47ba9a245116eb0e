"""Tables of verification: questions to departments with their answers, cases for people, facts people established."""

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from backend.foundation import clock
from backend.foundation.database import Numbered, PublicId, Rows
from backend.foundation.ddl import append_only

VERDICTS = ("waiting", "match", "mismatch", "not-found", "unavailable", "timeout")


class Check(PublicId, Rows):
    """One question to a department about one submission: what was compared, what came back, when, on which basis.

    The record itself is sealed and kept only for the appeal; `differs` names fields, never values. `batch` names the
    file in which the question was dropped, for departments that are asked by files.
    """

    __tablename__ = "check_row"
    __table_args__ = (
        UniqueConstraint("application_id", "department", "item", "submission"),
        Index("ix_check_row_open", "department", "item", "batch", postgresql_where=text("answered_at IS NULL")),
        CheckConstraint(f"state IN {VERDICTS}", name="state"),
    )

    application_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("application.id"), index=True)
    submission: Mapped[int]
    opened_at: Mapped[datetime] = mapped_column(default=clock.now)
    department: Mapped[str]
    item: Mapped[str]
    item_name: Mapped[str]
    claim: Mapped[str]
    compares: Mapped[list[Any]]
    confirms: Mapped[list[Any]]
    state: Mapped[str] = mapped_column(default="waiting")
    differs: Mapped[list[Any]] = mapped_column(default=list)
    asked_at: Mapped[datetime | None]
    answered_at: Mapped[datetime | None]
    attempts: Mapped[int] = mapped_column(default=0)
    source: Mapped[str | None]
    basis: Mapped[str]
    batch: Mapped[str | None]
    record_sealed: Mapped[bytes | None]
    facts_sealed: Mapped[bytes | None]


class DepartmentLine(Rows):
    """How a department's line stands now (rules/turns.py): one row a department, shared by all workers."""

    __tablename__ = "department_line"

    department: Mapped[str] = mapped_column(primary_key=True)
    day: Mapped[str] = mapped_column(default="")
    asked: Mapped[int] = mapped_column(default=0)
    next_at: Mapped[datetime | None]
    queue_at: Mapped[datetime | None]
    failing: Mapped[list[Any]] = mapped_column(default=list)
    closed_until: Mapped[datetime | None]
    closures: Mapped[int] = mapped_column(default=0)
    answered_at: Mapped[datetime | None]
    failed_at: Mapped[datetime | None]


class ExchangeCall(Numbered, Rows):
    """One call to a department: when, why, on which basis, for which check, what came back (网数条例 §12; kept 3 years).

    `outcome` is match, mismatch, not-found, unavailable or timeout; `fields` names what was given to us, no values.
    """

    __tablename__ = "exchange_call"
    __table_args__ = (Index("ix_exchange_call_item", "department", "item", "at"),)

    at: Mapped[datetime]
    department: Mapped[str]
    item: Mapped[str]
    check_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("check_row.id"), index=True)
    request_id: Mapped[str]
    transport: Mapped[str]
    purpose: Mapped[str]
    basis: Mapped[str]
    outcome: Mapped[str]
    fields: Mapped[list[Any]]
    took_ms: Mapped[int]


append_only(ExchangeCall.__table__)  # type: ignore[arg-type]


class BatchFile(Rows):
    """One file of questions to a department that is asked by files, and what became of it.

    dropped → answered, or overdue (its questions go into the next file). `refusals` are the wrong answers that came:
    {at, name, sha256, why}; a wrong file says nothing about anybody.
    """

    __tablename__ = "batch_file"
    __table_args__ = (CheckConstraint("state IN ('dropped', 'answered', 'overdue')", name="state"),)

    name: Mapped[str] = mapped_column(primary_key=True)
    department: Mapped[str]
    item: Mapped[str]
    dropped_at: Mapped[datetime]
    questions: Mapped[int]
    state: Mapped[str] = mapped_column(default="dropped")
    ended_at: Mapped[datetime | None]
    refusals: Mapped[list[Any]] = mapped_column(default=list)


class Case(PublicId, Rows):
    """A submission that a person looks at: why, since when, who decided what with which reason.

    `taken_by` is the official whom the case was dealt to. `first_…` is a decision that needs a second official's word:
    it counts once `decided_at` stands. `appeal_sealed` is what the family wrote against a rejection; such a case is
    decided by another official.
    """

    __tablename__ = "review_case"
    __table_args__ = (
        Index("uq_review_case_open", "application_id", unique=True, postgresql_where=text("decided_at IS NULL")),
        Index("ix_review_case_queue", "banner", "opened_at", postgresql_where=text("decided_at IS NULL")),
    )

    application_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("application.id"), index=True)
    banner: Mapped[str]
    reasons: Mapped[list[Any]]
    opened_at: Mapped[datetime]
    taken_by: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("account.id"), index=True)
    taken_at: Mapped[datetime | None]
    first_decision: Mapped[str | None]
    first_reason_code: Mapped[str | None]
    first_reason: Mapped[str | None]
    first_facts: Mapped[dict[str, Any] | None]
    first_by: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("account.id"))
    first_at: Mapped[datetime | None]
    decided_at: Mapped[datetime | None]
    decided_by: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("account.id"))
    decision: Mapped[str | None]
    reason_code: Mapped[str | None]
    reason: Mapped[str | None]
    appeal_sealed: Mapped[bytes | None]


class EstablishedFacts(Numbered, Rows):
    """Facts that a person (or a lapsed deadline) established for an application, over what departments answered."""

    __tablename__ = "established_facts"

    application_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("application.id"), index=True)
    facts: Mapped[dict[str, Any]]
    reason: Mapped[str]
    at: Mapped[datetime]
    by: Mapped[str]


class SpotCheck(PublicId, Rows):
    """An application that passed by itself and was drawn for a look by a person (C07: the machine is watched).

    It stops nothing; a look that finds a fault puts the application into review.
    """

    __tablename__ = "spot_check"

    application_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("application.id"), unique=True)
    banner: Mapped[str]
    drawn_at: Mapped[datetime]
    taken_by: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("account.id"))
    looked_at: Mapped[datetime | None]
    looked_by: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("account.id"))
    is_right: Mapped[bool | None]
    note: Mapped[str | None]


class Dispute(PublicId, Rows):
    """A family's word that a department's record is wrong: a correction request to the department, no rejection."""

    __tablename__ = "dispute"

    check_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("check_row.id"), index=True)
    filed_at: Mapped[datetime]
    filed_by: Mapped[uuid.UUID] = mapped_column(ForeignKey("account.id"))
    text_sealed: Mapped[bytes]
    answered_at: Mapped[datetime | None]


append_only(EstablishedFacts.__table__)  # type: ignore[arg-type]

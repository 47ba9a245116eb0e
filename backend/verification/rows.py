"""Tables of verification: questions to departments with their answers, cases for people, facts people established."""

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from backend.foundation.database import Numbered, PublicId, Rows
from backend.foundation.ddl import append_only

VERDICTS = ("waiting", "match", "mismatch", "not-found", "unavailable", "timeout")


class Check(PublicId, Rows):
    """One question to a department about one submission: what was compared, what came back, when, on which basis.

    The record itself is sealed and kept only for the appeal; `differs` names fields, never values.
    """

    __tablename__ = "check_row"
    __table_args__ = (
        UniqueConstraint("application_id", "department", "item", "submission"),
        CheckConstraint(f"state IN {VERDICTS}", name="state"),
    )

    application_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("application.id"), index=True)
    submission: Mapped[int]
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
    record_sealed: Mapped[bytes | None]
    facts_sealed: Mapped[bytes | None]


class Case(PublicId, Rows):
    """A submission that a person looks at: why, since when, who decided what with which reason.

    `appeal_sealed` is what the family wrote against a rejection; such a case is decided by another official.
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
    taken_by: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("account.id"))
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


class Dispute(PublicId, Rows):
    """A family's word that a department's record is wrong: a correction request to the department, no rejection."""

    __tablename__ = "dispute"

    check_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("check_row.id"), index=True)
    filed_at: Mapped[datetime]
    filed_by: Mapped[uuid.UUID] = mapped_column(ForeignKey("account.id"))
    text_sealed: Mapped[bytes]
    answered_at: Mapped[datetime | None]


append_only(EstablishedFacts.__table__)  # type: ignore[arg-type]

"""Tables of enrolment: applications, everything that happened to them, and the closings of windows."""

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from backend.enrolment.rules.states import ENDED, STATES, STEPS
from backend.foundation.database import Numbered, PublicId, Rows
from backend.foundation.ddl import append_only, transitions

LIVE = text(f"state NOT IN {ENDED}")


class Application(PublicId, Rows):
    """One child's application for one stage in one banner. The form is sealed JSON (rules/form.py).

    Of all applications of a child one is live in the whole prefecture (A22): the index refuses a second, also under
    concurrent attempts. `twins_with`, `sibling_at` and `choices` repeat what the form says, for the allocation.
    """

    __tablename__ = "application"
    __table_args__ = (
        Index("uq_application_live", "child_id", unique=True, postgresql_where=LIVE),
        Index("ix_application_banner", "banner", "year", "stage", "state"),
        CheckConstraint(f"state IN {STATES}", name="state"),
        CheckConstraint("stage IN ('kindergarten', 'primary', 'junior')", name="stage"),
        CheckConstraint("state IN ('draft', 'withdrawn') OR receipt IS NOT NULL", name="receipt"),
        CheckConstraint("state <> 'returned' OR return_by IS NOT NULL", name="return_by"),
    )

    child_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("child.id"), index=True)
    banner: Mapped[str]
    year: Mapped[int]
    stage: Mapped[str]
    state: Mapped[str] = mapped_column(default="draft")
    drafted_at: Mapped[datetime]
    drafted_by: Mapped[uuid.UUID] = mapped_column(ForeignKey("account.id"))
    moved_at: Mapped[datetime]
    receipt: Mapped[str | None] = mapped_column(unique=True)
    submitted_at: Mapped[datetime | None]
    submissions: Mapped[int] = mapped_column(default=0)
    window_closes_at: Mapped[datetime | None]
    return_by: Mapped[datetime | None]
    unit_code: Mapped[str | None]
    form_sealed: Mapped[bytes | None]
    twins_with: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("child.id"))
    sibling_at: Mapped[str | None]
    choices: Mapped[list[Any]] = mapped_column(default=list)


transitions(Application.__table__, "state", STEPS)  # type: ignore[arg-type]


class FiledIntent(PublicId, Rows):
    """One line before the deadline that a family wants to register: its receipt stands, form and papers follow by `until`.

    `application_id` is the application that followed; it has the same receipt.
    """

    __tablename__ = "filed_intent"
    __table_args__ = (Index("ix_filed_intent_window", "banner", "stage", "window_closes_at"),)

    account_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("account.id"), index=True)
    banner: Mapped[str]
    year: Mapped[int]
    stage: Mapped[str]
    words_sealed: Mapped[bytes]
    receipt: Mapped[str] = mapped_column(unique=True)
    arrived_at: Mapped[datetime]
    filed_at: Mapped[datetime]
    window_closes_at: Mapped[datetime]
    until: Mapped[datetime]
    application_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("application.id"), unique=True)


class Deferral(PublicId, Rows):
    """A family's request to let the child enter later (缓学, domain 2.4), with what the bureau said.

    `kindergarten` is where the child stays in the meantime, once the bureau has found it a place.
    """

    __tablename__ = "deferral"
    __table_args__ = (
        CheckConstraint("state IN ('asked', 'approved', 'refused')", name="state"),
        Index("uq_deferral_open", "child_id", unique=True, postgresql_where=text("state = 'asked'")),
    )

    child_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("child.id"), index=True)
    banner: Mapped[str] = mapped_column(index=True)
    stage: Mapped[str]
    year: Mapped[int]
    evidence_sealed: Mapped[bytes]
    state: Mapped[str] = mapped_column(default="asked")
    asked_at: Mapped[datetime]
    reason: Mapped[str | None]
    answered_at: Mapped[datetime | None]
    answered_by: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("account.id"))
    kindergarten: Mapped[str | None]
    kept_at: Mapped[datetime | None]


class ApplicationEvent(Numbered, Rows):
    """One step of an application: from which state to which, when, by whom and why. `facts` hold no person's data."""

    __tablename__ = "application_event"

    application_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("application.id"), index=True)
    at: Mapped[datetime]
    from_state: Mapped[str | None]
    to_state: Mapped[str]
    principal: Mapped[str]
    reason: Mapped[str]
    facts: Mapped[dict[str, Any]]


append_only(ApplicationEvent.__table__)  # type: ignore[arg-type]


class WindowClosing(Numbered, Rows):
    """The closing of a window as an event (promises D5): how many receipts it holds and the Merkle root of them.

    Once this row stands nothing more enters; every receipt that was given is in it.
    """

    __tablename__ = "window_closing"
    __table_args__ = (UniqueConstraint("banner", "stage", "closes_at"),)

    banner: Mapped[str]
    stage: Mapped[str]
    closes_at: Mapped[datetime]
    closed_at: Mapped[datetime]
    receipts: Mapped[int]
    merkle_root: Mapped[str]


append_only(WindowClosing.__table__)  # type: ignore[arg-type]

"""The table of papers: photographs of documents, their originals and clean pictures sealed on disk, and the verdict."""

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from backend.foundation.database import PublicId, Rows
from backend.foundation.ddl import transitions

KINDS = ("household", "property", "contract", "lease", "residence", "birth", "insurance", "licence", "other")
PAPER_STEPS = {"waiting": ("good", "retake", "human"), "human": ("good", "retake"), "good": ("retake", "human")}


class Paper(PublicId, Rows):
    """One photograph of a paper of a child (A23).

    waiting → good | retake (to be photographed again) | human (two retakes did not help: an official looks at it).
    A good one may turn out to be another page than was said, or be sent back by an official.
    `replaced_at`: a later photograph of the kind has taken its place. `reasons` are codes of what is wrong; `figures` what was measured, whole numbers. Sizes are bytes, clean ones of
    the re-encoded picture; without a clean picture the file was no picture. `reading_sealed` is what was read off it
    (rules of reading/), `answers` what the family said to each proposal: field → right or changed.
    """

    __tablename__ = "paper"
    __table_args__ = (
        Index("ix_paper_child_kind", "child_id", "kind", "attached_at"),
        CheckConstraint(f"kind IN {KINDS}", name="kind"),
        CheckConstraint("state IN ('waiting', 'good', 'retake', 'human')", name="state"),
        CheckConstraint("attempt > 0", name="attempt"),
    )

    child_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("child.id"))
    kind: Mapped[str]
    attempt: Mapped[int]
    state: Mapped[str] = mapped_column(default="waiting")
    attached_at: Mapped[datetime]
    attached_by: Mapped[uuid.UUID] = mapped_column(ForeignKey("account.id"))
    original_size: Mapped[int]
    original_mac: Mapped[bytes]
    looked_at: Mapped[datetime | None]
    decided_by: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("account.id"))
    replaced_at: Mapped[datetime | None]
    reasons: Mapped[list[Any]] = mapped_column(default=list)
    figures: Mapped[dict[str, Any]] = mapped_column(default=dict)
    clean_size: Mapped[int | None]
    width: Mapped[int | None]
    height: Mapped[int | None]
    read_at: Mapped[datetime | None]
    read_ms: Mapped[int | None]
    reading_sealed: Mapped[bytes | None]
    answers: Mapped[dict[str, Any]] = mapped_column(default=dict)


transitions(Paper.__table__, "state", PAPER_STEPS)  # type: ignore[arg-type]

"""Tables of what came out: quotas dealt, who is admitted where, scores looked at again."""

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from backend.foundation.database import Numbered, PublicId, Rows
from backend.foundation.ddl import append_only, transitions

ADMITTED = {"admitted": ("reported-in", "no-show", "returned"), "reported-in": (), "no-show": (), "returned": ()}
RECHECKS = {"asked": ("kept", "changed"), "kept": (), "changed": ()}


class QuotaSeat(Numbered, Rows):
    """The places of a school's quota that one junior school got, with the weight they were dealt by."""

    __tablename__ = "quota_seat"
    __table_args__ = (UniqueConstraint("year", "school", "junior", name="uq_quota_seat_junior"),)

    year: Mapped[int]
    school: Mapped[str]
    junior: Mapped[str]
    weight: Mapped[int]
    seats: Mapped[int]
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("exam_unit.id"))
    dealt_at: Mapped[datetime]


class QuotaCrowd(Rows):
    """Who wants a school that deals a quota, as the public calculator needs it: counts by standing, never a person.

    A group: `open` (whether its open places can be theirs), `junior` (whose quota they have a right to), `wanting` (how
    many), `levels` (rules/quota_effect.py). `by_choices`: whoever chose the school in a published session; before one is
    published whoever has a right to it. Made anew with everything else that is counted (`count_candidates.py`).
    """

    __tablename__ = "quota_crowd"

    year: Mapped[int] = mapped_column(primary_key=True)
    school: Mapped[str] = mapped_column(primary_key=True)
    by_choices: Mapped[bool]
    groups: Mapped[list[Any]]


class ExamResult(Rows):
    """What everybody may read of a checked admission, made with it once; shown where the run is the published one (P5).

    `units`: id, plan, chosen, admitted (how many), over_plan, lowest, planned (the line of the places that were open from
    the start, where unused quota fell to them). `forecasts`: how good the session's forecasts were, reading by reading.
    """

    __tablename__ = "exam_result"

    run_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("run.id"), primary_key=True)
    units: Mapped[list[Any]]
    forecasts: Mapped[list[Any]]


class ExamComparison(Rows):
    """A session as it was held beside the other engine (`compare_engines`), worked out once after its last close."""

    __tablename__ = "exam_comparison"

    session_id: Mapped[int] = mapped_column(ForeignKey("exam_session.id"), primary_key=True)
    report: Mapped[dict[str, Any]]
    made_at: Mapped[datetime]


class ExamAdmission(PublicId, Rows):
    """One candidate admitted by a published run: unit, rank there, how many stand level; then what came of it.

    `letter` names the letter on its QR code. A candidate is admitted once in a year unless the school returned the
    file (退档), which frees him for a later round.
    """

    __tablename__ = "exam_admission"
    __table_args__ = (
        Index(
            "uq_exam_admission_candidate",
            "candidate_id",
            unique=True,
            postgresql_where=text("state <> 'returned'"),
        ),
        Index("ix_exam_admission_unit", "session_id", "unit_id"),
        CheckConstraint("state IN ('admitted', 'reported-in', 'no-show', 'returned')", name="state"),
    )

    session_id: Mapped[int] = mapped_column(ForeignKey("exam_session.id"))
    run_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("run.id"))
    candidate_id: Mapped[int] = mapped_column(ForeignKey("exam_candidate.id"))
    unit_id: Mapped[int] = mapped_column(ForeignKey("exam_unit.id"))
    rank: Mapped[int]
    level_with: Mapped[int]
    state: Mapped[str] = mapped_column(default="admitted")
    letter: Mapped[str] = mapped_column(unique=True)
    report_by: Mapped[datetime]
    settled_at: Mapped[datetime | None]
    reason: Mapped[str | None]

    @property
    def stands(self) -> bool:
        """Whether the place is the candidate's, or was taken up: there is a letter, and it is good."""
        return self.state in {"admitted", "reported-in"}


class ExamRecheck(PublicId, Rows):
    """成绩复核: a candidate asks whether the score is added up right; the answer can raise it or lower it (domain 1.2)."""

    __tablename__ = "exam_recheck"
    __table_args__ = (
        CheckConstraint("state IN ('asked', 'kept', 'changed')", name="state"),
        UniqueConstraint("candidate_id", "subject", name="uq_exam_recheck_subject"),
    )

    candidate_id: Mapped[int] = mapped_column(ForeignKey("exam_candidate.id"))
    subject: Mapped[str]
    asked_at: Mapped[datetime]
    state: Mapped[str] = mapped_column(default="asked")
    before: Mapped[int]
    after: Mapped[int | None]
    finding: Mapped[str | None]
    answered_by: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("account.id"))
    answered_at: Mapped[datetime | None]


append_only(ExamComparison.__table__)  # type: ignore[arg-type]
append_only(ExamResult.__table__)  # type: ignore[arg-type]
transitions(ExamAdmission.__table__, "state", ADMITTED)  # type: ignore[arg-type]
transitions(ExamRecheck.__table__, "state", RECHECKS)  # type: ignore[arg-type]

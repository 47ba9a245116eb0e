"""Tables of classes: the school's facts, the published plan, the lists, teams, moves and signatures.

There is no column that could preset a pupil's class: the database takes no member before the run's seed was made in
public, and none after the publication without a move in the ledger that says why.
"""

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import DDL, CheckConstraint, ForeignKey, UniqueConstraint, event
from sqlalchemy.orm import Mapped, mapped_column

from backend.foundation.database import Numbered, PublicId, Rows
from backend.foundation.ddl import append_only

AFTER_THE_SEED = """
CREATE OR REPLACE FUNCTION class_member_after_the_seed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM run WHERE run.id = NEW.run_id AND run.kind = 'classes' AND run.ceremony::text <> 'null'
        AND (run.state IN ('running', 'checked') OR run.state = 'published' AND EXISTS (
            SELECT 1 FROM class_move WHERE class_move.run_id = NEW.run_id AND class_move.no = NEW.no
            AND class_move.from_class IS NULL AND class_move.to_class = NEW.number))
    ) THEN
        RAISE EXCEPTION 'nobody is put into a class before the seed is made, nor after the publication without a move'
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$
"""
MOVE_CODES = ("late-arrival", "transfer-in", "transfer-out", "committee")


class PupilFact(PublicId, Rows):
    """What the school's sheet says of one pupil for the forming of classes, sealed JSON (rules/pupil_sheet.py)."""

    __tablename__ = "class_pupil_fact"
    __table_args__ = (UniqueConstraint("school", "year", "no"),)

    school: Mapped[str]
    year: Mapped[int]
    no: Mapped[str]
    facts_sealed: Mapped[bytes]


class TeacherList(PublicId, Rows):
    """The teachers of a school's starting grade, sealed JSON (rules/teacher_sheet.py), as they were imported last."""

    __tablename__ = "class_teacher_list"
    __table_args__ = (UniqueConstraint("school", "year"),)

    school: Mapped[str]
    year: Mapped[int]
    teachers_sealed: Mapped[bytes]
    count: Mapped[int]
    sha256: Mapped[str]
    imported_at: Mapped[datetime]
    imported_by: Mapped[uuid.UUID] = mapped_column(ForeignKey("account.id"))


class TwinWish(Rows):
    """Whether a family wants its twins in one class or in different ones; without a word of theirs: one class."""

    __tablename__ = "class_twin_wish"
    __table_args__ = (CheckConstraint("wish IN ('together', 'apart')", name="wish"),)

    application_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("application.id"), primary_key=True)
    wish: Mapped[str]
    said_by: Mapped[uuid.UUID] = mapped_column(ForeignKey("account.id"))
    said_at: Mapped[datetime]


class ClassPlan(Rows):
    """The plan of a class run as it was published with the frozen list, before anybody knew the seed.

    `told` is what everybody may know of it; `teams` are the teachers' teams by letter, formed before the draw.
    """

    __tablename__ = "class_plan"

    run_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("run.id"), primary_key=True)
    school: Mapped[str] = mapped_column(index=True)
    year: Mapped[int]
    told: Mapped[dict[str, Any]]
    teams: Mapped[list[Any]]
    published_at: Mapped[datetime]
    published_by: Mapped[uuid.UUID] = mapped_column(ForeignKey("account.id"))


class WitnessCall(Rows):
    """In which order parents are called as witnesses: receipts by ticket, from digits drawn in the hall."""

    __tablename__ = "class_witness_call"

    run_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("run.id"), primary_key=True)
    digits: Mapped[str]
    called: Mapped[list[Any]]
    called_at: Mapped[datetime]
    called_by: Mapped[uuid.UUID] = mapped_column(ForeignKey("account.id"))


class ClassMember(Numbered, Rows):
    """One pupil in one class of one run. Rows are made by the run and by the rule for late arrivals, never changed."""

    __tablename__ = "class_member"
    __table_args__ = (UniqueConstraint("run_id", "no"),)

    run_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("run.id"), index=True)
    application_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("application.id"), index=True)
    no: Mapped[str]
    number: Mapped[int]


class TeamDrawn(Numbered, Rows):
    """Which class a teachers' team drew, in the transaction that published the lists."""

    __tablename__ = "class_team_drawn"
    __table_args__ = (
        UniqueConstraint("run_id", "team", name="uq_class_team_drawn_team"),
        UniqueConstraint("run_id", "number", name="uq_class_team_drawn_number"),
    )

    run_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("run.id"))
    team: Mapped[str]
    number: Mapped[int]
    position: Mapped[int]
    ticket: Mapped[str]


class MoveProposal(PublicId, Rows):
    """A committee's move as its first official wrote it down; a second one decides."""

    __tablename__ = "class_move_proposal"

    run_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("run.id"), index=True)
    no: Mapped[str]
    to_class: Mapped[int]
    reason_sealed: Mapped[bytes]
    proposed_by: Mapped[uuid.UUID] = mapped_column(ForeignKey("account.id"))
    proposed_at: Mapped[datetime]


class ClassMove(Numbered, Rows):
    """One entry of the move ledger: who (by number), why (a code), from which class to which, decided by whom."""

    __tablename__ = "class_move"
    __table_args__ = (
        UniqueConstraint("run_id", "number"),
        CheckConstraint(f"code IN {MOVE_CODES}", name="code"),
        CheckConstraint("(code IN ('late-arrival', 'transfer-in')) = (from_class IS NULL)", name="from_class"),
        CheckConstraint("(code = 'transfer-out') = (to_class IS NULL)", name="to_class"),
        CheckConstraint("(code = 'committee') = (proposal_id IS NOT NULL)", name="proposal"),
    )

    run_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("run.id"))
    number: Mapped[int]
    no: Mapped[str]
    application_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("application.id"))
    code: Mapped[str]
    from_class: Mapped[int | None]
    to_class: Mapped[int | None]
    proposal_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("class_move_proposal.id"), unique=True)
    decided_by: Mapped[uuid.UUID] = mapped_column(ForeignKey("account.id"))
    decided_at: Mapped[datetime]


class ClassSignature(Numbered, Rows):
    """A guardian's signature under the child's line of the lists: the drawn strokes sealed, their hash in the open."""

    __tablename__ = "class_signature"
    __table_args__ = (UniqueConstraint("run_id", "application_id"),)

    run_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("run.id"))
    application_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("application.id"))
    account_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("account.id"))
    class_number: Mapped[int]
    output_sha256: Mapped[str]
    strokes_sealed: Mapped[bytes]
    strokes_sha256: Mapped[str]
    signed_at: Mapped[datetime]


for _table in (ClassPlan, WitnessCall, ClassMember, TeamDrawn, MoveProposal, ClassMove, ClassSignature):
    append_only(_table.__table__)  # type: ignore[arg-type]
event.listen(ClassMember.__table__, "after_create", DDL(AFTER_THE_SEED))  # type: ignore[no-untyped-call]
event.listen(
    ClassMember.__table__,
    "after_create",
    DDL(  # type: ignore[no-untyped-call]
        "CREATE TRIGGER class_member_after_the_seed BEFORE INSERT ON class_member "
        "FOR EACH ROW EXECUTE FUNCTION class_member_after_the_seed()"
    ),
)

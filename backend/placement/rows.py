"""Tables of placement: one row a child and run, proposals of committees and corrections."""

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from backend.foundation.database import Numbered, PublicId, Rows
from backend.foundation.ddl import append_only, transitions

STEPS = {
    "drawn": ("offered", "unplaced", "superseded"),
    "offered": ("confirmed", "declined", "lapsed", "superseded"),
    "unplaced": ("offered", "superseded"),
    "confirmed": ("declined", "superseded"),
    "declined": ("superseded",),
    "lapsed": ("superseded",),
    "superseded": (),
}
TRANSFER_STEPS = {"open": ("given", "refused", "withdrawn"), "given": (), "refused": (), "withdrawn": ()}


class PlacementRow(PublicId, Rows):
    """What a run (or a committee) decided for one application, with its reason; readers see it after the switch.

    `drawn` rows are not announced yet; before the switch nobody sees them. At most one row of an application holds a
    place, and a child has one live application (promises P2). `absent_at` is when the school reported that the child
    has not come, `kept_until` until when its place is kept for it all the same. `interview` is due, held or not-passed
    where the book lets a private junior school hold one beside its draw (D10); else None.
    """

    __tablename__ = "placement"
    __table_args__ = (
        CheckConstraint(f"state IN ({', '.join(repr(state) for state in STEPS)})", name="state"),
        Index(
            "uq_placement_place",
            "application_id",
            unique=True,
            postgresql_where=text("state IN ('offered', 'confirmed')"),
        ),
        Index("uq_placement_run_application", "run_id", "application_id", unique=True),
        Index("ix_placement_school", "school", "state"),
        CheckConstraint("interview IN ('due', 'held', 'not-passed')", name="interview"),
    )

    run_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("run.id"))
    proposal_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("proposal.id"))
    application_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("application.id"), index=True)
    child_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("child.id"))
    receipt: Mapped[str]
    school: Mapped[str | None]
    step: Mapped[str | None]
    position: Mapped[int | None]
    reason: Mapped[dict[str, Any]]
    state: Mapped[str] = mapped_column(default="drawn")
    confirm_by: Mapped[datetime | None]
    answered_at: Mapped[datetime | None]
    answered_by: Mapped[str | None]
    absent_at: Mapped[datetime | None]
    kept_until: Mapped[datetime | None]
    interview: Mapped[str | None]


class WhyCard(Rows):
    """What would have altered one row of a run (`rules.why_changes`), and the way up from it to the output's root.

    `leaf` counts the rows of the output from 0; `path` are the hashes beside the way, 32 bytes each, lowest first.
    """

    __tablename__ = "why_card"

    run_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("run.id"), primary_key=True)
    receipt: Mapped[str] = mapped_column(primary_key=True)
    changes: Mapped[list[Any]]
    leaf: Mapped[int]
    path: Mapped[bytes]


class Proposal(PublicId, Rows):
    """A committee's special case, or the correction of a released result: two officials, a reason, a public count.

    `objection_id` names the file that a correction mends, where it came from a confirmed fault (wishes 12); `transfer_id`
    is the request that a transfer answers.
    """

    __tablename__ = "proposal"
    __table_args__ = (
        CheckConstraint("kind IN ('special-case', 'correction', 'transfer')", name="kind"),
        CheckConstraint("approved_by IS NULL OR approved_by <> proposed_by", name="two_officials"),
    )

    kind: Mapped[str]
    banner: Mapped[str] = mapped_column(index=True)
    stage: Mapped[str]
    application_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("application.id"))
    school: Mapped[str]
    reason: Mapped[str]
    proposed_by: Mapped[uuid.UUID] = mapped_column(ForeignKey("account.id"))
    proposed_at: Mapped[datetime]
    approved_by: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("account.id"))
    approved_at: Mapped[datetime | None]
    objection_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("objection.id"), index=True)
    transfer_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("transfer_request.id"), index=True)


class TransferRequest(PublicId, Rows):
    """A family asks for another school with a free seat (D15): a receipt, a clock, one answer.

    `unit_code` is where the family lives now, where it has moved; `on_paper`: an official wrote it down for the family.
    """

    __tablename__ = "transfer_request"
    __table_args__ = (
        CheckConstraint(f"state IN ({', '.join(repr(state) for state in TRANSFER_STEPS)})", name="state"),
        CheckConstraint("(state = 'open') = (answered_at IS NULL)", name="answered"),
        Index("uq_transfer_request_open", "application_id", unique=True, postgresql_where=text("state = 'open'")),
        Index("ix_transfer_request_school", "school", "state"),
    )

    receipt: Mapped[str] = mapped_column(unique=True)
    banner: Mapped[str] = mapped_column(index=True)
    stage: Mapped[str]
    application_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("application.id"), index=True)
    school: Mapped[str]
    unit_code: Mapped[str | None]
    text_sealed: Mapped[bytes]
    state: Mapped[str] = mapped_column(default="open")
    on_paper: Mapped[bool] = mapped_column(default=False)
    asked_at: Mapped[datetime]
    asked_by: Mapped[uuid.UUID] = mapped_column(ForeignKey("account.id"))
    answer_by: Mapped[datetime]
    answer_sealed: Mapped[bytes | None]
    answered_at: Mapped[datetime | None]
    answered_by: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("account.id"))


class WaitingMove(Numbered, Rows):
    """One move of a school's waiting list: who was offered the seat that fell free, and when."""

    __tablename__ = "waiting_move"

    school: Mapped[str] = mapped_column(index=True)
    stage: Mapped[str]
    receipt: Mapped[str]
    moved_at: Mapped[datetime]


class PrivateWish(Rows):
    """The one private school for which a family is registered beside the public ones."""

    __tablename__ = "private_wish"

    application_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("application.id"), primary_key=True)
    school: Mapped[str] = mapped_column(index=True)
    wished_at: Mapped[datetime]


class Objection(PublicId, Rows):
    """A family's objection to its result, or a file found to be hit by the same fault (`origin`); one answer each."""

    __tablename__ = "objection"
    __table_args__ = (
        CheckConstraint("state IN ('filed', 'found', 'upheld', 'rejected')", name="state"),
        CheckConstraint("(state IN ('upheld', 'rejected')) = (answered_at IS NOT NULL)", name="answered"),
        Index("uq_objection_open", "application_id", unique=True, postgresql_where=text("state IN ('filed', 'found')")),
    )

    receipt: Mapped[str] = mapped_column(unique=True)
    banner: Mapped[str] = mapped_column(index=True)
    stage: Mapped[str]
    application_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("application.id"), index=True)
    state: Mapped[str]
    text_sealed: Mapped[bytes]
    filed_at: Mapped[datetime]
    filed_by: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("account.id"))
    answer_by: Mapped[datetime]
    answer_sealed: Mapped[bytes | None]
    answered_at: Mapped[datetime | None]
    answered_by: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("account.id"))
    fault: Mapped[str | None]
    origin: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("objection.id"))


class Filing(PublicId, Rows):
    """A stage's lists as they were filed with the bureau after the posting (备案, E28); `content` is public."""

    __tablename__ = "filing"
    __table_args__ = (UniqueConstraint("banner", "stage", "year", "number"),)

    banner: Mapped[str]
    stage: Mapped[str]
    year: Mapped[int]
    number: Mapped[int]
    posted_until: Mapped[datetime]
    content: Mapped[dict[str, Any]]
    filed_by: Mapped[uuid.UUID] = mapped_column(ForeignKey("account.id"))
    filed_at: Mapped[datetime]


append_only(Filing.__table__)  # type: ignore[arg-type]
append_only(WaitingMove.__table__)  # type: ignore[arg-type]
transitions(PlacementRow.__table__, "state", STEPS)  # type: ignore[arg-type]
transitions(TransferRequest.__table__, "state", TRANSFER_STEPS)  # type: ignore[arg-type]

"""Tables of publication: runs, their ceremonies, the checker's pass, approvals, the one switch, the ledger's entries."""

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, ForeignKeyConstraint, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from backend.foundation.database import Numbered, PublicId, Rows
from backend.foundation.ddl import append_only, transitions

STEPS = {
    "frozen": ("running", "withdrawn"),
    "running": ("checked", "failed", "frozen"),
    "failed": ("running", "withdrawn"),
    "checked": ("approved", "withdrawn"),
    "approved": ("published", "checked", "withdrawn"),
    "published": (),
    "withdrawn": (),
}


CEREMONY_STEPS = {
    "announced": ("revealing",),
    "revealing": ("waiting",),
    "waiting": ("concluded",),
    "concluded": (),
}


class Run(PublicId, Rows):
    """One decision: frozen input, output, and how far it is. Input and output are canonical JSON, compressed, and read
    only where they are asked for: of a whole city they are large.

    The frozen input has an empty seed: the seed is made in public afterwards (`ceremony`), from the witnesses' texts
    and the office's secret, to which the office is bound by `office_commitment` since the freezing (promises D8).
    `roster_root` is over salted leaves; the key of the salts is sealed, so that a family can be given its own proof.
    """

    __tablename__ = "run"
    __table_args__ = (
        CheckConstraint("kind IN ('placement', 'draw', 'classes', 'exam-admission')", name="kind"),
        UniqueConstraint("id", "check_id"),
        ForeignKeyConstraint(
            ["check_id", "id", "output_sha256"],
            ["passed_check.id", "passed_check.run_id", "passed_check.output_sha256"],
            name="fk_run_checked_output",
            use_alter=True,
        ),
        CheckConstraint("state NOT IN ('checked', 'approved', 'published') OR check_id IS NOT NULL", name="checked"),
        CheckConstraint(
            "kind <> 'classes' OR state <> 'withdrawn' OR ceremony IS NULL OR ceremony::text = 'null'",
            name="drawn_once",
        ),
    )

    kind: Mapped[str]
    scope: Mapped[str] = mapped_column(index=True)
    state: Mapped[str] = mapped_column(default="frozen")
    rows_count: Mapped[int]
    input_bytes: Mapped[bytes] = mapped_column(deferred=True)
    input_sha256: Mapped[str]
    book_sha256: Mapped[str]
    roster_root: Mapped[str]
    office_commitment: Mapped[str]
    office_sealed: Mapped[bytes]
    salt_sealed: Mapped[bytes]
    ceremony: Mapped[dict[str, Any] | None]
    output_bytes: Mapped[bytes | None] = mapped_column(deferred=True)
    output_sha256: Mapped[str | None]
    check_id: Mapped[int | None] = mapped_column(BigInteger)
    report: Mapped[dict[str, Any] | None]
    done_share: Mapped[int] = mapped_column(default=0)
    frozen_at: Mapped[datetime]
    frozen_by: Mapped[uuid.UUID]
    finished_at: Mapped[datetime | None]
    corrects: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("run.id"))
    correction_reason: Mapped[str | None]


class RunWithdrawal(PublicId, Rows):
    """Why a run that was frozen by mistake is given up before its release; after the seed it takes two officials."""

    __tablename__ = "run_withdrawal"
    __table_args__ = (CheckConstraint("agreed_by IS NULL OR agreed_by <> wanted_by", name="two_officials"),)

    run_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("run.id"), unique=True)
    reason: Mapped[str]
    wanted_by: Mapped[uuid.UUID] = mapped_column(ForeignKey("account.id"))
    wanted_at: Mapped[datetime]
    agreed_by: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("account.id"))
    withdrawn_at: Mapped[datetime | None]


class PassedCheck(Numbered, Rows):
    """The independent checker's pass for one run and one output; without it nothing can be published.

    A run names its pass together with its own id and output: an output changed after the check fits no pass (P5).
    """

    __tablename__ = "passed_check"
    __table_args__ = (UniqueConstraint("id", "run_id", "output_sha256"),)

    run_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("run.id"))
    output_sha256: Mapped[str]
    checked_at: Mapped[datetime]


class Approval(Numbered, Rows):
    """One official's word for one output; a second one must come from somebody else and for the same bytes."""

    __tablename__ = "approval"
    __table_args__ = (UniqueConstraint("run_id", "account_id"),)

    run_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("run.id"))
    account_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("account.id"))
    output_sha256: Mapped[str]
    at: Mapped[datetime]


class PublishedRun(Rows):
    """The one switch that all readers look at: which run is the result of a kind and scope. Needs a passed check."""

    __tablename__ = "published_run"
    __table_args__ = (ForeignKeyConstraint(["run_id", "check_id"], ["run.id", "run.check_id"]),)

    kind: Mapped[str] = mapped_column(primary_key=True)
    scope: Mapped[str] = mapped_column(primary_key=True)
    run_id: Mapped[uuid.UUID]
    check_id: Mapped[int]
    switched_at: Mapped[datetime]


class Ceremony(Rows):
    """The public ceremony by which the seed of a run comes about (promises D8), one a run.

    `announced`: witnesses and the public number of the future are named, witnesses commit. `revealing`: all
    commitments stand, nobody can commit any more, witnesses say their digits. `waiting`: everything is said, the
    public number is awaited. `concluded`: the seed is made.
    """

    __tablename__ = "ceremony"
    __table_args__ = (
        CheckConstraint(f"state IN ({', '.join(repr(state) for state in CEREMONY_STEPS)})", name="state"),
        CheckConstraint("(number_name IS NULL) = (number_fallback IS NULL)", name="fallback"),
        CheckConstraint("(number_name IS NULL) = (number_at IS NULL)", name="number_at"),
    )

    run_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("run.id"), primary_key=True)
    state: Mapped[str] = mapped_column(default="announced")
    number_name: Mapped[str | None]
    number_source: Mapped[str | None]
    number_at: Mapped[datetime | None]
    number_fallback: Mapped[str | None]
    number_text: Mapped[str | None]
    announced_at: Mapped[datetime]
    announced_by: Mapped[uuid.UUID] = mapped_column(ForeignKey("account.id"))
    committed_at: Mapped[datetime | None]
    revealed_at: Mapped[datetime | None]
    concluded_at: Mapped[datetime | None]


class Witness(PublicId, Rows):
    """One witness of a ceremony: what was committed to and when, what was said and when.

    `link_sealed` is the secret of the witness's own page. Who committed to nothing is dismissed before anybody
    speaks; who committed and says nothing stands in the seed by the fixed rule.
    """

    __tablename__ = "witness"
    __table_args__ = (
        UniqueConstraint("run_id", "place", name="uq_witness_place"),
        UniqueConstraint("run_id", "name", name="uq_witness_name"),
        CheckConstraint("said IS NULL OR commitment IS NOT NULL", name="committed_first"),
    )

    run_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("ceremony.run_id"), index=True)
    place: Mapped[int]
    name: Mapped[str]
    office: Mapped[str]
    link_sealed: Mapped[bytes]
    commitment: Mapped[str | None]
    committed_at: Mapped[datetime | None]
    committed_by: Mapped[str | None]
    said: Mapped[str | None]
    said_at: Mapped[datetime | None]
    dismissed_at: Mapped[datetime | None]


class StruckOut(Numbered, Rows):
    """A child that withdrew from a frozen list: it stays in the list, is struck out in public, and takes no seat."""

    __tablename__ = "struck_out"
    __table_args__ = (UniqueConstraint("run_id", "number"),)

    run_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("run.id"))
    number: Mapped[str]
    row: Mapped[int]
    reason: Mapped[str]
    struck_at: Mapped[datetime]
    struck_by: Mapped[uuid.UUID] = mapped_column(ForeignKey("account.id"))


class LedgerEntry(PublicId, Rows):
    """One decision in a season's ledger, written in the transaction that publishes it and never changed.

    `entry` is the decision's entry in the manifest, `shown` its public files as texts by name. The rows of a run stay
    with the run; those of a statement, with the key of their salts, are sealed in `statement_sealed`. `cause` is what
    was published: `run/…`, `proposal/…`, `rule-book/…`; it enters once.
    """

    __tablename__ = "ledger_entry"
    __table_args__ = (UniqueConstraint("season", "number"), CheckConstraint("number > 0", name="number"))

    season: Mapped[str]
    number: Mapped[int]
    cause: Mapped[str] = mapped_column(unique=True)
    run_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("run.id"), unique=True)
    entry: Mapped[dict[str, Any]]
    hash: Mapped[str]
    shown: Mapped[dict[str, Any]]
    statement_sealed: Mapped[bytes | None]
    entered_at: Mapped[datetime]


transitions(Run.__table__, "state", STEPS)  # type: ignore[arg-type]
transitions(Ceremony.__table__, "state", CEREMONY_STEPS)  # type: ignore[arg-type]
append_only(StruckOut.__table__)  # type: ignore[arg-type]
append_only(PassedCheck.__table__)  # type: ignore[arg-type]
append_only(Approval.__table__)  # type: ignore[arg-type]
append_only(LedgerEntry.__table__)  # type: ignore[arg-type]

"""Tables of the choices: what each candidate holds, every change ever judged, standing orders, closings."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from backend.foundation.database import Numbered, Rows
from backend.foundation.ddl import append_only


class ExamChoice(Rows):
    """What a candidate holds in a session: one unit or none. Made when the session is listed, one row a candidate.

    `version` counts the accepted changes; `judged_at` is the arrival of the last wish that was judged by what was
    held. `locked_by` is the unit of an earlier category that has admitted the candidate (category chain, T-1.6).

    What changes stands in no index, and every page keeps room: a change rewrites its row in place, however many come. An
    index of units would also lead the planner, while statistics are old, through everybody's choice for every batch.
    """

    __tablename__ = "exam_choice"
    __table_args__ = (
        Index("ix_exam_choice_candidate", "candidate_id"),
        {"postgresql_with": {"fillfactor": 70}},
    )

    session_id: Mapped[int] = mapped_column(ForeignKey("exam_session.id"), primary_key=True)
    candidate_id: Mapped[int] = mapped_column(ForeignKey("exam_candidate.id"), primary_key=True)
    band_id: Mapped[int | None] = mapped_column(ForeignKey("exam_band.id"))
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("exam_unit.id"))
    version: Mapped[int] = mapped_column(default=0)
    changed_at: Mapped[datetime | None]
    judged_at: Mapped[datetime | None]
    locked_by: Mapped[int | None] = mapped_column(ForeignKey("exam_unit.id"))


class ExamChange(Numbered, Rows):
    """One judged wish: accepted where `refused` is null. Never changed; in the order of (arrived_at, id) it replays.

    `version` is the candidate's version after an accepted change. `written_in` is the transaction: rows below
    `pg_snapshot_xmin(pg_current_snapshot())` can no longer be joined by an older one, so a follower misses nothing. Its
    index is the only one of accepted changes that a session leads: while the statistics are old, the planner would take
    any other as well and read the whole log for every batch. A candidate's own changes are found by that of his request
    keys: each further index is a page somewhere else for every change.
    """

    __tablename__ = "exam_change"
    __table_args__ = (
        ForeignKeyConstraint(["session_id", "candidate_id"], ["exam_choice.session_id", "exam_choice.candidate_id"]),
        Index("ix_exam_change_session", "session_id", "id"),
        Index("ix_exam_change_written", "session_id", "written_in", postgresql_where=text("refused IS NULL")),
        Index(
            "uq_exam_change_version",
            "candidate_id",
            "session_id",
            "version",
            unique=True,
            postgresql_where=text("refused IS NULL"),
        ),
        Index("uq_exam_change_key", "candidate_id", "request_key", unique=True),
        CheckConstraint("action IN ('choose', 'clear')", name="action"),
        CheckConstraint("source IN ('candidate', 'standing-order')", name="source"),
    )

    session_id: Mapped[int] = mapped_column(BigInteger)
    candidate_id: Mapped[int] = mapped_column(BigInteger)
    arrived_at: Mapped[datetime]
    action: Mapped[str]
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("exam_unit.id"))
    before_unit_id: Mapped[int | None] = mapped_column(ForeignKey("exam_unit.id"))
    refused: Mapped[str | None]
    version: Mapped[int]
    source: Mapped[str]
    device: Mapped[bytes | None]
    login_id: Mapped[int | None] = mapped_column(ForeignKey("candidate_login.id"))
    request_key: Mapped[str | None]
    kept_at: Mapped[datetime]
    written_in: Mapped[int] = mapped_column(BigInteger, server_default=text("(pg_current_xact_id()::text)::bigint"))


class ExamClosing(Numbered, Rows):
    """The closing event of a band: how many hold what, hashed, and the last change that was in. One a band."""

    __tablename__ = "exam_closing"

    band_id: Mapped[int] = mapped_column(ForeignKey("exam_band.id"), unique=True)
    closed_at: Mapped[datetime]
    holders: Mapped[int]
    changes: Mapped[int]
    last_change_id: Mapped[int] = mapped_column(BigInteger)
    frozen_sha256: Mapped[str]
    root: Mapped[str]


class StandingOrder(Numbered, Rows):
    """托管志愿: an ordered list of unit ids that the system moves a candidate along, from `given_at` until `ended_at`."""

    __tablename__ = "standing_order"
    __table_args__ = (
        Index(
            "uq_standing_order_live",
            "session_id",
            "candidate_id",
            unique=True,
            postgresql_where=text("ended_at IS NULL"),
        ),
    )

    session_id: Mapped[int] = mapped_column(ForeignKey("exam_session.id"))
    candidate_id: Mapped[int] = mapped_column(ForeignKey("exam_candidate.id"), index=True)
    units: Mapped[list[Any]]
    given_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


append_only(ExamChange.__table__)  # type: ignore[arg-type]
append_only(ExamClosing.__table__)  # type: ignore[arg-type]

"""Work that may wait. PostgreSQL decides what there is to do; RQ only rings the bell (promises, part 1).

A task is put in the same transaction as its cause. A worker claims it with a lease and a fence; effect and completion
are one transaction guarded by the fence, so that a killed worker loses nothing and a zombie doubles nothing.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Index, case, func, select, text, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Mapped, mapped_column

from backend.foundation import clock
from backend.foundation.bell import ring
from backend.foundation.database import Numbered, Rows, db
from backend.foundation.task_kinds import KINDS
from backend.foundation.unit_of_work import after_commit, unit_of_work

FIRST_PAUSE = 2
LONGEST_PAUSE = 300


class Task(Numbered, Rows):
    """One piece of work: done once `done_at` stands, given up (and alarmed) once `gave_up_at` stands."""

    __tablename__ = "task"
    __table_args__ = (
        Index("ix_task_open", "queue", "due_at", postgresql_where=text("done_at IS NULL AND gave_up_at IS NULL")),
    )

    kind: Mapped[str]
    queue: Mapped[str]
    dedupe_key: Mapped[str] = mapped_column(unique=True)
    payload: Mapped[dict[str, Any]]
    put_at: Mapped[datetime]
    due_at: Mapped[datetime]
    fence: Mapped[int] = mapped_column(default=0)
    lease_until: Mapped[datetime | None]
    attempts: Mapped[int] = mapped_column(default=0)
    last_fault: Mapped[str | None]
    done_at: Mapped[datetime | None]
    gave_up_at: Mapped[datetime | None]


class ClaimLost(Exception):
    """Another worker took the task over while this one was away; whatever this one did is rolled back."""


@dataclass(frozen=True)
class Claim:
    """One attempt at one task; only the newest fence may finish it."""

    task_id: int
    kind: str
    payload: dict[str, Any]
    fence: int
    attempts: int

    @contextmanager
    def finishing(self) -> Iterator[None]:
        """A transaction that makes the effect inside and the task's completion true together."""
        with unit_of_work():
            yield
            self.complete()

    def complete(self) -> None:
        """Mark the task done in the present transaction. Raises ClaimLost where the fence has moved on."""
        done = db.session.execute(
            update(Task)
            .where(Task.id == self.task_id, Task.fence == self.fence, Task.done_at.is_(None))
            .values(done_at=clock.now(), lease_until=None)
        )
        if done.rowcount != 1:  # type: ignore[attr-defined]
            raise ClaimLost


def put_task(kind: str, key: str, payload: dict[str, Any], due_at: datetime | None = None) -> None:
    """Put work into the present transaction; the same kind and key is put once for ever.

    `payload` holds ids only, never a person's data. `due_at` in the future makes it a deadline.
    """
    moment = clock.now()
    db.session.flush()
    db.session.execute(
        insert(Task)
        .values(
            kind=kind,
            queue=KINDS[kind].queue,
            dedupe_key=f"{kind}/{key}",
            payload=payload,
            put_at=moment,
            due_at=due_at or moment,
            fence=0,
            attempts=0,
        )
        .on_conflict_do_nothing(index_elements=["dedupe_key"])
    )
    if due_at is None or due_at <= moment:
        after_commit(lambda: ring(KINDS[kind].queue))


def claim_task(queue: str) -> Claim | None:
    """Take the oldest due task of the queue that nobody holds, or None: one statement, one commit."""
    free = (
        select(Task.id)
        .where(
            Task.queue == queue,
            Task.done_at.is_(None),
            Task.gave_up_at.is_(None),
            Task.due_at <= clock.now(),
            Task.lease_until.is_(None) | (Task.lease_until < func.clock_timestamp()),
        )
        .order_by(Task.due_at, Task.id)
        .limit(1)
        .with_for_update(skip_locked=True)
        .scalar_subquery()
    )
    lease = case({kind: policy.lease_seconds for kind, policy in KINDS.items()}, value=Task.kind)
    taking = (
        update(Task)
        .where(Task.id == free)
        .values(
            fence=Task.fence + 1,
            attempts=Task.attempts + 1,
            lease_until=func.clock_timestamp() + lease * text("interval '1 second'"),
        )
        .returning(Task.id, Task.kind, Task.payload, Task.fence, Task.attempts)
        .execution_options(synchronize_session=False)
    )
    with unit_of_work():
        row = db.session.execute(taking).one_or_none()
    return Claim(row.id, row.kind, row.payload, row.fence, row.attempts) if row else None


def postpone(claim: Claim, fault: str) -> bool:
    """After a failed attempt: due again later, or given up after the kind's tries; true where it was given up."""
    gave_up = claim.attempts >= KINDS[claim.kind].tries
    pause = min(FIRST_PAUSE * 2 ** (claim.attempts - 1), LONGEST_PAUSE)
    with unit_of_work():
        db.session.execute(
            update(Task)
            .where(Task.id == claim.task_id, Task.fence == claim.fence, Task.done_at.is_(None))
            .values(
                lease_until=None,
                last_fault=fault[:500],
                due_at=clock.now() + timedelta(seconds=pause),
                gave_up_at=clock.now() if gave_up else None,
            )
        )
    return gave_up


def put_off(claim: Claim, until: datetime) -> None:
    """The task has to wait for its turn (a closed or busy line): due again at `until`, and the attempt counts as none."""
    with unit_of_work():
        db.session.execute(
            update(Task)
            .where(Task.id == claim.task_id, Task.fence == claim.fence, Task.done_at.is_(None))
            .values(lease_until=None, due_at=until, attempts=Task.attempts - 1)
        )


def queues_with_due_tasks() -> list[str]:
    """The queues that have work nobody holds: what the sweeper rings for."""
    found = db.session.execute(
        select(Task.queue)
        .where(
            Task.done_at.is_(None),
            Task.gave_up_at.is_(None),
            Task.due_at <= clock.now(),
            Task.lease_until.is_(None) | (Task.lease_until < func.clock_timestamp()),
        )
        .distinct()
    )
    return sorted(found.scalars())


def oldest_due_task() -> timedelta:
    """How long the oldest due, undone task has waited; zero where none waits."""
    oldest = db.session.execute(
        select(func.min(Task.due_at)).where(
            Task.done_at.is_(None), Task.gave_up_at.is_(None), Task.due_at <= clock.now()
        )
    ).scalar_one_or_none()
    return clock.now() - oldest if oldest else timedelta()

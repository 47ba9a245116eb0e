"""A lease that is renewed while its worker lives: long work is taken over within seconds of a kill, never before."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from sqlalchemy import func, update
from sqlalchemy.engine import Engine

from backend.foundation.database import db
from backend.foundation.logging import log
from backend.foundation.task_kinds import KINDS
from backend.foundation.tasks import Claim, Task


@contextmanager
def renewed(claim: Claim) -> Iterator[None]:
    """Keep the claim's lease alive, by a connection of its own, for as long as the block runs.

    A process that is killed or frozen renews nothing: its task is free after the kind's `lease_seconds`.
    """
    over = threading.Event()
    keeper = threading.Thread(target=_renew, args=(db.engine, claim, over), daemon=True)
    keeper.start()
    try:
        yield
    finally:
        over.set()
        keeper.join()


def _renew(engine: Engine, claim: Claim, over: threading.Event) -> None:
    lease = KINDS[claim.kind].lease_seconds
    alive = (
        update(Task)
        .where(Task.id == claim.task_id, Task.fence == claim.fence, Task.done_at.is_(None))
        .values(lease_until=func.clock_timestamp() + timedelta(seconds=lease))
        .execution_options(synchronize_session=False)
    )
    while not over.wait(lease / 3):
        try:
            with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
                connection.execute(alive)
        except Exception as fault:  # noqa: BLE001  # the next turn tries again; the fence guards the effect
            log(__name__).warning("lease-not-renewed", task=claim.task_id, fault=type(fault).__name__)

"""What the bell starts: do the queue's due tasks, one transaction each, until none is left."""

import os
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext

from backend.app import create_app
from backend.foundation.doors import Application
from backend.foundation.leases import renewed
from backend.foundation.logging import log, principal, request_id
from backend.foundation.task_kinds import KINDS
from backend.foundation.tasks import Claim, ClaimLost, claim_task, postpone
from backend.settings import read_settings
from jobs.handlers import handler_of

THREADS = {"pictures": 2, "checks": 3}
"""Queues whose work waits for others most of its time (the sandbox and the disk; departments): so many do it at once.

Claims keep the threads apart. Rows are held in one order: the application first, several in the order of their ids.
"""
_built: list[Application] = []


def application() -> Application:
    """The app of this worker process, assembled at the first bell, so that no connection crosses a fork."""
    if not _built:
        _built.append(create_app(read_settings(os.environ)))
    return _built[0]


def run_tasks(queue: str) -> int:
    """Do every due task of the queue; the number done. Runs as often as the bell rings: what is done stays done."""
    app, count = application(), THREADS.get(queue, 1)

    def work() -> int:
        with app.app_context():
            return drain(queue)

    if count == 1:
        return work()
    with ThreadPoolExecutor(count) as threads:
        return sum(job.result() for job in [threads.submit(work) for _ in range(count)])


def drain(queue: str, most: int = 10_000) -> int:
    """Do due tasks of the queue inside the present app, at most `most`; the number done."""
    done = 0
    while done < most and (claim := claim_task(queue)) is not None:
        done += do_task(claim)
    return done


def do_task(claim: Claim) -> bool:
    """One attempt at one task; true where it was done. A failure is written down and tried again later."""
    request_id.set(f"task-{claim.task_id}-{claim.fence}")
    principal.set(f"task:{claim.kind}")
    handler = handler_of(claim)
    try:
        if KINDS[claim.kind].foreign:
            handler(claim, **claim.payload)
        else:
            with renewed(claim) if KINDS[claim.kind].renewed else nullcontext(), claim.finishing():
                handler(**claim.payload)
    except ClaimLost:
        log(__name__).warning("claim-lost", task=claim.task_id, kind=claim.kind)
        return False
    except Exception as fault:  # noqa: BLE001  # whatever went wrong, the task must be tried again or given up aloud
        gave_up = postpone(claim, f"{type(fault).__name__}: {fault}")
        level = "error" if gave_up else "warning"
        getattr(log(__name__), level)(
            "task-failed", task=claim.task_id, kind=claim.kind, gave_up=gave_up, exc_info=True
        )
        return False
    return True

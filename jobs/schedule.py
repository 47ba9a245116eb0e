"""The sweeper: rings every few seconds for what should have been done, and speaks up when work waits too long."""

import os
import signal
import threading
from datetime import timedelta

from backend.app import create_app
from backend.foundation.bell import ring
from backend.foundation.logging import log
from backend.foundation.tasks import oldest_due_task, queues_with_due_tasks
from backend.foundation.unit_of_work import reading
from backend.settings import read_settings

EVERY = 2.0
ALARM = timedelta(seconds=60)


def sweep() -> None:
    """One round: ring for every queue with due work that nobody holds."""
    with reading():
        for queue in queues_with_due_tasks():
            ring(queue)
        waited = oldest_due_task()
    if waited > ALARM:
        log(__name__).error("oldest-task-waits", seconds=int(waited.total_seconds()))


def main() -> None:
    """Sweep until told to stop; a round that fails is told and followed by the next."""
    app = create_app(read_settings(os.environ))
    stopped = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stopped.set())
    signal.signal(signal.SIGINT, lambda *_: stopped.set())
    while not stopped.wait(EVERY):
        try:
            with app.app_context():
                sweep()
        except Exception:  # noqa: BLE001  # the sweeper outlives any outage of what it looks at
            log(__name__).warning("sweep-failed", exc_info=True)


if __name__ == "__main__":
    main()

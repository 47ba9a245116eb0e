"""One RQ worker on one queue: `python -m jobs.worker QUEUE`; a keeper starts it again whenever it dies."""

import os
import signal
import subprocess
import sys
import time
from types import FrameType

PAUSE = 0.5


def work(queue: str) -> None:
    """Work on bells of the queue until told to stop. The app lives as long as this process."""
    import redis  # noqa: PLC0415  # the keeper needs none of this
    from rq import Queue, SimpleWorker  # noqa: PLC0415
    from rq.serializers import JSONSerializer  # noqa: PLC0415

    from backend.foundation.logging import write_structured_logs  # noqa: PLC0415

    write_structured_logs()
    connection = redis.Redis.from_url(os.environ["REDIS_URL"])
    line = Queue(queue, connection=connection, serializer=JSONSerializer)
    worker = SimpleWorker([line], connection=connection, serializer=JSONSerializer, maintenance_interval=30)
    worker.work(with_scheduler=False, logging_level="WARNING")


def keep(queue: str) -> None:
    """Run the worker as a child and start it again when it dies, until this keeper is told to stop."""
    stopping = False
    child: subprocess.Popen[bytes] | None = None

    def stop(_signal: int, _frame: FrameType | None) -> None:
        nonlocal stopping
        stopping = True
        if child is not None:
            child.terminate()

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    while not stopping:
        child = subprocess.Popen([sys.executable, "-m", "jobs.worker", queue, "--once"])
        child.wait()
        if not stopping:
            sys.stderr.write(f"worker of {queue} ended with {child.returncode}, starting it again\n")
            time.sleep(PAUSE)


if __name__ == "__main__":
    (work if "--once" in sys.argv else keep)(sys.argv[1])

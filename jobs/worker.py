"""One RQ worker on one queue: `python -m jobs.worker QUEUE`; a keeper starts it again whenever it dies."""

import os
import sys

from backend.foundation.keeper import keep


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


if __name__ == "__main__":
    if "--once" in sys.argv:
        work(sys.argv[1])
    else:
        keep([sys.executable, "-m", "jobs.worker", sys.argv[1], "--once"])

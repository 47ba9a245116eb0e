"""The bell: one RQ job that tells a worker to look into the database. A lost bell costs latency, never work."""

import redis
from flask import current_app
from rq import Queue
from rq.serializers import JSONSerializer

from backend.foundation.logging import log

RUN = "jobs.run_tasks.run_tasks"
ENOUGH = 4
RESULT_LIVES = 0
FAULT_LIVES = 600


def hang_bell(address: str) -> redis.Redis:
    """The connection that bells are rung on; it connects at the first ring."""
    return redis.Redis.from_url(address, socket_timeout=2, socket_connect_timeout=2)


def ring(queue: str) -> None:
    """Wake a worker of `queue`. Where enough bells hang unheard already, or Redis is away, nothing is rung."""
    try:
        line = Queue(queue, connection=current_app.extensions["bell"], serializer=JSONSerializer)
        if line.count < ENOUGH:
            line.enqueue(RUN, queue, result_ttl=RESULT_LIVES, failure_ttl=FAULT_LIVES, job_timeout=3600)
    except redis.RedisError as error:
        log(__name__).warning("bell-not-heard", queue=queue, fault=str(error))

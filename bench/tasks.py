"""Tasks a second through the database's queue with lease and fence, beside RQ alone and beside one bare commit a task."""

import os
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import psycopg
import redis
from rq import Queue, SimpleWorker
from rq.serializers import JSONSerializer

from backend.app import create_app
from backend.foundation.audit import record
from backend.foundation.database import db
from backend.foundation.task_kinds import KINDS, TaskKind
from backend.foundation.tasks import Claim, put_task
from backend.foundation.unit_of_work import unit_of_work
from backend.settings import read_settings
from jobs import run_tasks
from sunroll.embedded import database, make_keys, postgresql, valkey
from tests.conftest import environ_for_tests

COUNT = 1000
KIND = "bench-line"


def nothing() -> None:
    """What a job of RQ alone does here."""


def measure() -> str:
    """A table: tasks a second, and the ratio to the floor."""
    folder = Path(tempfile.mkdtemp(prefix="sunroll-bench-"))
    with postgresql(folder / "postgresql") as server, valkey(folder / "valkey") as bell:
        make_keys(folder / "keys.json")
        address = database(server, "bench")
        environ = {**os.environ, **environ_for_tests(address, bell, folder)}
        rows = [
            ("one bare INSERT and COMMIT a task (the floor)", _rate(lambda: _bare(address))),
            ("ours: claim with lease, effect and completion in one fenced transaction", _ours(environ)),
            ("RQ alone (SimpleWorker): no effect, nothing kept if the worker dies", _rq(bell)),
        ]
    floor = rows[0][1]
    lines = [f"| {name} | {rate:,.0f} | {rate / floor:.2f} |" for name, rate in rows]
    head = f"# {COUNT} small tasks, one worker\n\n| way | tasks a second | ratio to the floor |\n|---|---:|---:|\n"
    return head + "\n".join(lines) + "\n"


def _rate(work: Callable[[], None]) -> float:
    began = time.perf_counter()
    work()
    return COUNT / (time.perf_counter() - began)


def _bare(address: str) -> None:
    with psycopg.connect(address) as connection:
        connection.execute("CREATE TABLE line (id int)")
        for number in range(COUNT):
            connection.execute("INSERT INTO line VALUES (%s)", (number,))
            connection.commit()


def _ours(environ: dict[str, str]) -> float:
    KINDS[KIND] = TaskKind("decisions", lease_seconds=60, tries=3)
    run_tasks.handler_of = _handler_of
    app = create_app(read_settings(environ))
    with app.app_context():
        db.create_all()
        with unit_of_work():
            for number in range(COUNT):
                put_task(KIND, str(number), {"line": str(number)})
        rate = _rate(lambda: run_tasks.drain("decisions") and None)
        db.session.remove()
        db.engine.dispose()
    del KINDS[KIND]
    return rate


def _handler_of(_claim: Claim) -> Callable[..., None]:
    return lambda line: record("line", "bench", line)


def _rq(bell: str) -> float:
    connection = redis.Redis.from_url(bell)
    line = Queue("bench", connection=connection, serializer=JSONSerializer)
    for _ in range(COUNT):
        line.enqueue("bench.tasks.nothing")
    worker = SimpleWorker([line], connection=connection, serializer=JSONSerializer)
    return _rate(lambda: worker.work(burst=True, logging_level="ERROR") and None)

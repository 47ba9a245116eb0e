"""Tasks are done once, whatever happens to the worker: claims, leases, fences, retries (promises part 1, P8)."""

import threading
import time
from collections.abc import Iterator
from contextlib import nullcontext
from datetime import datetime, timedelta

import pytest
from sqlalchemy import func, select, text

from backend.foundation import clock
from backend.foundation.audit import AuditRow, record
from backend.foundation.database import db
from backend.foundation.doors import Application
from backend.foundation.leases import renewed
from backend.foundation.task_kinds import KINDS, TaskKind
from backend.foundation.tasks import Task, claim_task, oldest_due_task, put_task, queues_with_due_tasks
from backend.foundation.unit_of_work import unit_of_work
from jobs import run_tasks as runner
from tests.database_of_its_own import own_app

KIND = "write-line"


@pytest.fixture
def lines(services, request, monkeypatch) -> Iterator[Application]:
    """An app with one kind of task: it writes an audit row named by its payload."""
    monkeypatch.setitem(KINDS, KIND, TaskKind("decisions", lease_seconds=60, tries=3))
    monkeypatch.setattr(runner, "handler_of", lambda claim: lambda line: record("line", "test", line))
    with own_app(services, request.node.name.replace("[", "_").replace("]", "")[:50]) as (app, _), app.app_context():
        yield app


def written() -> list[str]:
    rows = db.session.execute(select(AuditRow.object_id).where(AuditRow.action == "line").order_by(AuditRow.id))
    found = list(rows.scalars())
    db.session.rollback()
    return found


def put(line: str, due_at: datetime | None = None) -> None:
    with unit_of_work():
        put_task(KIND, line, {"line": line}, due_at)


def test_a_task_is_done_once(lines) -> None:
    put("a")
    put("a")
    assert runner.drain("decisions") == 1
    assert runner.drain("decisions") == 0
    assert written() == ["a"]


def test_a_task_of_a_rolled_back_cause_never_was(lines) -> None:
    def cause() -> None:
        with unit_of_work():
            put_task(KIND, "a", {"line": "a"})
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        cause()
    assert runner.drain("decisions") == 0


def test_a_deadline_waits_for_its_time(lines) -> None:
    put("later", due_at=clock.now() + timedelta(hours=1))
    assert runner.drain("decisions") == 0
    with unit_of_work():
        clock.move(3601)
    assert runner.drain("decisions") == 1


def test_a_worker_killed_before_its_commit_loses_nothing(lines) -> None:
    """The lease of the dead worker runs out; the next one does the task."""
    put("a")
    claim_task("decisions")
    assert runner.drain("decisions") == 0
    with unit_of_work():
        db.session.execute(text("UPDATE task SET lease_until = clock_timestamp() - interval '1 second'"))
    assert queues_with_due_tasks() == ["decisions"]
    assert runner.drain("decisions") == 1
    assert written() == ["a"]


def test_a_zombie_that_wakes_after_its_lease_doubles_nothing(lines) -> None:
    put("a")
    zombie = claim_task("decisions")
    with unit_of_work():
        db.session.execute(text("UPDATE task SET lease_until = clock_timestamp() - interval '1 second'"))
    runner.drain("decisions")
    assert runner.do_task(zombie) is False
    assert written() == ["a"]


def test_without_the_fence_a_zombie_would_double(lines, monkeypatch) -> None:
    """Negative control: the same story with the guard of the completion taken away writes twice."""
    monkeypatch.setattr("backend.foundation.tasks.Claim.complete", lambda claim: None)
    put("a")
    zombie = claim_task("decisions")
    with unit_of_work():
        db.session.execute(text("UPDATE task SET lease_until = clock_timestamp() - interval '1 second'"))
    runner.drain("decisions", most=1)
    runner.do_task(zombie)
    assert written() == ["a", "a"]


@pytest.mark.parametrize("lives", [True, False])
def test_long_work_is_left_to_its_worker_while_that_one_lives(lines, monkeypatch, lives) -> None:
    """The lease of a renewed kind is prolonged while its block runs, and runs out by itself where nobody renews it."""
    monkeypatch.setitem(KINDS, KIND, TaskKind("decisions", lease_seconds=1, tries=3, renewed=True))
    put("a")
    claim = claim_task("decisions")
    until = db.session.execute(select(Task.lease_until)).scalar_one()
    db.session.rollback()
    with renewed(claim) if lives else nullcontext():
        time.sleep(1.2)
        assert queues_with_due_tasks() == ([] if lives else ["decisions"])
        db.session.rollback()
    assert (db.session.execute(select(Task.lease_until)).scalar_one() > until) is lives


def test_a_failing_task_is_tried_again_and_at_last_given_up_aloud(lines, monkeypatch) -> None:
    def fail(line: str) -> None:
        record("line", "test", line)
        raise ConnectionError("away")

    monkeypatch.setattr(runner, "handler_of", lambda claim: fail)
    put("a")
    for _ in range(5):
        runner.drain("decisions")
        with unit_of_work():
            clock.move(400)
    task = db.session.execute(select(Task)).scalar_one()
    assert (task.attempts, task.gave_up_at is not None, task.last_fault) == (3, True, "ConnectionError: away")
    assert written() == []


def test_many_workers_share_the_work_without_doubling(lines) -> None:
    names = [f"line-{number}" for number in range(60)]
    for name in names:
        put(name)

    def work() -> None:
        with lines.app_context():
            runner.drain("decisions")
            db.session.remove()

    workers = [threading.Thread(target=work) for _ in range(6)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert sorted(written()) == sorted(names)


def test_waiting_work_is_seen(lines) -> None:
    put("a")
    with unit_of_work():
        clock.move(120)
    assert oldest_due_task() > timedelta(seconds=100)
    open_tasks = db.session.execute(select(func.count()).select_from(Task)).scalar_one()
    assert open_tasks == 1

"""Several workers and officials at the same households at once: everybody waits for somebody in one order, nobody for ever."""

import threading
import uuid
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from backend.enrolment.rows import Application
from backend.foundation import clock
from backend.foundation.database import db
from backend.foundation.tasks import Task
from backend.foundation.unit_of_work import reading, unit_of_work
from backend.verification import pick_up_batches
from backend.verification.decide_case import _locked
from backend.verification.gateways.exchange import DepartmentUnavailable
from backend.verification.keep_answer import keep_answer
from backend.verification.rows import Case, Check
from backend.verification.rules.batches import BatchAnswer
from jobs.run_tasks import drain
from tests.database_of_its_own import own_app
from tests.journey_builders import STARTS, Season, stand_at
from tests.journey_city import family, sheets_for
from tests.placement_builders import bureau

BANNER, TOWN = "150603", "150603001"
BORN = date(2019, 10, 2)
TOGETHER_S = 1.5
"""Longer than PostgreSQL takes to see that two wait for each other (deadlock_timeout, one second)."""


@pytest.fixture(scope="module")
def season(services: dict[str, str]) -> Iterator[Season]:
    """A season in a database of its own, in which several sessions commit."""
    with own_app(services, "side_by_side") as (app, _), app.app_context():
        stand_at(STARTS)
        season = Season(app, BANNER, "kangbashi-2020", "康巴什区")
        season.publish(sheets_for(BANNER, TOWN, (40, 40)), STARTS, STARTS + timedelta(days=9))
        yield season


def at_once(app: Any, *works: Callable[[], object]) -> list[BaseException]:
    """Let each work run in a thread and a session of its own; what went wrong."""
    faults: list[BaseException] = []

    def run(work: Callable[[], object]) -> None:
        with app.app_context():
            try:
                work()
            except BaseException as fault:  # noqa: BLE001  # told to the test, which fails with it
                faults.append(fault)
            finally:
                db.session.remove()

    threads = [threading.Thread(target=run, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return faults


def asked_but_silent(season: Season, count: int) -> list[Application]:
    """Applications whose questions to the police are open."""
    season.exchange.away["police"] = DepartmentUnavailable("503")
    told = [season.apply(family(f"{TOWN}001", BORN)) for _ in range(count)]
    season.exchange.away.clear()
    receipts = [each.receipt for each in told]
    wanted = select(Application).where(Application.receipt.in_(receipts)).order_by(Application.id)
    return list(db.session.execute(wanted).scalars())


def open_check(application_id: uuid.UUID, item: str) -> str:
    return str(
        db.session.execute(
            select(Check.id).where(
                Check.application_id == application_id, Check.item == item, Check.answered_at.is_(None)
            )
        ).scalar_one()
    )


def test_two_files_about_the_same_households_in_opposite_order(season: Season, monkeypatch: pytest.MonkeyPatch) -> None:
    """Six threads of the checks worker once waited for each other here: each held one household and wanted the other."""
    first, second = (each.id for each in asked_but_silent(season, 2))
    record = {"name": "不同"}
    answers = [
        [BatchAnswer(open_check(each, item), record, "演练", "2027-05-20") for each in order]
        for item, order in (("population", (first, second)), ("household_relation", (second, first)))
    ]
    db.session.rollback()
    met = threading.Barrier(2)

    def kept(*told: Any) -> None:
        keep_answer(*told)
        with suppress(threading.BrokenBarrierError):
            met.wait(TOGETHER_S)

    monkeypatch.setattr(pick_up_batches, "keep_answer", kept)

    def pick_up(part: list[BatchAnswer]) -> None:
        with unit_of_work():
            pick_up_batches._keep(part, "a-file")

    assert at_once(season.app, lambda: pick_up(answers[0]), lambda: pick_up(answers[1])) == []
    with reading():
        left = select(func.count()).where(
            Check.answered_at.is_(None), Check.item.in_(["population", "household_relation"])
        )
        assert db.session.execute(left).scalar_one() == 0


def test_an_official_decides_while_a_late_answer_looks_at_the_same_case(season: Season) -> None:
    """Both hold the application first and the case afterwards."""
    told = family(f"{TOWN}001", BORN)
    told.form["household_number"] = "HK-MISTYPED"
    season.apply(told)
    for _ in range(6):  # the line to a department that was away a moment ago opens again slowly
        stand_at(clock.now() + timedelta(minutes=10))
        season.work()
    with reading():
        case_id, application_id = db.session.execute(
            select(Case.id, Case.application_id).join(Application).where(Application.receipt == told.receipt)
        ).one()
    holds, actor = threading.Event(), bureau(BANNER)

    def judge() -> None:
        with unit_of_work():
            db.session.get_one(Application, application_id, with_for_update=True)
            holds.set()
            threading.Event().wait(0.3)
            db.session.execute(select(Case).where(Case.id == case_id).with_for_update()).scalar_one()

    def official() -> None:
        holds.wait(10)
        with unit_of_work():
            case, application = _locked(actor, case_id)
            assert (case.id, application.id) == (case_id, application_id)

    assert at_once(season.app, judge, official) == []


def test_three_workers_answer_and_judge_the_same_households_and_nothing_waits_for_ever(season: Season) -> None:
    """Domain 2.11: what came back after an outage is asked and judged by several threads; no task fails on the way."""
    applications = [each.id for each in asked_but_silent(season, 6)]
    stand_at(clock.now() + timedelta(hours=1))
    for _ in range(20):
        db.session.rollback()
        faults = at_once(season.app, *[lambda: drain("checks") for _ in range(3)])
        assert faults == []
        stand_at(clock.now() + timedelta(minutes=10))
    states = select(Application.state).where(Application.id.in_(applications))
    assert set(db.session.execute(states).scalars()) == {"verified"}
    faults_told = select(Task.last_fault).where(Task.last_fault.like("%eadlock%"))
    assert db.session.execute(faults_told).scalars().all() == []

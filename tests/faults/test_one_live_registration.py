"""One child has one live registration in the whole prefecture, also when two banners try at once (A22, promises P2).

Real threads on separate connections of a database of their own; the negative control takes the index away and must
then find two.
"""

import os
import threading
import uuid
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

import pytest
from sqlalchemy import func, select, text

from backend.app import create_app
from backend.enrolment.applications import move_application
from backend.enrolment.close_window import GRACE, close_window, closing_of, receipts_of
from backend.enrolment.draft_application import draft_application
from backend.enrolment.refusals import ChildRegisteredElsewhere
from backend.enrolment.rows import LIVE, Application
from backend.enrolment.save_form import save_form
from backend.enrolment.submit_application import submit_application
from backend.fairness.merkle import merkle_root
from backend.families.refusals import ChildHasGuardian
from backend.families.register_child import register_child
from backend.families.rows import Child
from backend.foundation import clock
from backend.foundation.database import db
from backend.foundation.doors import Application as App
from backend.foundation.unit_of_work import unit_of_work
from backend.identity.actors import Actor
from backend.policy.require_open_window import WindowClosed
from backend.settings import read_settings
from sunroll.embedded import database
from tests.enrolment_builders import DALATE, KANGBASHI, attach_all_owed, form, open_banner
from tests.families_builders import consents, guardian, id_number, registered, written

AT_ONCE = 6
ROUNDS = 8


@pytest.fixture(scope="module")
def own(services: dict[str, str]) -> Iterator[App]:
    """The app on a database of its own, with two banners whose windows stand open; what it commits stays."""
    server = services["DATABASE_URL"].replace("/sunroll_tests?", "/postgres?")
    address = database(server, f"live_{uuid.uuid4().hex[:8]}")
    app = create_app(read_settings({**os.environ, **services, "DATABASE_URL": address}))
    with app.app_context():
        db.create_all()
        with unit_of_work():
            open_banner()
            open_banner(DALATE, "dalate-2022")
    yield app
    with app.app_context():
        db.engine.dispose()


def together(app: App, attempts: list[Callable[[], object]]) -> list[object]:
    """What each attempt gave or raised, each in a thread with its own connection, begun at the same instant."""
    found: list[object] = [None] * len(attempts)
    line = threading.Barrier(len(attempts))

    def run(number: int) -> None:
        with app.app_context():
            db.session.execute(text("SELECT 1"))
            line.wait()
            try:
                with unit_of_work():
                    found[number] = attempts[number]()
            except Exception as error:  # noqa: BLE001  # what was raised is the result
                found[number] = error

    threads = [threading.Thread(target=run, args=(number,)) for number in range(len(attempts))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    return found


def try_everywhere(app: App) -> tuple[list[object], int]:
    """(outcomes, live registrations) of one child that is registered at two banners by many at once."""
    with app.app_context(), unit_of_work():
        actor, child = registered()
        child_id = child.id

    def at(banner: str) -> Callable[[], object]:
        return lambda: draft_application(actor, child_id, banner, "primary", clock.now()).banner

    outcomes = together(app, [at(KANGBASHI if number % 2 else DALATE) for number in range(AT_ONCE)])
    with app.app_context():
        live = db.session.execute(
            select(func.count()).select_from(Application).where(Application.child_id == child_id, LIVE)
        ).scalar_one()
        db.session.rollback()
    return outcomes, live


def test_many_attempts_at_once_leave_one_live_registration(own) -> None:
    for _ in range(ROUNDS):
        outcomes, live = try_everywhere(own)
        assert live == 1
        refused = [one for one in outcomes if isinstance(one, Exception)]
        assert all(isinstance(one, ChildRegisteredElsewhere) for one in refused), outcomes
        assert len({one for one in outcomes if isinstance(one, str)}) == 1


def test_without_the_index_the_same_attempts_leave_two(own) -> None:
    """Negative control: the protection is the index, nothing else."""
    index = "CREATE UNIQUE INDEX uq_application_live ON application (child_id) WHERE " + str(LIVE)
    with own.app_context(), unit_of_work():
        db.session.execute(text("DROP INDEX uq_application_live"))
    try:
        assert any(try_everywhere(own)[1] > 1 for _ in range(3 * ROUNDS))
    finally:
        with own.app_context(), unit_of_work():
            twice = select(Application.child_id).where(LIVE).group_by(Application.child_id).having(func.count() > 1)
            for application in db.session.execute(select(Application).where(Application.child_id.in_(twice))).scalars():
                move_application(application, "withdrawn", "the trial is over")
            db.session.execute(text(index))


def test_a_child_registered_by_many_guardians_at_once_has_one(own) -> None:
    number = id_number()
    with own.app_context(), unit_of_work():
        guardians = [guardian() for _ in range(AT_ONCE)]

    def by(actor: Actor) -> Callable[[], object]:
        return lambda: register_child(actor, written(id_number=number), "mother", consents()).id

    outcomes = together(own, [by(actor) for actor in guardians])
    assert sum(isinstance(one, uuid.UUID) for one in outcomes) == 1, outcomes
    assert sum(isinstance(one, ChildHasGuardian) for one in outcomes) == AT_ONCE - 1, outcomes


def test_a_withdrawal_and_a_step_at_once_take_one_of_both(own) -> None:
    for _ in range(ROUNDS):
        with own.app_context(), unit_of_work():
            _, application = _ready()
            submitted_id = application.id
            move_application(_with_receipt(application), "submitted", "-")

        def to(state: str, wanted: uuid.UUID = submitted_id) -> Callable[[], object]:
            return lambda: move_application(db.session.get_one(Application, wanted), state, "-")

        together(own, [to("withdrawn"), to("checking"), to("withdrawn")])
        with own.app_context():
            state = db.session.get_one(Application, submitted_id).state
            events = (
                db.session.execute(
                    text("SELECT to_state FROM application_event WHERE application_id = :id ORDER BY id"),
                    {"id": submitted_id},
                )
                .scalars()
                .all()
            )
            db.session.rollback()
        assert state == events[-1]
        assert events in (
            ["draft", "submitted", "withdrawn"],
            ["draft", "submitted", "checking"],
            ["draft", "submitted", "checking", "withdrawn"],
        )


def close_amid_submissions(app: App, banner: str, monkeypatch: pytest.MonkeyPatch) -> tuple[list[str], list[str], int]:
    """(receipts given, receipts in the table, receipts counted by the closing) where both meet at one instant."""
    with app.app_context(), unit_of_work():
        book = open_banner(banner, closes_at=clock.now())
    window = next(window for window in book.windows if window.stage == "primary")
    with app.app_context(), unit_of_work():
        families = [_ready(banner, clock.now() - timedelta(minutes=1)) for _ in range(AT_ONCE)]
        ready = [(actor, application.id) for actor, application in families]
    moment = window.closes_at + GRACE
    arrived = window.closes_at - timedelta(seconds=1)

    def submit(actor: Actor, wanted: uuid.UUID) -> Callable[[], object]:
        return lambda: submit_application(actor, wanted, arrived).receipt

    def close() -> None:
        close_window(banner, "primary", window.closes_at.isoformat())

    attempts = [submit(actor, wanted) for actor, wanted in ready]
    with monkeypatch.context() as later:
        later.setattr(clock, "now", lambda: moment)
        outcomes = together(app, [*attempts[:3], close, *attempts[3:]])
    refused = [one for one in outcomes if isinstance(one, Exception)]
    assert all(isinstance(one, WindowClosed) for one in refused), outcomes
    with app.app_context():
        closing = closing_of(banner, "primary", window.closes_at)
        there = receipts_of(banner, "primary", window.closes_at)
        if closing.receipts == len(there):
            assert closing.merkle_root == merkle_root([receipt.encode() for receipt in there]).hex()
        counted = closing.receipts
        db.session.rollback()
    return sorted(one for one in outcomes if isinstance(one, str)), there, counted


def test_every_receipt_is_in_the_closing_or_was_never_given(own, monkeypatch) -> None:
    """Promises P3: submissions and the closer meet at the same instant; |receipts Δ closed set| = 0."""
    for trial in range(4):
        given, there, counted = close_amid_submissions(own, f"15070{trial}", monkeypatch)
        assert given == there
        assert counted == len(given)


def test_without_the_lock_receipts_are_given_after_the_closing(own, monkeypatch) -> None:
    """Negative control of P3: arrival alone does not keep a slow submission out of a closed window."""
    monkeypatch.setattr("backend.enrolment.submit_application.hold_open", lambda *_: None)
    trials = (close_amid_submissions(own, f"1507{trial}", monkeypatch) for trial in range(11, 30))
    assert any(counted < len(given) for given, _, counted in trials)


def _ready(banner: str = KANGBASHI, begun_at: datetime | None = None) -> tuple[Actor, Application]:
    """(guardian, draft with nothing missing)."""
    actor, child = registered()
    application = draft_application(actor, child.id, banner, "primary", begun_at or clock.now())
    save_form(actor, application.id, form(banner))
    attach_all_owed(actor, application)
    return actor, application


def _with_receipt(application: Application) -> Application:
    application.receipt = uuid.uuid4().hex
    return application


def test_no_child_is_left_without_its_consents(own) -> None:
    """What the threads left behind is whole."""
    with own.app_context():
        children = db.session.execute(select(func.count()).select_from(Child)).scalar_one()
        consented = db.session.execute(
            text("SELECT count(*) FROM child c JOIN consent k ON k.id = c.enrolment_consent_id AND k.child_id = c.id")
        ).scalar_one()
        db.session.rollback()
    assert children == consented > 0

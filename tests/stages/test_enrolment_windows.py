"""Deadlines: arrival decides, and the closing is an event (promises D5, P3)."""

from datetime import timedelta

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from backend.enrolment.applications import move_application
from backend.enrolment.close_window import GRACE, close_window, closing_of, receipts_of, schedule_closing
from backend.enrolment.rows import WindowClosing
from backend.enrolment.save_form import save_form
from backend.enrolment.submit_application import submit_application
from backend.fairness.merkle import merkle_root
from backend.foundation import clock
from backend.foundation.database import db
from backend.foundation.tasks import Task
from backend.identity.actors import Actor
from backend.policy.require_open_window import WindowClosed, WindowNotDisclosed, WindowNotOpen
from backend.policy.rules.book import Book
from backend.policy.rules.sections import Window
from tests.enrolment_builders import KANGBASHI, attach_all_owed, drafted, form, open_banner, submitted

TICK = timedelta(microseconds=1)


def ready() -> tuple[Actor, object]:
    """(guardian, draft with nothing missing)."""
    actor, application = drafted()
    save_form(actor, application.id, form())
    attach_all_owed(actor, application)
    return actor, application


def window_of(book: Book) -> Window:
    return next(window for window in book.windows if window.stage == "primary")


def test_what_arrives_before_the_close_counts_whenever_it_is_processed(app) -> None:
    window = window_of(open_banner())
    actor, application = ready()
    assert submit_application(actor, application.id, window.closes_at - TICK).receipt


@pytest.mark.parametrize("late", [timedelta(), TICK, timedelta(days=1)])
def test_what_arrives_at_the_close_or_after_is_refused(app, late: timedelta) -> None:
    """[open, close): the instant of closing is itself too late."""
    window = window_of(open_banner())
    actor, application = ready()
    with pytest.raises(WindowClosed):
        submit_application(actor, application.id, window.closes_at + late)
    assert application.receipt is None


def test_before_the_window_opens_or_without_a_disclosure_nothing_begins(app) -> None:
    """D12a-D12f."""
    open_banner(opens_at=clock.now() + timedelta(days=1))
    with pytest.raises(WindowNotOpen):
        drafted()


def test_without_a_disclosure_page_no_window_opens(app) -> None:
    open_banner(disclosed=False)
    with pytest.raises(WindowNotDisclosed):
        drafted()


def test_after_the_closing_event_nothing_enters_even_with_an_early_arrival(app, monkeypatch) -> None:
    window = window_of(open_banner())
    _, first = submitted()
    actor, late = ready()
    moment = window.closes_at + GRACE
    monkeypatch.setattr(clock, "now", lambda: moment)
    close_window(KANGBASHI, "primary", window.closes_at.isoformat())
    closing = closing_of(KANGBASHI, "primary", window.closes_at)
    assert closing.receipts == 1
    assert closing.merkle_root == merkle_root([first.receipt.encode()]).hex()
    with pytest.raises(WindowClosed):
        submit_application(actor, late.id, window.closes_at - TICK)


def test_a_window_is_closed_after_its_grace_and_only_once(app, monkeypatch) -> None:
    window = window_of(open_banner())
    submitted()
    told = (KANGBASHI, "primary", window.closes_at.isoformat())
    monkeypatch.setattr(clock, "now", lambda: window.closes_at + GRACE - TICK)
    close_window(*told)
    assert closing_of(KANGBASHI, "primary", window.closes_at) is None
    monkeypatch.setattr(clock, "now", lambda: window.closes_at + GRACE)
    close_window(*told)
    close_window(*told)
    assert len(db.session.execute(select(WindowClosing)).scalars().all()) == 1
    with pytest.raises(DBAPIError, match="never changed"), db.session.begin_nested():
        db.session.execute(text("UPDATE window_closing SET receipts = 7"))


def test_the_first_draft_schedules_the_closing_and_later_ones_add_none(app) -> None:
    window = window_of(open_banner())
    drafted()
    drafted()
    schedule_closing(KANGBASHI, "primary", window.closes_at)
    tasks = db.session.execute(select(Task).where(Task.kind == "close-window")).scalars().all()
    assert [task.due_at for task in tasks] == [window.closes_at + GRACE]
    assert tasks[0].payload == {
        "banner": KANGBASHI,
        "stage": "primary",
        "closes_at": window.closes_at.isoformat(),
    }


def test_the_closing_counts_every_receipt_that_was_given_also_withdrawn_ones(app) -> None:
    window = window_of(open_banner())
    given = [submitted()[1] for _ in range(3)]
    move_application(given[0], "withdrawn", "-")
    drafted()
    assert receipts_of(KANGBASHI, "primary", window.closes_at) == sorted(one.receipt for one in given)

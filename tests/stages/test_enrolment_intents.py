"""Accept first, process later: a line before the deadline counts, form and papers follow within 48 hours (wishes 8)."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from backend.enrolment.close_window import GRACE, close_window, closing_of, receipts_of
from backend.enrolment.draft_application import draft_application
from backend.enrolment.file_intent import FOLLOWS_WITHIN, MOST_OPEN, TooManyIntents, file_intent, words_of
from backend.enrolment.rows import FiledIntent
from backend.enrolment.save_form import save_form
from backend.enrolment.submit_application import submit_application
from backend.foundation import clock
from backend.foundation.database import db
from backend.foundation.unit_of_work import unit_of_work
from backend.identity.actors import Actor
from backend.policy.require_open_window import WindowClosed
from tests.enrolment_builders import attach_all_owed, form, open_banner
from tests.families_builders import actor_of, born_for_primary, id_number, registered
from tests.notices_builders import guardian

BANNER, STAGE = "150603", "primary"


@pytest.fixture
def closes_at(app) -> datetime:
    """A window that closes in a minute."""
    closes = clock.now() + timedelta(minutes=1)
    open_banner(opens_at=clock.now() - timedelta(days=5), closes_at=closes)
    return closes


def filed(actor: Actor, words: str = "王小明 小学 社区1", at: datetime | None = None) -> FiledIntent:
    with unit_of_work():
        return file_intent(actor, words, at or clock.now(), BANNER, STAGE)


def test_an_intent_has_a_receipt_and_says_until_when_the_rest_may_follow(app, closes_at) -> None:
    actor = actor_of(guardian())
    intent = filed(actor)
    assert intent.until == intent.window_closes_at + FOLLOWS_WITHIN
    assert words_of(intent) == "王小明 小学 社区1"
    assert "王小明".encode() not in intent.words_sealed
    assert filed(actor).id == intent.id
    assert intent.receipt in receipts_of(BANNER, STAGE, intent.window_closes_at)


def test_an_application_may_follow_its_intent_after_the_close_and_has_its_receipt(app, closes_at) -> None:
    """P3: what was closed is what there is: the receipt of the intent stood in the closing already."""
    actor = actor_of(guardian())
    actor, child = registered(actor)
    intent = filed(actor)
    late = intent.window_closes_at + timedelta(hours=47)
    with unit_of_work():
        application = draft_application(actor, child.id, BANNER, STAGE, late)
    with unit_of_work():
        save_form(actor, application.id, form())
        attach_all_owed(actor, application)
    with unit_of_work():
        done = submit_application(actor, application.id, late)
    assert (done.state, done.receipt) == ("submitted", intent.receipt)
    assert db.session.execute(select(FiledIntent.application_id)).scalar_one() == done.id
    assert receipts_of(BANNER, STAGE, intent.window_closes_at) == [intent.receipt]


def test_after_two_days_or_without_an_intent_the_window_is_closed(app, closes_at) -> None:
    """Negative controls."""
    actor, other = actor_of(guardian()), actor_of(guardian("13800000002"))
    intent = filed(actor)
    for one, at in ((actor, intent.until), (other, intent.window_closes_at)):
        who, child = registered(one, id_number=id_number(born_for_primary()))
        with pytest.raises(WindowClosed), unit_of_work():
            draft_application(who, child.id, BANNER, STAGE, at)


def test_an_intent_arrives_before_the_close_or_is_refused(app, closes_at) -> None:
    window = filed(actor_of(guardian())).window_closes_at
    with pytest.raises(WindowClosed):
        filed(actor_of(guardian("13800000003")), at=window)


def test_one_family_cannot_file_intents_without_end(app, closes_at) -> None:
    actor = actor_of(guardian())
    for number in range(MOST_OPEN):
        filed(actor, f"孩子{number} 小学 社区1")
    with pytest.raises(TooManyIntents):
        filed(actor, "又一个 小学 社区1")


def test_nothing_is_filed_once_the_closing_is_written(app, closes_at, monkeypatch) -> None:
    actor = actor_of(guardian())
    intent = filed(actor)
    moment = intent.window_closes_at + GRACE
    with monkeypatch.context() as patched, unit_of_work():
        patched.setattr(clock, "now", lambda: moment)
        close_window(BANNER, STAGE, intent.window_closes_at.isoformat())
    closing = closing_of(BANNER, STAGE, intent.window_closes_at)
    assert closing is not None
    assert closing.receipts == 1
    with pytest.raises(WindowClosed):
        filed(actor, "另一句话", at=intent.window_closes_at - timedelta(seconds=5))

"""Places are held once, within the plan, until an answer or its deadline; committees and corrections need two (P2, D04, D28)."""

from datetime import timedelta

import pytest
from sqlalchemy import select, text, update
from sqlalchemy.exc import IntegrityError

from backend.enrolment.applications import events_of
from backend.enrolment.close_window import hold_open
from backend.enrolment.draft_application import draft_application
from backend.enrolment.rows import Application, WindowClosing
from backend.foundation import clock
from backend.foundation.database import db
from backend.foundation.problems import NotFound
from backend.foundation.unit_of_work import unit_of_work
from backend.identity.actors import NotAllowed
from backend.placement.answer_place import AnswerTooLate, NoPlaceOffered, confirm_place, decline_place
from backend.placement.freeze_placement import (
    ApplicationsOpen,
    NobodyReady,
    PlanMissing,
    WindowStillOpen,
    freeze_placement,
)
from backend.placement.lapse_confirmation import lapse_confirmation
from backend.placement.rounds import free_seats, taken_at
from backend.policy.require_open_window import WindowClosed
from backend.policy.rows import Plan
from tests.enrolment_builders import DALATE, KANGBASHI, submitted
from tests.families_builders import registered
from tests.journey_builders import stand_at
from tests.placement_builders import after_the_close, at_home, bureau, given, published, row_of, work

pytestmark = pytest.mark.usefixtures("both_opened")

P01, P02 = f"{KANGBASHI}-P01", f"{KANGBASHI}-P02"
D01 = f"{DALATE}-P01"


def test_a_list_is_frozen_when_nobody_can_file_and_nobody_waits() -> None:
    with pytest.raises(WindowStillOpen):
        freeze_placement(KANGBASHI, "primary", "早了", bureau())
    actor, application = submitted()
    after_the_close()
    with pytest.raises(ApplicationsOpen) as refusal:
        freeze_placement(KANGBASHI, "primary", "还有人在审核", bureau())
    assert refusal.value.facts == {"count": 1}
    with pytest.raises(NobodyReady):
        freeze_placement(DALATE, "primary", "没有人", bureau(DALATE))
    assert (actor.kind, application.state) == ("guardian", "submitted")


def test_freezing_needs_a_plan_and_the_banners_own_official() -> None:
    at_home(1)
    with pytest.raises(NotAllowed):
        freeze_placement(KANGBASHI, "primary", "别人", bureau(DALATE))
    db.session.execute(text("DELETE FROM plan WHERE school LIKE '150603-P%'"))
    with pytest.raises(PlanMissing):
        freeze_placement(KANGBASHI, "primary", "没有计划", bureau())


def test_a_freezing_writes_the_closing_so_that_nothing_enters_after_it() -> None:
    """P3, D5: the closing holds every receipt that was given, and after it none is given."""
    at_home(2)
    with unit_of_work():
        freeze_placement(KANGBASHI, "primary", "测试", bureau())
    closing = db.session.execute(select(WindowClosing).where(WindowClosing.banner == KANGBASHI)).scalar_one()
    assert closing.receipts == 2
    actor, child = registered()
    with pytest.raises(WindowClosed):
        draft_application(actor, child.id, KANGBASHI, "primary", clock.now())
    with pytest.raises(WindowClosed):
        hold_open(KANGBASHI, "primary", closing.closes_at)


def test_an_answer_is_given_once_in_time_by_its_own_family() -> None:
    (actor, application), (other, _) = at_home(2)
    published()
    with pytest.raises(NotFound):
        confirm_place(other, application.id, clock.now())
    with pytest.raises(AnswerTooLate):
        confirm_place(actor, application.id, row_of(application).confirm_by or clock.now())
    assert confirm_place(actor, application.id, clock.now()).state == "confirmed"
    assert confirm_place(actor, application.id, clock.now()).state == "confirmed"
    assert [event.to_state for event in events_of(application)].count("confirmed") == 1


def test_a_confirmed_place_can_be_given_up_and_is_free_again() -> None:
    actor, application = at_home(1)[0]
    published()
    confirm_place(actor, application.id, clock.now())
    before = free_seats(KANGBASHI, "primary")[P01]
    decline_place(actor, application.id, clock.now())
    assert free_seats(KANGBASHI, "primary")[P01] == before + 1
    assert application.state == "declined"
    with pytest.raises(NoPlaceOffered):
        confirm_place(actor, application.id, clock.now())


def test_no_committed_state_has_two_places_for_one_application() -> None:
    """P2: the index refuses a second row that holds a place."""
    _, application = at_home(1)[0]
    published()
    row = row_of(application)
    with pytest.raises(IntegrityError), db.session.begin_nested():
        db.session.execute(
            text(
                "INSERT INTO placement (id, application_id, child_id, receipt, school, reason, state) "
                "SELECT gen_random_uuid(), application_id, child_id, receipt, school, reason, 'offered' "
                "FROM placement WHERE id = :row"
            ),
            {"row": row.id},
        )


def test_silence_after_a_special_case_ends_like_silence_after_a_run() -> None:
    """Nobody stays in limbo: the committee's place has a deadline of its own."""
    actor, application = at_home(1)[0]
    published()
    decline_place(actor, application.id, clock.now())
    given("special-case", application, P02)
    deadline = row_of(application).confirm_by or clock.now()
    lapse_confirmation(row_id=str(row_of(application).id))
    assert application.state == "placed"
    stand_at(deadline + timedelta(minutes=2))
    work()
    assert application.state == "lapsed"
    assert taken_at(P02) == 0


def test_a_place_of_another_year_takes_no_seat_of_this_year() -> None:
    actor, application = at_home(1)[0]
    published()
    confirm_place(actor, application.id, clock.now())
    assert taken_at(P01) == 1
    db.session.execute(update(Application).where(Application.id == application.id).values(year=application.year - 1))
    assert taken_at(P01) == 0
    assert db.session.execute(select(Plan.seats).where(Plan.school == P01)).scalar_one() == 90

"""From a registered child to a receipt, and back (A14, A22, D28)."""

import re
import uuid
from datetime import date

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError, IntegrityError

from backend.enrolment.applications import (
    applications_in,
    events_of,
    latest_application_of,
    live_application_of,
    move_application,
    open_application,
)
from backend.enrolment.draft_application import draft_application
from backend.enrolment.helper_steps import helper_lines
from backend.enrolment.refusals import (
    AgeNotEligible,
    ChildRegisteredElsewhere,
    StateForbids,
)
from backend.enrolment.rows import Application
from backend.enrolment.save_form import save_form
from backend.enrolment.submit_application import submit_application
from backend.enrolment.withdraw_application import WithdrawalTooLate, withdraw_application
from backend.families.share_with_helper import share_with_helper
from backend.foundation import clock
from backend.foundation.database import db
from backend.foundation.logging import principal
from backend.foundation.problems import Malformed, NotFound
from backend.foundation.tasks import Task
from backend.identity.accounts import guardian_by_phone
from backend.notices.rows import Notice
from backend.policy.answer_guide import StageNotOffered
from tests.enrolment_builders import (
    DALATE,
    KANGBASHI,
    attach_all_owed,
    drafted,
    form,
    open_banner,
    submitted,
)
from tests.families_builders import actor_of, guardian, id_number, new_phone, registered, renewed


def test_a_complete_application_gets_a_receipt_and_goes_to_the_departments(app) -> None:
    open_banner()
    _, application = submitted()
    assert application.state == "submitted"
    assert re.fullmatch(r"60326-\d{4}-\d{4}", application.receipt)
    task = db.session.execute(select(Task).where(Task.kind == "open-checks")).scalar_one()
    assert task.payload == {"application_id": str(application.id)}
    assert db.session.execute(select(Notice.code)).scalars().all() == ["application-submitted"]


def test_every_step_is_written_down_with_its_reason(app) -> None:
    book = open_banner()
    actor, application = submitted()
    withdraw_application(actor, application.id, "搬家了")
    told = [(event.from_state, event.to_state, event.reason) for event in events_of(application)]
    assert told == [
        (None, "draft", "开始填写"),
        ("draft", "submitted", "家长提交"),
        ("submitted", "withdrawn", "搬家了"),
    ]
    assert events_of(application)[1].facts["book_sha256"] == book.sha256


def test_submitting_twice_gives_the_same_receipt_and_one_task(app) -> None:
    """Tell me I filed, once (wishes): a second submission changes nothing."""
    open_banner()
    actor, application = submitted()
    receipt, moment = application.receipt, application.submitted_at
    again = submit_application(actor, application.id, clock.now())
    assert (again.receipt, again.submitted_at) == (receipt, moment)
    assert len(db.session.execute(select(Task).where(Task.kind == "open-checks")).scalars().all()) == 1


def test_a_draft_is_found_again_and_another_place_refused(app) -> None:
    """A22: one child, one live registration in the whole prefecture."""
    open_banner()
    open_banner(DALATE)
    actor, application = drafted()
    again = draft_application(actor, application.child_id, KANGBASHI, "primary", clock.now())
    assert again.id == application.id
    for banner, stage in ((DALATE, "primary"), (KANGBASHI, "kindergarten")):
        with pytest.raises((ChildRegisteredElsewhere, AgeNotEligible)):
            draft_application(actor, application.child_id, banner, stage, clock.now())


def test_the_database_itself_refuses_a_second_live_registration(app) -> None:
    open_banner()
    _, application = drafted()
    second = Application(
        child_id=application.child_id,
        banner=DALATE,
        year=application.year,
        stage="primary",
        drafted_at=clock.now(),
        drafted_by=application.drafted_by,
        moved_at=clock.now(),
    )
    with pytest.raises(IntegrityError, match="uq_application_live"), db.session.begin_nested():
        db.session.add(second)


def test_after_a_withdrawal_the_child_may_register_anywhere(app) -> None:
    """D28."""
    open_banner()
    open_banner(DALATE)
    actor, application = submitted()
    withdraw_application(actor, application.id, "")
    again = draft_application(actor, application.child_id, DALATE, "primary", clock.now())
    assert live_application_of(application.child_id).id == again.id
    assert latest_application_of(application.child_id).id == again.id


def test_a_child_too_young_is_told_the_rule(app) -> None:
    """T-2.5: six by 31 August, that day included."""
    year = open_banner().year
    actor, child = registered(id_number=id_number(date(year - 6, 9, 1)))
    with pytest.raises(AgeNotEligible) as refused:
        draft_application(actor, child.id, KANGBASHI, "primary", clock.now())
    assert f"最早{year + 1}年" in refused.value.errors[0]["detail"]
    actor, child = registered(id_number=id_number(date(year - 6, 8, 31)))
    assert draft_application(actor, child.id, KANGBASHI, "primary", clock.now()).state == "draft"


def test_a_stage_that_the_book_does_not_offer_is_refused(app) -> None:
    open_banner()
    actor, child = registered()
    with pytest.raises(StageNotOffered):
        draft_application(actor, child.id, KANGBASHI, "senior", clock.now())


def test_nobody_opens_the_application_of_another_family(app) -> None:
    open_banner()
    _, application = submitted()
    for action in ("child.read", "child.write", "application.submit", "application.withdraw"):
        with pytest.raises(NotFound):
            open_application(guardian(), application.id, action)
    with pytest.raises(NotFound):
        open_application(guardian(), uuid.uuid4(), "child.read")
    with pytest.raises(NotFound):
        draft_application(guardian(), application.child_id, KANGBASHI, "primary", clock.now())


def test_a_helper_files_in_sight_of_the_family_but_never_withdraws(app) -> None:
    """Wishes 19: every step of a helper stands in the family's diary."""
    open_banner()
    actor, child = registered()
    phone = new_phone()
    share_with_helper(actor, child.id, phone, 30)
    helper = actor_of(guardian_by_phone(phone))
    before = principal.set(f"guardian:{helper.account_id}")
    application = draft_application(helper, child.id, KANGBASHI, "primary", clock.now())
    save_form(helper, application.id, form())
    papers = attach_all_owed(helper, application)
    assert submit_application(helper, application.id, clock.now()).receipt
    principal.reset(before)
    steps = [line["what"] for line in helper_lines(application)]
    assert steps == ["开始填写报名表", "填写并保存了报名表", *["上传了一张照片"] * len(papers), "提交了报名"]
    assert {line["who"] for line in helper_lines(application)} == {f"代办人{phone[:3]}****{phone[-4:]}"}
    with pytest.raises(NotFound):
        withdraw_application(helper, application.id, "")
    assert withdraw_application(actor, application.id, "").state == "withdrawn"
    assert len(helper_lines(application)) == len(steps)


def test_a_helper_says_that_two_children_of_a_family_are_twins_once_the_family_lets_him_in_for_both(app) -> None:
    open_banner()
    actor, child = registered()
    _, twin = registered(actor)
    _, stranger = registered()
    phone = new_phone()
    share_with_helper(actor, child.id, phone, 30)
    account = guardian_by_phone(phone)
    application = draft_application(actor_of(account), child.id, KANGBASHI, "primary", clock.now())
    for other in (twin, stranger):
        with pytest.raises(Malformed):
            save_form(actor_of(account), application.id, form(twins_with=str(other.id)))
    share_with_helper(renewed(actor), twin.id, phone, 30)
    save_form(actor_of(account), application.id, form(twins_with=str(twin.id)))
    assert application.twins_with == twin.id


def test_after_the_allocation_began_nothing_is_withdrawn(app) -> None:
    open_banner()
    actor, application = submitted()
    for state in ("checking", "verified", "settled", "frozen"):
        move_application(application, state, "-")
    with pytest.raises(WithdrawalTooLate):
        withdraw_application(actor, application.id, "")


def test_a_state_moves_only_along_its_steps_in_the_code_and_in_the_database(app) -> None:
    open_banner()
    _, application = submitted()
    with pytest.raises(StateForbids):
        move_application(application, "placed", "a short cut")
    with pytest.raises(DBAPIError, match="may not go"), db.session.begin_nested():
        db.session.execute(text("UPDATE application SET state = 'placed' WHERE id = :id"), {"id": application.id})


def test_a_step_that_somebody_else_took_first_is_refused(app) -> None:
    open_banner()
    _, application = submitted()
    db.session.execute(text("UPDATE application SET state = 'withdrawn' WHERE id = :id"), {"id": application.id})
    assert application.state == "submitted"
    with pytest.raises(StateForbids):
        move_application(application, "checking", "departments")
    assert application.state == "withdrawn"


def test_applications_are_listed_by_state_of_the_year_in_force(app) -> None:
    open_banner()
    _, first = submitted()
    _, second = drafted()
    assert [found.id for found in applications_in(KANGBASHI, "primary", ["submitted"])] == [first.id]
    assert {found.id for found in applications_in(KANGBASHI, "primary", ["submitted", "draft"])} == {
        first.id,
        second.id,
    }
    assert applications_in(KANGBASHI, "primary", ["submitted"], year=2019) == []
    assert applications_in(KANGBASHI, "junior", ["submitted"]) == []

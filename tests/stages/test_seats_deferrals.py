"""Entering later and not coming (缓学, 未报到; domain 2.4, 2.10, E39, D28): asked for, answered, noted, and made free."""

import json
from typing import Any

import pytest

from backend.enrolment.deferrals import (
    DeferralAnswered,
    DeferralOpen,
    DeferralTextMissing,
    DeferralTooLate,
    answer_deferral,
    ask_deferral,
    deferral_register,
    deferrals_of,
)
from backend.enrolment.draft_application import draft_application, require_age
from backend.enrolment.refusals import AgeNotEligible
from backend.enrolment.rows import Deferral
from backend.families.people import particulars_of
from backend.families.rows import Child
from backend.foundation import clock
from backend.foundation.crypto import seal
from backend.foundation.database import db
from backend.foundation.problems import NotFound
from backend.foundation.unit_of_work import unit_of_work
from backend.identity.actors import NotAllowed
from backend.identity.rules.roles import Scope
from backend.notices.rows import Notice
from backend.placement.answer_place import NoPlaceOffered, confirm_place
from backend.placement.deferring.keep_deferred import NotDeferred, keep_in_kindergarten, kindergartens_with_room
from backend.placement.report_absence import absent_list, report_absence
from backend.placement.rounds import taken_at
from backend.placement.special_cases import OverPlan, ReasonMissing, SchoolUnknown
from backend.policy.books_in_force import book_in_force
from backend.seats.rows import Conduct
from tests.enrolment_builders import DALATE, KANGBASHI
from tests.families_builders import bearer, official, renewed
from tests.placement_builders import after_the_close, bureau, published, seats_at, settled, work

pytestmark = pytest.mark.usefixtures("opened")

P01 = f"{KANGBASHI}-P01"
RECORD = "市中心医院 2026-04-02 诊断证明"


def test_an_approved_deferral_ends_the_application_without_a_penalty(app: Any) -> None:
    actor, application = settled()
    body = {"banner": KANGBASHI, "stage": "primary", "evidence": RECORD}
    path = f"/api/children/{application.child_id}/deferral"
    asked = app.test_client().post(path, headers=bearer(renewed(actor)), json=body)
    assert asked.status_code == 201
    with pytest.raises(DeferralOpen):
        ask_deferral(renewed(actor), application.child_id, KANGBASHI, "primary", RECORD)
    (listed,) = deferral_register(bureau(), KANGBASHI)
    assert (listed["evidence"], listed["state"]) == (RECORD, "asked")
    with pytest.raises(NotAllowed):
        deferral_register(bureau(DALATE), KANGBASHI)
    one = db.session.query(Deferral).one()
    with pytest.raises(DeferralTextMissing):
        answer_deferral(bureau(), one.id, "好", approves=True)
    with unit_of_work():
        answer_deferral(bureau(), one.id, "三甲医院证明属实", approves=True)
    assert application.state == "withdrawn"
    assert db.session.query(Conduct).count() == 0
    with pytest.raises(DeferralAnswered):
        answer_deferral(bureau(), one.id, "三甲医院证明属实", approves=False)


def test_only_the_own_child_and_before_the_freeze() -> None:
    actor, application = settled()
    stranger, _ = settled()
    with pytest.raises(NotFound):
        ask_deferral(renewed(stranger), application.child_id, KANGBASHI, "primary", RECORD)
    after_the_close()
    published()
    one = ask_deferral(renewed(actor), application.child_id, KANGBASHI, "primary", RECORD)
    with pytest.raises(DeferralTooLate):
        answer_deferral(bureau(), one.id, "三甲医院证明属实", approves=True)
    answer_deferral(bureau(), one.id, "已有学位，请先放弃", approves=False)


def test_who_does_not_come_frees_the_seat_for_the_next_and_is_noted_for_next_year() -> None:
    """达拉特 type 5 asks for it next year; the waiting list moves by itself."""
    seats_at(P01, 1)
    made = [settled() for _ in range(2)]
    after_the_close()
    published()
    absent, waiting = sorted(made, key=lambda family: family[1].state)
    school = official("school-admissions", Scope("school", P01))
    with pytest.raises(NoPlaceOffered):
        report_absence(school, P01, absent[1].id, "开学一周没有报到")
    with unit_of_work():
        confirm_place(renewed(absent[0]), absent[1].id, clock.now())
    with pytest.raises(ReasonMissing):
        report_absence(school, P01, absent[1].id, "没来")
    with pytest.raises(NotAllowed):
        report_absence(
            official("school-admissions", Scope("school", f"{KANGBASHI}-P02")), P01, absent[1].id, "没有报到"
        )
    with unit_of_work():
        report_absence(school, P01, absent[1].id, "开学一周没有报到")
    work()
    assert (absent[1].state, waiting[1].state, taken_at(P01)) == ("declined", "placed", 1)
    assert [one.fact for one in db.session.query(Conduct)] == ["conduct.absent_last_year"]
    assert [one["no"] for one in absent_list(bureau(), KANGBASHI)] == [absent[1].receipt]


def asked_and_approved(year: int | None = None, stage: str = "primary") -> tuple[Any, Any, Deferral]:
    """(guardian, application, approved deferral) of one child; `year` puts the deferral into another year."""
    actor, application = settled()
    with unit_of_work():
        one = ask_deferral(renewed(actor), application.child_id, KANGBASHI, stage, RECORD)
    with unit_of_work():
        answer_deferral(bureau(), one.id, "三甲医院证明属实", approves=True)
        if year is not None:
            one.year = year
    return renewed(actor), application, one


def test_a_deferred_child_stays_in_a_kindergarten_with_space_and_counts_there() -> None:
    """Domain 2.4: registered by the kindergarten, placed where there is room; never over its plan; the family is told."""
    actor, application, one = asked_and_approved()
    other = asked_and_approved()[2]
    k01, k02 = (f"{KANGBASHI}-K0{number}" for number in (1, 2))
    seats_at(k01, 1)
    assert [room["school"] for room in kindergartens_with_room(KANGBASHI)] == [k02, k01]
    with pytest.raises(SchoolUnknown):
        keep_in_kindergarten(bureau(), one.id, P01)
    with pytest.raises(NotAllowed):
        keep_in_kindergarten(bureau(DALATE), one.id, k01)
    with unit_of_work():
        keep_in_kindergarten(bureau(), one.id, k01)
    assert taken_at(k01) == 1
    with pytest.raises(OverPlan):
        keep_in_kindergarten(bureau(), other.id, k01)
    told = {notice.code for notice in db.session.query(Notice).filter_by(child_id=application.child_id)}
    assert {"deferral-approved", "deferral-kept"} <= told
    (own,) = deferrals_of(actor, application.child_id)
    assert (own["kindergarten"], own["returns_in"]) == (k01, one.year + 1)


def test_an_open_or_refused_request_keeps_nobody() -> None:
    actor, application = settled()
    one = ask_deferral(renewed(actor), application.child_id, KANGBASHI, "primary", RECORD)
    with pytest.raises(NotDeferred):
        keep_in_kindergarten(bureau(), one.id, f"{KANGBASHI}-K01")


def test_who_was_deferred_last_year_files_though_too_old_and_the_register_says_so() -> None:
    """康巴什 kindergartens take one age alone: after a deferral the child is no child of a higher class; without one it is."""
    this_year = book_in_force(KANGBASHI).year
    actor, application, one = asked_and_approved(this_year - 1, "kindergarten")
    child = db.session.get_one(Child, application.child_id)
    correct = particulars_of(child) | {"born_on": f"{this_year - 4}-05-01"}
    child.person_sealed = seal(child.id, f"child.person.{child.id}", json.dumps(correct))
    db.session.flush()
    assert [row["has_filed"] for row in deferral_register(bureau(), KANGBASHI)] == [False]
    with unit_of_work():
        drafted = draft_application(actor, child.id, KANGBASHI, "kindergarten", clock.now())
    assert drafted.state == "draft"
    assert [row["has_filed"] for row in deferral_register(bureau(), KANGBASHI)] == [True]
    with unit_of_work():
        one.year = this_year - 2
    with pytest.raises(AgeNotEligible):
        require_age(book_in_force(KANGBASHI), "kindergarten", child)

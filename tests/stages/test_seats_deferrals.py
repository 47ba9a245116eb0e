"""Entering later and not coming (缓学, 未报到; domain 2.4, 2.10, E39, D28): asked for, answered, noted, and made free."""

from typing import Any

import pytest

from backend.foundation import clock
from backend.foundation.database import db
from backend.foundation.problems import NotFound
from backend.foundation.unit_of_work import unit_of_work
from backend.identity.actors import NotAllowed
from backend.identity.rules.roles import Scope
from backend.placement.answer_place import NoPlaceOffered, confirm_place
from backend.placement.report_absence import absent_list, report_absence
from backend.placement.rounds import taken_at
from backend.placement.special_cases import ReasonMissing
from backend.seats.deferrals import (
    DeferralAnswered,
    DeferralOpen,
    DeferralTextMissing,
    DeferralTooLate,
    answer_deferral,
    ask_deferral,
    deferral_register,
)
from backend.seats.rows import Conduct, Deferral
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

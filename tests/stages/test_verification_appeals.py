"""Families dispute a record and appeal against a rejection; another official looks (domain 2.5, 2.10)."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from backend.enrolment.applications import move_application
from backend.enrolment.draft_application import draft_application
from backend.enrolment.refusals import ChildRegisteredElsewhere
from backend.enrolment.rows import Application
from backend.foundation import clock
from backend.foundation.database import db
from backend.foundation.problems import NotFound
from backend.foundation.unit_of_work import unit_of_work
from backend.publication.approve_run import SecondOfficialNeeded
from backend.verification.appeal_rejection import AppealTooLate, NothingToAppeal, appeal_rejection
from backend.verification.case_view import case_view
from backend.verification.diary import diary_of
from backend.verification.dispute_check import DisputeTooLate, dispute_check
from backend.verification.facts import checks_of, facts_of
from backend.verification.rows import Case, Check, Dispute
from tests.enrolment_builders import KANGBASHI, submitted
from tests.families_builders import renewed
from tests.placement_builders import bureau, settled, verified
from tests.review_builders import accept, in_review, reject

pytestmark = pytest.mark.usefixtures("opened")


def asked_check(application: Application, state: str = "mismatch") -> Check:
    with unit_of_work():
        check = Check(
            application_id=application.id,
            submission=application.submissions,
            department="land",
            item="property",
            item_name="不动产权信息",
            claim="住房",
            compares=["use"],
            confirms=["home.use"],
            state=state,
            differs=["use"],
            asked_at=clock.now(),
            answered_at=clock.now(),
            attempts=1,
            basis="测试",
        )
        db.session.add(check)
    return check


def test_an_appeal_is_decided_by_another_official_and_the_diary_tells_both() -> None:
    actor, application, case = in_review()
    first = bureau()
    with unit_of_work():
        reject(first, case)
    with pytest.raises(NotFound):
        appeal_rejection(submitted()[0], application.id, "不是我家的事", clock.now())
    with unit_of_work():
        appeal_rejection(actor, application.id, "孩子因病缓学一年，有证明", clock.now())
    again = db.session.execute(
        select(Case).where(Case.application_id == application.id, Case.decided_at.is_(None))
    ).scalar_one()
    assert again.reasons == ["appeal"]
    assert case_view(bureau(), again.id)["appeal"] == "孩子因病缓学一年，有证明"
    with pytest.raises(SecondOfficialNeeded):
        accept(first, again)
    with unit_of_work():
        accept(bureau(), again)
    assert application.state == "verified"
    told = [line["what"] for line in diary_of(actor, application.id)]
    assert {"审核未通过", "审核通过"} <= set(told)


def test_an_appeal_has_its_time_and_its_rejection() -> None:
    actor, application, case = in_review()
    with pytest.raises(NothingToAppeal):
        appeal_rejection(actor, application.id, "还没有结果", clock.now())
    reject(bureau(), case)
    with pytest.raises(AppealTooLate):
        appeal_rejection(actor, application.id, "太晚了", clock.now() + timedelta(days=30))


def test_a_child_that_is_registered_anew_has_nothing_to_appeal_for() -> None:
    actor, application, case = in_review()
    with unit_of_work():
        reject(bureau(), case)
        draft_application(actor, application.child_id, KANGBASHI, "primary", clock.now())
    with pytest.raises(ChildRegisteredElsewhere):
        appeal_rejection(actor, application.id, "再看一次", clock.now())


@pytest.mark.parametrize("make", [verified, settled])
def test_a_disputed_record_goes_to_a_person_before_anything_is_decided_on(make: Any) -> None:
    actor, application = make()
    check = asked_check(application)
    with unit_of_work():
        dispute_check(renewed(actor), check.id, "房子已经改成住宅")
    assert application.state == "in_review"
    case = db.session.execute(select(Case).where(Case.decided_at.is_(None))).scalar_one()
    assert case.reasons == ["disputed:land/property"]
    assert case_view(bureau(), case.id)["disputes"] == [{"check": str(check.id), "text": "房子已经改成住宅"}]
    assert b"\xe4\xbd\x8f" not in db.session.execute(select(Dispute.text_sealed)).scalar_one()
    with unit_of_work():
        accept(bureau(), case, {"home.use": "住宅"})
    assert db.session.execute(select(Dispute.answered_at)).scalar_one() is not None
    assert facts_of(application)["home.use"] == "住宅"


def test_a_dispute_of_a_case_that_waits_already_is_added_to_it() -> None:
    actor, application, case = in_review()
    check = asked_check(application)
    dispute_check(actor, check.id, "记录是旧的")
    dispute_check(actor, check.id, "再说一次")
    assert case.reasons == ["mismatch:land/property", "disputed:land/property"]
    assert [each.id for each in checks_of(application)] == [check.id]


def test_after_the_freezing_and_for_strangers_there_is_no_dispute() -> None:
    actor, application = settled()
    check = asked_check(application)
    stranger, _ = submitted()
    with pytest.raises(NotFound):
        dispute_check(stranger, check.id, "别人家的记录")
    move_application(application, "frozen", "测试")
    with pytest.raises(DisputeTooLate):
        dispute_check(renewed(actor), check.id, "太晚了")

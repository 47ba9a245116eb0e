"""A person decides with a reason that fits, once, on what the papers prove; families dispute and appeal (domain 2.5, 2.10)."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from backend.enrolment.applications import move_application
from backend.enrolment.draft_application import draft_application
from backend.enrolment.refusals import ChildRegisteredElsewhere
from backend.enrolment.rows import Application
from backend.enrolment.withdraw_application import withdraw_application
from backend.foundation import clock
from backend.foundation.audit import AccessRow
from backend.foundation.database import db
from backend.foundation.problems import NotFound
from backend.foundation.unit_of_work import unit_of_work
from backend.identity.actors import Actor, NotAllowed
from backend.identity.rules.roles import CITY, Scope
from backend.publication.approve_run import SecondOfficialNeeded
from backend.verification.appeal_rejection import AppealTooLate, NothingToAppeal, appeal_rejection
from backend.verification.case_view import case_view, open_cases
from backend.verification.decide_case import (
    REASON_CODES,
    CaseDecided,
    FactInvalid,
    FactsMissing,
    ReasonMissing,
    decide_case,
)
from backend.verification.diary import diary_of
from backend.verification.dispute_check import DisputeTooLate, dispute_check
from backend.verification.facts import checks_of, facts_of
from backend.verification.judge_application import open_case
from backend.verification.queries import banners_of
from backend.verification.rows import Case, Check, Dispute
from tests.enrolment_builders import KANGBASHI, open_banner, submitted
from tests.families_builders import official, renewed
from tests.journey_builders import moved_clock, stand_at
from tests.placement_builders import OWNED, bureau, quiet, settled, verified


@pytest.fixture(autouse=True)
def ground(app: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    ticking = moved_clock(monkeypatch)
    next(ticking)
    quiet(app)
    with unit_of_work():
        open_banner()
    yield
    next(ticking, None)


def in_review(*reasons: str) -> tuple[Actor, Application, Case]:
    """(guardian, application, its open case)."""
    with unit_of_work():
        actor, application = submitted()
        move_application(application, "checking", "测试")
        open_case(application, list(reasons or ["mismatch:land/property"]))
        move_application(application, "in_review", "测试")
    case = db.session.execute(select(Case).where(Case.application_id == application.id)).scalar_one()
    return renewed(actor), application, case


def accept(by: Actor, case: Case, facts: dict[str, Any] | None = None, code: str = "papers-prove") -> Case:
    return decide_case(by, case.id, "accept", code, "材料齐全", OWNED if facts is None else facts)


def reject(by: Actor, case: Case) -> Case:
    return decide_case(by, case.id, "reject", "not-eligible", "孩子已超过登记年龄", {})


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


@pytest.mark.parametrize("decision", ["accept", "return", "reject"])
@pytest.mark.parametrize("code", sorted(REASON_CODES))
def test_a_reason_stands_only_for_the_decisions_it_fits(decision: str, code: str) -> None:
    _, application, case = in_review()
    if decision in REASON_CODES[code][1]:
        decide_case(bureau(), case.id, decision, code, "说明原因", OWNED if decision == "accept" else {})
        assert case.decision == decision
    else:
        with pytest.raises(ReasonMissing):
            decide_case(bureau(), case.id, decision, code, "说明原因", {})
        assert application.state == "in_review"


@pytest.mark.parametrize("reason", ["", " ", "x"])
def test_a_decision_without_a_sentence_is_none(reason: str) -> None:
    _, _, case = in_review()
    with pytest.raises(ReasonMissing):
        decide_case(bureau(), case.id, "accept", "papers-prove", reason, OWNED)


def test_accepting_means_to_establish_what_the_seat_type_needs() -> None:
    """A contract home is known to no department: a person establishes it, and only then the seat can be settled."""
    _, application, case = in_review("by-hand:contract")
    with pytest.raises(FactsMissing) as refusal:
        accept(bureau(), case, {})
    assert "住房情况" in refusal.value.facts["facts"]
    with unit_of_work():
        accept(bureau(), case, {"home.kind": "contract"})
    assert application.state == "verified"
    assert facts_of(application)["home.kind"] == "contract"


@pytest.mark.parametrize(
    ("fact", "value"),
    [
        ("home.kind", "castle"),
        ("home.lived_in", "yes"),
        ("home.share", -1),
        ("home.share", True),
        ("home.registered_on", "昨天"),
        ("home.seat_used", False),
        ("conduct.absent_last_year", True),
        ("no.such", True),
    ],
)
def test_a_fact_is_one_of_the_vocabulary_with_a_value_of_its_kind(fact: str, value: Any) -> None:
    """Facts of steps of ours (a used seat, conduct) are not a person's to set."""
    _, _, case = in_review()
    with pytest.raises(FactInvalid):
        accept(bureau(), case, OWNED | {fact: value})


def test_what_a_person_established_holds_for_that_submission_and_conduct_for_ever() -> None:
    actor, application, case = in_review()
    with unit_of_work():
        accept(bureau(), case, OWNED | {"home.use": "公寓"}, "false-papers")
    assert facts_of(application)["home.use"] == "公寓"
    stand_at(clock.now() + timedelta(minutes=5))
    application.submitted_at = clock.now()
    db.session.flush()
    facts = facts_of(application)
    assert "home.use" not in facts
    assert facts["conduct.false_papers"] is True
    assert actor.kind == "guardian"


def test_a_case_is_decided_once() -> None:
    _, _, case = in_review()
    accept(bureau(), case)
    with pytest.raises(CaseDecided):
        reject(bureau(), case)


def test_a_case_whose_family_withdrew_waits_for_nobody() -> None:
    actor, application, case = in_review()
    assert [each["id"] for each in open_cases([KANGBASHI])] == [str(case.id)]
    withdraw_application(actor, application.id, "搬家")
    assert open_cases([KANGBASHI]) == []
    with pytest.raises(CaseDecided):
        accept(bureau(), case)


def test_only_the_banners_own_officials_and_the_citys_see_its_cases() -> None:
    _, _, case = in_review()
    neighbour, city = bureau("150621"), official("city-admissions", Scope("city", CITY))
    assert banners_of(neighbour, "case.decide") == ["150621"]
    assert KANGBASHI in banners_of(city, "case.decide")
    with pytest.raises(NotAllowed):
        accept(neighbour, case)
    with pytest.raises(NotFound):
        case_view(neighbour, case.id)
    assert case_view(city, case.id)["id"] == str(case.id)


def test_a_look_at_a_case_is_written_down_with_its_purpose_and_ends_with_it() -> None:
    """P13: no look without a line; a decided case gives no more leave to look."""
    _, application, case = in_review()
    looks = select(func.count()).select_from(AccessRow).where(AccessRow.object_id == str(application.child_id))
    before = db.session.execute(looks).scalar_one()
    case_view(bureau(), case.id)
    assert db.session.execute(looks).scalar_one() == before + 1
    accept(bureau(), case)
    with pytest.raises(CaseDecided):
        case_view(bureau(), case.id)
    assert db.session.execute(looks).scalar_one() == before + 1


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

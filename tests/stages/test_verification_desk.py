"""A person decides with a reason that fits, once, on what the papers prove; families dispute and appeal (domain 2.5, 2.10)."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from backend.enrolment.withdraw_application import withdraw_application
from backend.foundation import clock
from backend.foundation.audit import AccessRow
from backend.foundation.database import db
from backend.foundation.problems import NotFound
from backend.foundation.unit_of_work import unit_of_work
from backend.identity.actors import NotAllowed
from backend.identity.rules.roles import CITY, Scope
from backend.verification.case_queue import open_cases
from backend.verification.case_view import case_view
from backend.verification.decide_case import (
    CaseDecided,
    FactsMissing,
    ReasonMissing,
    answer_proposal,
    decide_case,
)
from backend.verification.establish import FactInvalid
from backend.verification.facts import facts_of
from backend.verification.queries import banners_of
from backend.verification.rules.reasons import REASON_CODES
from tests.enrolment_builders import KANGBASHI
from tests.families_builders import official
from tests.journey_builders import stand_at
from tests.placement_builders import OWNED, bureau
from tests.review_builders import accept, in_review, reject

pytestmark = pytest.mark.usefixtures("opened")


@pytest.mark.parametrize("decision", ["accept", "return", "reject"])
@pytest.mark.parametrize("code", sorted(REASON_CODES))
def test_a_reason_stands_only_for_the_decisions_it_fits(decision: str, code: str) -> None:
    _, application, case = in_review()
    if decision in REASON_CODES[code]:
        decide_case(bureau(), case.id, decision, code, "说明原因", OWNED if decision == "accept" else {})
        assert decision in {case.decision, case.first_decision}
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
        answer_proposal(bureau(), case.id, "情况属实", agrees=True)
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


def test_the_oldest_cases_of_others_do_not_hide_an_official_s_own() -> None:
    """A choice is made among all cases that wait, not among the oldest that a page shows."""
    colleague, reader = bureau(), bureau()
    others, own = (in_review(reason)[2] for reason in ("mismatch:land/property", "paper:household"))
    others.taken_by, own.taken_by = colleague.account_id, reader.account_id
    decide_case(colleague, own.id, "reject", "not-eligible", "孩子已超过登记年龄", {})
    own.taken_by = reader.account_id

    def shown(**choice: str) -> list[str]:
        return [each["id"] for each in open_cases([KANGBASHI], reader.account_id, limit=1, **choice)]

    assert shown() == [str(others.id)]
    assert shown(show="mine") == shown(show="second") == shown(reason="paper") == [str(own.id)]


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

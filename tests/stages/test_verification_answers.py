"""A department that fails, times out, disagrees or lies never decides against a family by itself (promises P19, C07)."""

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from backend.enrolment.applications import events_of
from backend.enrolment.rows import Application
from backend.foundation import clock
from backend.foundation.database import db
from backend.foundation.task_kinds import KINDS
from backend.foundation.tasks import Task
from backend.policy.rules.facts import EXCHANGE_ITEMS
from backend.verification.facts import checks_of, facts_of, record_of
from backend.verification.gateways.exchange import DepartmentTooSlow, DepartmentUnavailable
from backend.verification.rows import Case
from tests.journey_builders import STARTS, Season, stand_at
from tests.journey_city import Family, family, sheets_for

BANNER, TOWN = "150603", "150603001"
CLOSES = STARTS + timedelta(days=9)
LONGEST_PAUSE = timedelta(seconds=301)
OUTAGES: dict[str, Any] = {
    "out of service": DepartmentUnavailable("503"),
    "over quota": DepartmentUnavailable("429"),
    "too slow": DepartmentTooSlow("timeout"),
    "a broken gateway": ValueError("no JSON"),
    "a list": [1, 2],
    "an empty record": {},
    "a number for a text": {"household_number": 7},
    "a text for a date": {"household_number": "HK1", "moved_in_on": "昨天"},
    "a word for a truth": {"none": "yes", "household_number": ["x"]},
}
DISAGREEING: dict[str, Any] = {
    "nothing found": None,
    "another household number": {"household_number": "HK999999", "unit_code": f"{TOWN}001"},
    "another place": {"household_number": "HK000000", "unit_code": "150621100001"},
    "a record without a place": {"household_number": "HK999999"},
}


@pytest.fixture
def season(app: Any, moving_clock: None) -> Season:
    season = Season(app, BANNER, "kangbashi-2020", "康巴什区")
    season.publish(sheets_for(BANNER, TOWN), STARTS, CLOSES)
    return season


def one(season: Season, answer: Any) -> tuple[Family, Application]:
    """A family of whose household the police answer so, submitted and worked on."""
    told = family(f"{TOWN}001", date(2019, 10, 2))
    told.registers["police/household"] = answer
    season.apply(told)
    found = db.session.execute(select(Application).where(Application.receipt == told.receipt)).scalar_one()
    return told, found


def ask_until_the_end(season: Season) -> None:
    """Every try that a question has."""
    for _ in range(KINDS["ask-department"].tries):
        stand_at(clock.now() + LONGEST_PAUSE)
        season.work()


@pytest.mark.parametrize("fault", sorted(OUTAGES))
def test_an_outage_is_asked_again_and_at_last_a_person_looks(season: Season, fault: str) -> None:
    """Unavailable is not "not found": nothing is decided while it lasts, and nothing is dropped silently."""
    told, application = one(season, OUTAGES[fault])
    assert application.state == "checking"
    (open_check,) = [check for check in checks_of(application) if check.state != "match"]
    assert open_check.state == ("timeout" if fault == "too slow" else "unavailable")
    ask_until_the_end(season)
    db.session.refresh(application)
    assert application.state == "in_review"
    assert [event.to_state for event in events_of(application)][-1] == "in_review"
    (case,) = season.call("GET", "/api/desk/cases", "kai")["items"]
    assert case["reasons"] == [f"{open_check.state}:police/household"]
    assert facts_of(application).get("household.in_banner") is None
    undone = select(func.count()).select_from(Task).where(Task.kind == "ask-department", Task.done_at.is_(None))
    assert db.session.execute(undone).scalar_one() == 0
    line = next(line for line in _diary(season, told) if line["what"] == "户籍信息")
    assert "不会因此直接不通过" in line["text"]


def _diary(season: Season, told: Family) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = season.call("GET", f"/api/applications/{told.application}/diary", told)["items"]
    return items


def test_a_department_that_comes_back_is_believed(season: Season) -> None:
    told, application = one(season, DepartmentUnavailable("503"))
    told.registers["police/household"] = {
        "household_number": told.form["household_number"],
        "unit_code": f"{TOWN}001",
        "moved_in_on": "2019-11-01",
    }
    stand_at(clock.now() + LONGEST_PAUSE)
    season.work()
    assert season.state(told) == "verified"
    assert facts_of(application)["household.registered_on"] == "2019-11-01"


@pytest.mark.parametrize("fault", sorted(DISAGREEING))
def test_a_department_that_disagrees_sends_the_family_to_a_person(season: Season, fault: str) -> None:
    _, application = one(season, DISAGREEING[fault])
    assert application.state == "in_review"
    assert db.session.execute(select(func.count()).select_from(Case)).scalar_one() == 1


def test_only_declared_fields_are_kept_and_they_are_sealed(season: Season) -> None:
    """P19: kept ⊆ declared; the stored bytes show nothing of the record."""
    told, application = one(
        season, {"household_number": "HK777777", "unit_code": f"{TOWN}001", "criminal_record": "none"}
    )
    (check,) = [check for check in checks_of(application) if check.item == "household"]
    kept = record_of(check, application) or {}
    assert set(kept) <= set(EXCHANGE_ITEMS["police/household"][1])
    assert b"HK777777" not in (check.record_sealed or b"")
    assert told.child_id not in str([check.differs, check.compares, check.source])


def test_every_question_tells_purpose_basis_and_consent(season: Season) -> None:
    """Domain 2.11: request id, purpose, consent time, operator; a question repeated has another request id."""
    one(season, DepartmentUnavailable("503"))
    stand_at(clock.now() + LONGEST_PAUSE)
    season.work()
    contexts = [context for item, _, context in season.exchange.asked if item == "police/household"]
    assert len({context["request_id"] for context in contexts}) == len(contexts) >= 2
    assert all(context["consented_at"] and context["purpose"] and context["basis"] for context in contexts)


def test_a_child_without_a_number_is_not_asked_about_and_a_person_looks(season: Season) -> None:
    told = family(f"{TOWN}001", date(2019, 10, 2))
    season.log_in(told)
    texts = season.call("GET", "/api/consents")["items"]
    given = [{"purpose": text["purpose"], "sha256": text["sha256"]} for text in texts if text["required"]]
    body = {**told.particulars, "id_kind": "other", "id_number": None, "born_on": "2019-10-02", "sex": "female"}
    told.child_key = season.call("POST", "/api/children", told, json=body | {"consents": given})["id"]
    season.draft(told)
    season.photograph(told)
    season.submit(told)
    season.work()
    assert season.state(told) == "in_review"
    assert "police/population" not in {item for item, _, _ in season.exchange.asked}
    texts_told = [line["text"] for line in _diary(season, told)]
    assert any("没有填写可以查询的证件号码" in text for text in texts_told)


def test_an_answer_that_comes_after_the_family_withdrew_changes_nothing(season: Season) -> None:
    told, application = one(season, DepartmentUnavailable("503"))
    season.call("POST", f"/api/applications/{told.application}/withdrawal", told, json={"reason": "搬家"})
    ask_until_the_end(season)
    db.session.refresh(application)
    assert application.state == "withdrawn"
    assert season.call("GET", "/api/desk/cases", "kai")["items"] == []

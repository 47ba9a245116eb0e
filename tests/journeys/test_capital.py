"""The regional capital's way over HTTP: registered online, zone by SMS, papers at the school, the school confirms (D26-D30)."""

from datetime import date, timedelta
from typing import Any

import pytest

from backend.foundation import clock
from backend.identity.rules.roles import Scope
from tests.class_builders import form_over_http
from tests.journey_builders import STARTS, Season
from tests.journey_city import family, roster, sheets_for

pytestmark = pytest.mark.usefixtures("moving_clock")
BANNER, TOWN = "150602", "150602001"
NORTH, SOUTH = f"{TOWN}001", f"{TOWN}002"
P01, P02, J02 = f"{BANNER}-P01", f"{BANNER}-P02", f"{BANNER}-J02"
BORN = date(2019, 10, 2)
CLOSES = STARTS + timedelta(days=9, hours=10)


@pytest.fixture
def season(app: Any) -> Season:
    """The capital's season, its windows open."""
    season = Season(app, BANNER, "capital-2023", "东胜区")
    season.publish(sheets_for(BANNER, TOWN, kindergarten=False), STARTS, CLOSES)
    for login, school in (("xiao1", P01), ("xiao2", P02)):
        season.official(login, "school-admissions", Scope("school", school))
    return season


def test_the_school_confirms_and_silence_fixes_the_record(season: Season) -> None:
    """No photographs; an SMS names the school; it confirms who came, silence fixes the record, and it cannot refuse."""
    came, returned, silent, corrected = (season.apply(family(NORTH, BORN)) for _ in range(4))
    assert season.call("GET", f"/api/applications/{came.application}/papers", came)["items"] == []
    season.pass_time(CLOSES + timedelta(minutes=2))
    season.place()
    assert all("带户口簿" in season.told(one)[-1] for one in (came, returned, silent))
    assert season.answer(came, "confirmation", 409)["code"] == "school-confirms"

    path = f"/api/desk/schools/{P01}/confirmations/{came.application}"
    assert season.call("POST", path, "xiao2", 403)["code"] == "not-allowed"
    wrong_school = f"/api/desk/schools/{P02}/confirmations/{came.application}"
    assert season.call("POST", wrong_school, "xiao2", 404)["code"] == "not-found"
    assert season.call("POST", path, "xiao1")["state"] == "confirmed"
    assert season.answer(came, "decline", 409)["code"] == "record-stays"
    assert season.answer(returned, "decline")["state"] == "declined"

    body = {"application": corrected.application, "school": P02, "reason": "地址单元录入有误，应属南社区"}
    proposal = season.call("POST", "/api/desk/corrections", "ping", json=body)
    assert season.call("POST", f"/api/desk/corrections/{proposal['id']}/approval", "kai")["approved"]
    season.work()
    assert season.result(corrected)["school"]["code"] == P02
    assert "更正" in season.told(corrected)[-1]
    season.call("POST", f"/api/desk/schools/{P02}/confirmations/{corrected.application}", "xiao2")

    season.pass_time(clock.now() + timedelta(days=13))
    assert season.state(silent) == "confirmed"
    assert "学籍注册在" in season.told(silent)[-1]
    _classes(season)
    assert [season.state(one) for one in (came, silent, corrected)] == ["recorded"] * 3
    public = season.call("GET", f"/api/schools/{P02}/results")
    assert (public["corrections"], public["special_cases"], public["admitted"]) == (1, 0, 1)


def _classes(season: Season) -> None:
    for login, school in (("xiao1", P01), ("xiao2", P02)):
        form_over_http(season, login, school)


def test_a_leaver_goes_up_to_the_school_that_its_primary_feeds(season: Season) -> None:
    """D07: zone and 对口直升 are the two ways; the roster says who leaves which primary, nobody claims it."""
    fed, zoned = (family(NORTH, date(2014, 3, 3)) for _ in range(2))
    stranger = family(NORTH, date(2014, 3, 4))
    season.take_sheet("roster", roster([(fed, P02), (zoned, P01)]))
    for one in (fed, zoned, stranger):
        season.apply(one, "junior")
    assert [season.state(one) for one in (fed, zoned, stranger)] == ["verified", "verified", "in_review"]
    assert season.case_of(stranger)["reasons"] == ["fact-missing:school.fresh_graduate"]
    season.decide(stranger, "accept", "papers-prove", "外地小学毕业证明已核对", facts={"school.fresh_graduate": True})
    season.pass_time(CLOSES + timedelta(minutes=2))
    season.place("junior")
    assert season.result(fed)["school"]["code"] == J02
    assert any("对口直升" in line for line in season.result(fed)["seat_why"])
    assert {season.result(one)["school"]["code"] for one in (zoned, stranger)} == {f"{BANNER}-J01"}
    assert season.result(fed)["seat_type"]["code"] == "1J"

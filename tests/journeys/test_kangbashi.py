"""康巴什's two types, from the disclosure page to the school record, over HTTP (the issue's six steps, A01-A37, D12)."""

from datetime import date, timedelta
from typing import Any

import pytest

from backend.foundation import clock
from backend.identity.rules.roles import Scope
from tests.class_builders import form_over_http
from tests.journey_builders import STARTS, Season
from tests.journey_city import Family, family
from tests.policy_builders import SHEETS

pytestmark = pytest.mark.usefixtures("moving_clock")
BANNER = "150603"
NORTH, SOUTH, NOWHERE = "150603001001", "150603001002", "150603001003"
BORN = date(2019, 10, 2)
CLOSES = STARTS + timedelta(days=9, hours=10)
PLAN = [["学校代码", "计划人数"], ["150603-K01", "60"], ["150603-P01", "2"], ["150603-P02", "9"], ["150603-J01", "100"]]
UNITS = [*SHEETS["units"], [NOWHERE, "新建社区", "哈巴格希街道"]]


@pytest.fixture
def season(app: Any) -> Season:
    """康巴什's season, its windows open, two seats at the first primary school and nine at the second."""
    season = Season(app, BANNER, "kangbashi-2020", "康巴什区")
    season.publish({**SHEETS, "seats": PLAN, "units": UNITS}, STARTS, CLOSES)
    return season


def owner(unit: str = NORTH, **home: Any) -> Family:
    """A family with a home of its own."""
    return family(unit, BORN, **home)


def mistaken() -> Family:
    """A family whose household number is known otherwise to the police."""
    told = owner()
    told.registers["police/household"]["household_number"] = "HK999999"
    return told


def renting() -> Family:
    """A family that rents and has a business."""
    told = owner(SOUTH, kind="rented", certificate=None, use=None)
    told.form["work"] = {"kind": "business", "credit_code": "92150603MA0000001X"}
    told.registers["market/business"] = {
        "credit_code": "92150603MA0000001X",
        "name": "便利店",
        "address": "",
        "founded_on": "2021-05-01",
        "state": "存续",
    }
    return told


def test_no_window_opens_before_the_disclosure_page_stands(app: Any) -> None:
    """D12: without zones, plan, dates, conditions, enquiry and complaint lines in public nobody can register."""
    season = Season(app, BANNER, "kangbashi-2020", "康巴什区")
    early = owner()
    season.log_in(early)
    season.register(early)
    body = {"child_id": early.child_key, "banner": BANNER, "stage": "primary"}
    assert season.call("POST", "/api/applications", early, 404, json=body)["code"] == "no-book-in-force"
    season.publish(SHEETS, STARTS + timedelta(days=1), CLOSES)
    assert season.call("POST", "/api/applications", early, 409, json=body)["code"] == "window-not-open"
    page = season.call("GET", f"/api/banners/{BANNER}/disclosure")
    assert {"zones", "plan", "dates", "conditions", "enquiry", "complaint"} <= page.keys()
    season.pass_time(STARTS + timedelta(days=1))
    season.draft(early)


def test_a_season_from_the_first_question_to_the_school_record(season: Season) -> None:
    """Six steps, ten families: everyone ends in exactly one final state, and the public page names nobody."""
    guide = {"banner": BANNER, "stage": "primary", "unit_code": NORTH, "household": "here", "home": "owned"}
    assert season.call("POST", "/api/guide", json=guide)["schools"] == [{"code": "150603-P01", "name": "康巴什一小"}]

    first, second, third, fourth = (season.apply(owner()) for _ in range(4))
    elsewhere = season.apply(owner(NOWHERE))
    tenant, wrong = season.apply(renting()), season.apply(mistaken())
    assert [season.state(one) for one in (first, second, third, fourth, elsewhere)] == ["verified"] * 5
    assert [season.state(one) for one in (tenant, wrong)] == ["in_review"] * 2

    diary = season.call("GET", f"/api/applications/{wrong.application}/diary", wrong)["items"]
    told = {line["what"]: line["verdict"] for line in diary}
    assert told["户籍信息"] == "mismatch"
    assert told["人口信息"] == "match"

    season.decide(tenant, "accept", "papers-prove", "租赁合同与地址一致")
    season.decide(wrong, "return", "field-wrong", "户号请照户口簿首页填写")
    assert season.state(wrong) == "returned"
    wrong.form["household_number"] = "HK999999"
    season.draft(wrong)
    season.submit(wrong)
    season.work()
    assert season.state(wrong) == "verified"

    assert season.freeze(status=409)["code"] == "window-still-open"
    season.pass_time(CLOSES + timedelta(minutes=2))
    assert season.freeze(status=409)["code"] == "applications-open"
    assert season.settle()["waiting"] == []
    types = {one.receipt: season.result(one)["seat_type"]["code"] for one in (first, elsewhere, tenant, wrong)}
    assert types == {first.receipt: "1", elsewhere.receipt: "1", tenant.receipt: "2", wrong.receipt: "1"}
    run = season.freeze()
    assert run["count"] == 7
    assert season.freeze(status=409)["code"] == "run-under-way"
    few = {"witnesses": [{"name": name, "office": "见证人"} for name in ("甲", "乙", "乙")]}
    ceremony = f"/api/desk/runs/{run['id']}/ceremony"
    assert season.call("POST", ceremony, "kai", 422, json=few)["code"] == "witnesses-unfit"
    assert season.call("POST", f"/api/desk/runs/{run['id']}/start", "kai", 409)["code"] == "ceremony-missing"
    checked = season.allocate(run["id"])
    assert checked["state"] == "checked"
    assert all(item["passed"] for item in checked["report"]["properties"])
    assert season.result(first)["school"] is None

    word = {"output_sha256": checked["output_sha256"]}
    season.call("POST", f"/api/desk/runs/{run['id']}/approval", "kai", json=word)
    again = season.call("POST", f"/api/desk/runs/{run['id']}/approval", "kai", 409, json=word)
    assert again["code"] == "second-official-needed"
    assert season.call("GET", "/api/schools/150603-P01/results", status=404)["code"] == "result-not-published"
    assert season.call("POST", f"/api/desk/runs/{run['id']}/approval", "ping", json=word)["state"] == "published"
    season.work()
    _answers(season, [first, second, third, fourth, elsewhere, tenant, wrong])


def _answers(season: Season, families: list[Family]) -> None:
    """The families answer, one is silent, a committee finds a place for it; classes, records, the public page."""
    results = [season.result(one) for one in families]
    assert {result["state"] for result in results} == {"placed"}
    schools = [result["school"]["code"] for result in results]
    assert sorted(schools) == ["150603-P01"] * 2 + ["150603-P02"] * 5
    card = results[0]["why"]
    assert card["class"] == "1"
    assert card["position"] >= 1
    assert any("今年没有划入片区" in line for line in season.result(families[4])["seat_why"])
    assert all(any("分到了" in text for text in season.told(one)) for one in families)

    silent, declined, *others = families
    for one in others:
        assert season.answer(one, "confirmation")["state"] == "confirmed"
    assert season.answer(declined, "decline")["state"] == "declined"
    season.pass_time(clock.now() + timedelta(days=6))
    assert season.state(silent) == "lapsed"
    assert season.answer(silent, "confirmation", 409)["code"] == "no-place-offered"
    assert any("算放弃" in text for text in season.told(silent))

    proposal = season.call(
        "POST",
        "/api/desk/special-cases",
        "kai",
        json={"application": silent.application, "school": "150603-P01", "reason": "监护人住院，委员会同意补录"},
    )
    path = f"/api/desk/special-cases/{proposal['id']}/approval"
    assert season.call("POST", path, "kai", 409)["code"] == "second-official-needed"
    assert season.call("POST", path, "ping")["approved"]
    season.work()
    assert season.result(silent)["state"] == "placed"
    season.answer(silent, "confirmation")
    _school(season, silent, families)


def _school(season: Season, silent: Family, families: list[Family]) -> None:
    season.official("xiao1", "school-admissions", Scope("school", "150603-P01"))
    season.official("xiao2", "school-admissions", Scope("school", "150603-P02"))
    for login, school in (("xiao1", "150603-P01"), ("xiao2", "150603-P02")):
        admitted = season.call("POST", f"/api/desk/schools/{school}/admitted", login)["items"]
        assert {row["state"] for row in admitted} == {"confirmed"}
        form_over_http(season, login, school)
        rows = season.call("POST", f"/api/desk/schools/{school}/records?format=csv", login).decode("utf-8-sig")
        assert len(rows.strip().splitlines()) == len(admitted) + 1
        assert season.call("POST", f"/api/desk/schools/{school}/records?format=xlsx", login)[:2] == b"PK"
    assert season.call("POST", "/api/desk/schools/150603-P01/admitted", "xiao2", 403)["code"] == "not-allowed"

    states = [season.state(one) for one in families]
    assert states == ["recorded", "declined", *["recorded"] * 5]
    own = season.call("GET", "/api/me/export", silent)
    assert all(part in str(own) for part in (silent.child_id, silent.form["household_number"], "special-case", "G"))
    public = season.call("GET", "/api/schools/150603-P01/results")
    assert public["special_cases"] == 1
    assert silent.receipt in {row["no"] for row in public["rows"]}
    shown = str(public) + str(season.call("GET", "/public/schools/150603-P01"))
    for one in families:
        assert not [word for word in (one.child, one.guardian, one.child_id, one.phone) if word in shown]

    told = season.call("POST", "/api/tipoffs", status=201, json={"text": "有人托关系插班", "school": "150603-P01"})
    assert season.call("GET", f"/api/tipoffs/{told['receipt']}")["state"] == "filed"

"""Weifang's way over HTTP: information and check first, then the application to a school, then a round for who is left (C04)."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest

from tests.journey_builders import STARTS, Season
from tests.journey_city import Family, family, roster, sheets_for

pytestmark = pytest.mark.usefixtures("moving_clock")
BANNER, TOWN = "150627", "150627100"
NORTH, SOUTH = f"{TOWN}001", f"{TOWN}002"
P01, P02 = f"{BANNER}-P01", f"{BANNER}-P02"
BORN = date(2019, 10, 2)
CLOSES = STARTS + timedelta(days=9, hours=10)


@pytest.fixture
def season(app: Any) -> Season:
    """Windows open, one seat at the first school, two at the second; the first unit is a zone of both."""
    season = Season(app, BANNER, "weifang-2019", "伊金霍洛旗")
    season.publish(sheets_for(BANNER, TOWN, (1, 2), shared=True), STARTS, CLOSES)
    return season


def insured() -> Family:
    """A family without a home, its household elsewhere, with social insurance here."""
    told = family(SOUTH, BORN, kind="rented", certificate=None, use=None)
    told.form |= {"household_unit": None, "household": "elsewhere", "household_number": None}
    told.form["work"] = {"kind": "insured", "months": 24}
    told.registers["labour/social_insurance"] = {
        "months": 30,
        "first_month": "2023-10",
        "last_month": "2026-03",
        "status": "参保缴费",
        "back_paid": False,
    }
    return told


def choose(season: Season, one: Family, *schools: str, status: int = 200) -> dict[str, Any]:
    path = f"/api/applications/{one.application}/choices"
    return dict(season.call("POST", path, one, status, json={"schools": list(schools)}))


def test_information_first_then_a_school_then_a_second_round(season: Season) -> None:
    buyer = season.apply(family(NORTH, BORN, kind="contract", certificate=None))
    case = season.case_of(buyer)
    assert "by-hand:contract" in case["reasons"]
    assert "home.kind" in {need["fact"] for need in case["missing"]}
    assert season.case_refuses(buyer, "facts-missing")
    season.decide(
        buyer,
        "accept",
        "papers-prove",
        "网签合同和交房单齐全",
        facts={"home.kind": "contract", "home.handed_over": True},
    )
    owner, silent, tenant = (season.apply(one) for one in (family(NORTH, BORN), family(NORTH, BORN), insured()))
    season.pass_time(CLOSES + timedelta(minutes=2))
    assert season.settle()["waiting"] == []
    assert [season.state(one) for one in (buyer, owner, silent, tenant)] == ["choosing"] * 4
    assert [season.result(one)["seat_type"]["code"] for one in (buyer, owner, tenant)] == ["2", "1", "4"]
    assert any("选学校" in text for text in season.told(owner))
    assert choose(season, owner, f"{BANNER}-J01", status=422)["code"] == "choices-invalid"
    choose(season, owner, P02)
    choose(season, buyer, P02)
    assert season.freeze(status=409)["code"] == "choices-open"
    season.pass_time(datetime.fromisoformat(season.result(silent)["choose_by"]))

    season.release(season.allocate(season.freeze()["id"]))
    placed = {one.receipt: season.result(one) for one in (owner, buyer, silent, tenant)}
    assert placed[owner.receipt]["school"]["code"] == P02
    assert placed[silent.receipt]["school"]["code"] == P01
    assert placed[buyer.receipt]["school"]["code"] == P02
    assert placed[tenant.receipt]["state"] == "unplaced"
    assert any("没有分到学校" in text for text in season.told(tenant))
    _second_round(season, owner, tenant, silent)


def _second_round(season: Season, owner: Family, tenant: Family, silent: Family) -> None:
    """The owner does without; its seat is free again, and a further round with a reason gives it to who is left."""
    season.answer(owner, "confirmation")
    assert season.answer(owner, "decline")["state"] == "declined"
    season.answer(silent, "confirmation")
    assert season.freeze(status=422)["code"] == "reason-missing"
    run = season.freeze(reason="第一轮有家庭放弃，空出一个学位")
    assert (run["scope"], run["count"]) == (f"{BANNER}/primary/2026/2", 1)
    season.release(season.allocate(run["id"]))
    assert season.result(tenant)["school"]["code"] == P02
    assert season.answer(tenant, "confirmation")["state"] == "confirmed"
    public = season.call("GET", f"/api/schools/{P02}/results")
    assert [each["why"] for each in public["rounds"]] == [None, "第一轮有家庭放弃，空出一个学位"]
    assert public["admitted"] <= public["plan"]


def test_a_supplement_brings_those_who_were_late(season: Season) -> None:
    """伊金霍洛旗's supplement: a lapsed return is a registration given up, and can be made anew in the supplement."""
    early, slow = season.apply(family(NORTH, BORN)), insured()
    slow.registers["labour/social_insurance"] = None
    season.apply(slow)
    season.decide(slow, "return", "paper-missing", "请补拍社保证明")
    season.pass_time(CLOSES + timedelta(days=6))
    assert season.state(slow) == "lapsed"
    season.settle()
    season.pass_time(datetime.fromisoformat(season.result(early)["choose_by"]))
    season.release(season.allocate(season.freeze()["id"]))

    banner = season.call("GET", "/api/banners")["items"][0]
    (window,) = [each for each in banner["windows"] if each["stage"] == "primary"]
    assert window["kind"] == "supplement"
    season.pass_time(datetime.fromisoformat(window["opens_at"]))
    first = slow.application
    slow.registers["labour/social_insurance"] = {"months": 30, "status": "参保缴费", "back_paid": False}
    season.log_in(slow)
    season.draft(slow)
    season.photograph(slow)
    season.submit(slow)
    season.work()
    assert slow.application != first
    assert season.freeze(status=409, reason="补登的孩子")["code"] == "window-still-open"
    season.pass_time(datetime.fromisoformat(window["closes_at"]) + timedelta(minutes=2))
    season.settle()
    choose(season, slow, P02)
    season.release(season.allocate(season.freeze(reason="补登的孩子")["id"]))
    assert season.result(slow)["state"] == "placed"


def leaver(registered_on: str, unit: str = NORTH) -> Family:
    """A family whose child leaves primary school, its home registered on that day."""
    told = family(unit, date(2014, 3, 3))
    told.registers["land/property"]["registered_on"] = registered_on
    return told


def twin_of(first: Family) -> Family:
    """The other twin: another child of the same guardian, household and home."""
    other = leaver("2013-06-01")
    other.guardian, other.guardian_id, other.phone = first.guardian, first.guardian_id, first.phone
    other.form = dict(first.form)
    other.registers = first.registers | {"police/population": other.registers["police/population"]}
    return other


def test_junior_schools_of_one_zone_are_ranked_and_given_by_choices(app: Any) -> None:
    """The book's own section for junior schools: choices, siblings first, twins together, a card that names the choice."""
    season, (j1, j2) = Season(app, BANNER, "weifang-2019", "伊金霍洛旗"), (f"{BANNER}-J01", f"{BANNER}-J02")
    sheets = sheets_for(BANNER, TOWN)
    sheets["seats"] = [[code, {j1: "2", j2: "3"}.get(code, seats)] for code, seats in sheets["seats"]]
    sheets["zones"] = [row for row in sheets["zones"] if row[0] not in (j1, j2)]
    sheets["zones"] += [[code, unit, "是", ""] for code in (j1, j2) for unit in (NORTH, SOUTH)]
    season.publish(sheets, STARTS, CLOSES)
    early, twin, late, younger = (leaver(day) for day in ("2012-01-01", "2013-06-01", "2019-06-01", "2020-06-01"))
    other = twin_of(twin)
    younger.form["sibling_at"] = j2
    everybody = [early, twin, other, late, younger]
    season.take_sheet("roster", roster([(one, P01) for one in everybody]))
    for one in everybody:
        if one is not other:
            season.apply(one, "junior")
            continue
        season.exchange.families.append(other)
        other.token = twin.token
        season.register(other)
        other.form["twins_with"] = twin.child_key
        season.draft(other, "junior")
        season.photograph(other)
        season.submit(other)
        season.work()
    season.decide(younger, "accept", "papers-prove", "姐姐在二中读初二", facts={"sibling.at_school": True})
    season.pass_time(CLOSES + timedelta(minutes=2))
    assert season.settle("junior")["waiting"] == []
    view = season.call("GET", f"/api/applications/{early.application}", early)
    assert (view["choices_at_most"], [school["code"] for school in view["schools"]]) == (3, [j1, j2])
    for one in (early, twin, other):
        choose(season, one, j1, j2)
    choose(season, late, j2, j1)
    choose(season, younger, j2)
    run = season.release(season.allocate(season.freeze("junior")["id"]))
    assert run["state"] == "published"
    assert all(item["passed"] for item in run["report"]["properties"])
    got = {name: season.result(one) for name, one in zip("ETOLY", everybody, strict=True)}
    assert {name: each["school"]["code"] for name, each in got.items()} == {"E": j1, "T": j2, "O": j2, "L": j1, "Y": j2}
    assert [got[name]["why"]["step"] for name in "EY"] == ["choice", "sibling"]
    assert "录取的是您家的第 2 志愿。" in got["L"]["why"]["text"]
    assert season.call("GET", f"/api/schools/{j2}/results")["admitted"] == 3

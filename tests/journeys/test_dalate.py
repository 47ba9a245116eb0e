"""达拉特旗's five types with the penalty class, over HTTP, into the year after (domain 2.1, T-2.6, 2.10)."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest

from backend.foundation import clock
from tests.journey_builders import STARTS, Season
from tests.journey_city import Family, family, sheets_for

pytestmark = pytest.mark.usefixtures("moving_clock")
BANNER, TOWN = "150621", "150621100"
NORTH, SOUTH = f"{TOWN}001", f"{TOWN}002"
BORN = date(2019, 10, 2)
CLOSES = STARTS + timedelta(days=9, hours=10)


@pytest.fixture
def season(app: Any) -> Season:
    """达拉特旗's season, its windows open, one seat at the first primary school and nine at the second."""
    season = Season(app, BANNER, "dalate-2022", "达拉特旗")
    season.publish(sheets_for(BANNER, TOWN, (1, 9)), STARTS, CLOSES)
    return season


def from_elsewhere(told: Family) -> Family:
    """The same family with its household in another prefecture."""
    told.form |= {"household_unit": None, "household": "elsewhere", "household_number": None}
    told.registers["police/household"] = None
    return told


def renting() -> Family:
    """A family with its household here that rents."""
    return family(NORTH, BORN, kind="rented", certificate=None, use=None)


def penalty_ways(season: Season) -> tuple[Family, Family]:
    """A family that lets its correction pass, and one whose papers are proven false by two officials."""
    late, false = season.apply(renting()), season.apply(renting())
    season.decide(late, "return", "photo-unreadable", "租赁合同看不清，请重拍")
    proposed = season.decide(false, "accept", "false-papers", "租赁合同系伪造，经出租人书面证实")
    assert proposed["state"] == "second"
    path = f"/api/desk/cases/{season.case_of(false)['id']}/second"
    assert season.call("POST", path, "ping", json={"agrees": True, "reason": "同意"})["state"] == "decided"
    season.work()
    return late, false


def test_five_types_a_lapsed_return_and_false_papers(season: Season) -> None:
    """Types 1 to 4 by household and home; the fifth for a return that lapsed and for false papers; nobody is refused."""
    owner, outsider = season.apply(family(NORTH, BORN)), season.apply(from_elsewhere(family(NORTH, BORN)))
    tenant, both = season.apply(renting()), season.apply(from_elsewhere(renting()))
    for one in (tenant, both):
        assert "by-hand:lease" in season.case_of(one)["reasons"]
        season.decide(one, "accept", "papers-prove", "租赁合同与地址一致")
    late, false = penalty_ways(season)
    season.pass_time(CLOSES + timedelta(minutes=2))
    assert season.state(late) == "verified"
    assert any("过了补正期限" in text for text in season.told(late))

    season.place()
    kinds = {"1": owner, "2": outsider, "3": tenant, "4": both, "5": late}
    for code, one in kinds.items():
        assert season.result(one)["seat_type"]["code"] == code
    assert season.result(false)["seat_type"]["code"] == "5"
    assert {season.result(one)["why"]["step"] for one in (late, false)} == {"last"}
    assert season.result(owner)["why"]["step"] in {"zone", "overflow"}
    assert all(season.result(one)["state"] == "placed" for one in (*kinds.values(), false))
    at_first = [season.result(one)["school"]["code"] for one in kinds.values()].count(f"{BANNER}-P01")
    assert at_first == 1


def test_silence_costs_the_place_and_puts_the_child_into_the_fifth_class_next_year(season: Season) -> None:
    """The book's `penalty-class-next-year`: told with its sentence, noted, and found again when the child comes back."""
    silent, other = season.apply(family(NORTH, BORN)), season.apply(family(SOUTH, BORN))
    season.pass_time(CLOSES + timedelta(minutes=2))
    season.place()
    season.answer(other, "confirmation")
    season.pass_time(clock.now() + timedelta(days=6))
    assert season.state(silent) == "lapsed"
    assert any("下一年再登记时归入第五类" in text for text in season.told(silent))
    first_year = silent.application

    opens = datetime(2027, 5, 17, 8, tzinfo=clock.SHANGHAI)
    season.pass_time(opens - timedelta(hours=2))
    season.publish(sheets_for(BANNER, TOWN), opens, opens + timedelta(days=9))
    season.pass_time(opens)
    season.log_in(silent)
    season.draft(silent)
    season.submit(silent)
    season.work()
    assert silent.application != first_year
    season.pass_time(opens + timedelta(days=9, minutes=2))
    run = season.place()
    assert run["scope"] == f"{BANNER}/primary/2027"
    assert season.result(silent)["seat_type"]["code"] == "5"
    assert any("未按时办理入学手续——是" in line for line in season.result(silent)["seat_why"])

"""Children of households elsewhere are fully included: registered, placed near by and transferred like all others (D08, D14)."""

from datetime import timedelta
from typing import Any

import pytest

from tests.desk_builders import BORN, CLOSES, Desk
from tests.journey_builders import STARTS, Season
from tests.journey_city import Family, family, sheets_for

BANNER, TOWN = "150602", "150602001"
NORTH, SOUTH = f"{TOWN}001", f"{TOWN}002"
P01, P02 = f"{BANNER}-P01", f"{BANNER}-P02"


@pytest.fixture
def season(app: Any, moving_clock: None) -> Season:
    """The capital: two seats in the north, nine in the south."""
    season = Season(app, BANNER, "capital-2023", "东胜区")
    season.publish(sheets_for(BANNER, TOWN, (2, 9), kindergarten=False), STARTS, CLOSES)
    return season


def migrant(unit: str) -> Family:
    """A family that lives here by residence permit, its household elsewhere."""
    told = family(unit, BORN)
    told.form |= {"household_unit": None, "household": "elsewhere", "household_number": None}
    return told


def test_migrants_stand_in_the_same_list_go_to_the_nearest_school_with_room_and_are_told(season: Season) -> None:
    """两为主、两纳入: public schools, by residence; over the plan the next near school, never nobody's."""
    local, first, second = (season.apply(one) for one in (family(NORTH, BORN), migrant(NORTH), migrant(NORTH)))
    assert [season.state(one) for one in (local, first, second)] == ["verified"] * 3
    season.pass_time(CLOSES + timedelta(minutes=2))
    season.place()
    results = [season.result(one) for one in (local, first, second)]
    assert [told["seat_type"]["code"] for told in results] == ["1", "3", "3"]
    assert results[0]["school"]["code"] == P01
    assert {told["school"]["code"] for told in results[1:]} == {P01, P02}
    assert any("随迁" in line for line in results[1]["why"]["text"])
    assert all(
        told["school"]["name"] in season.told(one)[-1] for one, told in zip((first, second), results[1:], strict=True)
    )
    counts = season.call("GET", f"/api/desk/banners/{BANNER}/stages/primary", "kai")
    assert counts["migrants"] == {"settled": 2, "in_public": 2, "in_private": 0}
    page = Desk(season, "kai").open(f"/desk/stages/{BANNER}/primary")
    assert "随迁子女 <strong>2</strong> 人" in page


def test_a_migrant_is_transferred_to_the_nearest_school_with_room_by_the_book(season: Season) -> None:
    """D15: the capital sends a transfer to the nearest school with room, and says so before."""
    moved = season.apply(migrant(SOUTH))
    season.pass_time(CLOSES + timedelta(minutes=2))
    season.place()
    assert season.result(moved)["school"]["code"] == P02
    path = f"/api/applications/{moved.application}/transfers"
    told = season.call("GET", f"{path}?unit_code={NORTH}", moved)
    assert (told["nearest_only"], [one["code"] for one in told["schools"]]) == (True, [P01])
    body = {"school": P01, "text": "租的房子换到北社区", "unit_code": NORTH}
    season.call("POST", path, moved, 201, json=body)
    proposed = {"application": moved.application, "school": P01, "reason": "租房备案已看，一小有空余"}
    proposal = season.call("POST", "/api/desk/transfers", "kai", json=proposed)["id"]
    season.call("POST", f"/api/desk/transfers/{proposal}/approval", "ping")
    season.work()
    assert "一小" in season.told(moved)[-1]
    assert season.result(moved)["school"]["code"] == P01

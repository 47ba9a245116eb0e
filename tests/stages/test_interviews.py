"""Private junior schools draw and, where the book states the exception, hold an interview (D10 beside D05a)."""

import re
from datetime import date, timedelta
from typing import Any

import pytest

from backend.identity.rules.roles import Scope
from backend.policy.book_for import book_for
from tests.desk_builders import CLOSES, TOWN, Desk
from tests.enrolment_builders import KANGBASHI
from tests.journey_builders import STARTS, Season
from tests.journey_city import Family, family, roster, sheets_for

PRIVATE, J01, P01 = (f"{KANGBASHI}-{code}" for code in ("J90", "J01", "P01"))
BORN = date(2014, 3, 3)
STATED = {"stages": ["junior"], "d10_interview_exception": "市教育局民办初中招生办法第三条"}


def season_with(app: Any, interview: dict[str, Any] | None) -> Season:
    """A season with a private junior school of one seat, by a book with this setting of interviews."""
    season = Season(app, KANGBASHI, "kangbashi-2020", "康巴什区")
    book = book_for(season.model, KANGBASHI, season.name, STARTS.year, STARTS, CLOSES)
    content = book.content | ({"interview": interview} if interview else {})
    path = f"/api/desk/banners/{KANGBASHI}"
    season.call("POST", f"{path}/book", "kai", json={"content": content, "reason": "新一年的规则"})
    sheets = sheets_for(KANGBASHI, TOWN)
    sheets["schools"] = [[*row, "民办" if not place else ""] for place, row in enumerate(sheets["schools"])]
    sheets["schools"].append([PRIVATE, "民办初中", "初中", "民办路1号", "12个班", "是"])
    sheets["seats"].append([PRIVATE, "1"])
    for kind, rows in sheets.items():
        season.take_sheet(kind, rows)
    season.call("POST", f"{path}/disclosure", "kai")
    season.official("min", "school-admissions", Scope("school", PRIVATE))
    return season


def drawn(season: Season) -> tuple[Family, Family]:
    """(first, second) of two families that registered for the one private seat, after the published draw."""
    made = [family(f"{TOWN}001", BORN) for _ in range(2)]
    season.take_sheet("roster", roster([(one, P01) for one in made]))
    for one in made:
        season.apply(one, "junior")
        season.call("PUT", f"/api/applications/{one.application}/private", one, json={"school": PRIVATE})
    season.pass_time(CLOSES + timedelta(minutes=2))
    assert season.settle("junior")["waiting"] == []
    run = season.call("POST", f"/api/desk/schools/{PRIVATE}/draw", "kai", json={"draw": "民办抽签"})
    season.release(season.allocate(run["id"]))
    first, second = sorted(made, key=lambda one: season.state(one) != "placed")
    assert (season.state(first), season.state(second)) == ("placed", "settled")
    return first, second


def word(season: Season, one: Family, status: int = 200, **body: Any) -> Any:
    path = f"/api/desk/schools/{PRIVATE}/interviews/{one.application}"
    return season.call("POST", path, "min", status, json=body)


def freeze_refused(season: Season) -> str:
    return str(season.freeze("junior", 409)["code"])


@pytest.mark.usefixtures("moving_clock")
def test_with_the_stated_exception_the_drawn_child_is_interviewed_before_it_confirms(app: Any) -> None:
    """D10: 电脑随机派位加面谈; the place waits for the school's word, and the public list waits for both (B10)."""
    season = season_with(app, STATED)
    page = season.client.get(f"/public/banners/{KANGBASHI}").text
    assert "市教育局民办初中招生办法第三条" in page
    first, second = drawn(season)
    assert "面谈" in season.told(first)[-1]
    shown = season.result(first)
    assert (shown["interview"], shown["confirm_by"]) == ("due", None)
    assert season.answer(first, "confirmation", 409)["code"] == "interview-first"
    assert freeze_refused(season) == "private-draw-open"
    desk = Desk(season, "min")
    listed = desk.press(f"/desk/schools/{PRIVATE}/admitted")
    assert "等待面谈" in listed
    (door,) = set(re.findall(rf"/desk/schools/{PRIVATE}/interviews/[0-9a-f-]+", listed))
    assert "家长会收到通知" in desk.press(door, word="passed")
    season.work()
    held = season.result(first)
    assert held["interview"] == "held"
    assert held["confirm_by"]
    assert "面谈录取" in season.told(first)[-1]
    assert season.answer(first, "confirmation")["state"] == "confirmed"
    assert season.freeze("junior")["state"] == "frozen"
    assert season.state(second) == "frozen"


@pytest.mark.usefixtures("moving_clock")
def test_who_does_not_pass_is_told_why_stands_in_the_public_list_and_the_next_is_invited(app: Any) -> None:
    season = season_with(app, STATED)
    first, second = drawn(season)
    assert word(season, first, 422, passed=False, reason="不")["code"] == "reason-missing"
    assert word(season, first, passed=False, reason="家长没有带孩子来面谈")["interview"] == "not-passed"
    assert word(season, first, 409, passed=True)["code"] == "no-interview-due"
    season.work()
    assert "没有录取" in season.told(first)[-1]
    diary = season.call("GET", f"/api/applications/{first.application}/diary", first)["items"]
    assert any("家长没有带孩子来面谈" in line["text"] for line in diary)
    assert season.result(first)["school"] is None
    assert (season.state(first), season.state(second)) == ("settled", "placed")
    assert "面谈" in season.told(second)[-1]
    word(season, second, passed=True)
    season.release(season.allocate(season.freeze("junior")["id"]))
    assert season.result(first)["school"]["code"] == J01


@pytest.mark.usefixtures("moving_clock")
def test_without_the_exception_there_is_no_interview(app: Any) -> None:
    """D05a: the default. The draw alone admits."""
    season = season_with(app, None)
    first, _ = drawn(season)
    assert season.result(first)["interview"] is None
    assert word(season, first, 409, passed=True)["code"] == "no-interview-due"
    assert season.answer(first, "confirmation")["state"] == "confirmed"

"""The desk's pages for transfers, absences and deferrals (D15, D30, E06, E39)."""

import re
from datetime import timedelta
from typing import Any

import pytest

from backend.identity.rules.roles import Scope
from tests.desk_builders import BORN, CLOSES, P01, TOWN, Desk, season_at_the_desk
from tests.enrolment_builders import KANGBASHI
from tests.journey_builders import Season
from tests.journey_city import family

P02 = f"{KANGBASHI}-P02"


@pytest.fixture
def season(app: Any, moving_clock: None) -> Season:
    return season_at_the_desk(app)


def test_a_transfer_is_proposed_from_the_ranked_schools_and_a_child_that_did_not_come_is_reported(
    season: Season,
) -> None:
    one, other = (season.apply(family(f"{TOWN}002", BORN)) for _ in range(2))
    season.pass_time(CLOSES + timedelta(minutes=2))
    season.place()
    for each in (one, other):
        season.answer(each, "confirmation")
    desk, second = Desk(season, "kai"), Desk(season, "ping")
    stage = f"/desk/stages/{KANGBASHI}/primary"
    assert f"{stage}/transfers" in desk.open(stage)
    assert "没有这个回执号" in desk.press(f"{stage}/transfers", receipt="没有")
    page = desk.press(f"{stage}/transfers", receipt=one.receipt)
    assert re.findall(r'name="school" value="([^"]+)"', page) == [P01]
    proposed = desk.press(f"{stage}/transfers/proposals", receipt=one.receipt, school=P01, reason="全家搬到一小旁边")
    assert "等待第二人" in proposed
    asked = second.open(stage)
    assert one.receipt in asked
    (approval,) = re.findall(r"/desk/proposals/transfer/[0-9a-f-]+/approval", asked)
    assert "已签字生效" in second.press(approval)
    season.work()
    assert season.result(one)["school"]["code"] == P01
    assert P01 not in re.findall(
        r'name="school" value="([^"]+)"', desk.press(f"{stage}/transfers", receipt=other.receipt)
    )

    season.official("xiao", "school-admissions", Scope("school", P02))
    school = Desk(season, "xiao")
    listed = school.press(f"/desk/schools/{P02}/admitted")
    (absent,) = set(re.findall(rf"/desk/schools/{P02}/absences/[0-9a-f-]+", listed))
    assert "没有这个" not in school.press(absent, reason="电话和家访都没有人")
    assert [season.result(each)["is_absent"] for each in (one, other)] == [False, True]
    bureau = desk.open("/desk/absences")
    assert other.receipt in bureau
    assert one.receipt not in bureau
    assert other.child not in bureau
    assert "请写今天以后" in desk.press("/desk/absences/150603/return-by", until="x")
    for _ in range(2):
        assert "通知了 1 位家长" in desk.press("/desk/absences/150603/return-by", until="2031-01-10")
    season.work()
    assert sum("限期复学" in text and "2031年1月10日" in text for text in season.told(other)) == 1
    assert not any("限期复学" in text for text in season.told(one))


def test_a_deferral_is_read_and_answered_at_the_desk(season: Season) -> None:
    asked = season.apply(family(f"{TOWN}001", BORN))
    path = f"/api/children/{asked.child_key}/deferral"
    body = {"banner": KANGBASHI, "stage": "primary", "evidence": "市中心医院 2026-04-02 诊断证明"}
    season.call("POST", path, asked, 201, json=body)
    desk = Desk(season, "kai")
    assert "市中心医院" not in desk.open("/desk/deferrals")
    page = desk.press(f"/desk/deferrals/{KANGBASHI}/look")
    assert "市中心医院" in page
    assert asked.child not in page
    (answer,) = re.findall(r"/desk/deferrals/[0-9a-f-]+/answer", page)
    desk.press(answer, reason="短", word="approve")
    assert season.state(asked) != "withdrawn"
    assert "记入缓学名册" in desk.press(answer, reason="证明齐全，同意缓学一年", word="approve")
    assert season.state(asked) == "withdrawn"
    assert "已批准" in desk.press(f"/desk/deferrals/{KANGBASHI}/look")

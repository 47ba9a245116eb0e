"""Every page of the desk from review to records is opened and pressed once, as an official's browser does."""

import re
from datetime import timedelta
from typing import Any

import pytest

from backend.fairness.ceremony import witness_commitment
from backend.identity.rules.roles import Scope
from tests.ceremony_steps import hold_over_http
from tests.desk_builders import BORN, CLOSES, P01, TOWN, Desk, season_at_the_desk
from tests.enrolment_builders import KANGBASHI
from tests.journey_builders import WITNESSES, Season
from tests.journey_city import family


@pytest.fixture
def season(app: Any, moving_clock: None) -> Season:
    return season_at_the_desk(app)


def test_the_review_desk_shows_pictures_and_data_side_by_side(season: Season) -> None:
    wrong = family(f"{TOWN}001", BORN)
    wrong.registers["land/property"]["use"] = "公寓"
    season.apply(wrong)
    desk = Desk(season, "kai")
    queue = desk.open("/desk/cases")
    assert wrong.receipt in queue
    assert wrong.child not in queue
    (look,) = re.findall(r'action="(/desk/cases/[^"]+/look)"', queue)
    case = desk.press(look)
    assert wrong.child in case
    assert "公寓" in case
    pictures = re.findall(r'src="(/desk/cases/[^"]+/papers/[^"]+)"', case)
    assert len(pictures) == 2
    picture = desk.client.get(pictures[0])
    assert picture.mimetype == "image/jpeg"
    (decide,) = re.findall(r'action="(/desk/cases/[^"]+/decision)"', case)
    words = {"reason_code": "record-outdated", "reason": "不动产登记已更正为住宅"}
    refused = desk.press(decide, decision="accept", **words, **{"fact:home.share": "很多"})
    assert "不能这样认定" in refused
    assert season.state(wrong) == "in_review"
    assert "已记录您的决定" in desk.press(decide, decision="accept", **words, **{"fact:home.use": "住宅"})
    assert season.state(wrong) == "verified"
    assert desk.client.get(pictures[0]).status_code == 409
    season.settle()
    assert season.result(wrong)["seat_type"]["code"] == "1"


def test_from_the_stage_page_to_the_school_page(season: Season) -> None:
    first, second = (season.apply(family(f"{TOWN}00{n}", BORN)) for n in (1, 2))
    desk, other = Desk(season, "kai"), Desk(season, "ping")
    stage = f"/desk/stages/{KANGBASHI}/primary"
    assert "小学" in desk.open("/desk/stages")
    assert "登记还没有结束" in desk.press(f"{stage}/runs", draw="康巴什2026派位")
    season.pass_time(CLOSES + timedelta(minutes=2))
    desk, other = Desk(season, "kai"), Desk(season, "ping")
    desk.press(f"{stage}/settlement")
    season.work()
    assert '<strong id="count-settled">2</strong>' in desk.open(stage)
    page = desk.press(f"{stage}/runs", draw="康巴什2026派位")
    (draw,) = set(re.findall(r"/desk/runs/[0-9a-f-]+/ceremony", page + desk.open(stage)))
    run = draw.removesuffix("/ceremony")
    assert "见证人 1" in desk.open(draw)
    assert "至少要三位见证人" in desk.press(draw, witness=["甲"], office=["家长"])
    _ceremony(desk, draw)
    season.work()
    checked = desk.open(run)
    assert 'data-state="checked"' in checked
    assert "派到学校 2 人，没有派到 0 人" in desk.open(stage)
    (digest,) = re.findall(r'name="output_sha256" value="([0-9a-f]{64})"', checked)
    assert "等待第二名" in desk.press(f"{run}/approval", output_sha256=digest)
    assert "同一个人不能同意两次" in desk.press(f"{run}/approval", output_sha256=digest)
    assert "刷新后重新核对" in other.press(f"{run}/approval", output_sha256="0" * 64)
    assert 'data-state="published"' in other.press(f"{run}/approval", output_sha256=digest)
    season.work()
    season.answer(first, "decline")
    after = desk.open(stage)
    assert "还没有发布" not in after
    assert "等待确认 1 人" in after
    assert "放弃 1 人" in after
    assert f"/public/schools/{P01}/waiting" in after
    told = desk.press(f"{stage}/proposals", kind="special-case", receipt="没有", school=P01, reason="家庭变故")
    assert "没有这个回执号" in told
    special = {"kind": "special-case", "receipt": first.receipt, "school": P01, "reason": "监护人住院，委员会同意"}
    proposed = desk.press(f"{stage}/proposals", **special)
    assert "等待第二人" in proposed
    (approval,) = re.findall(r"/desk/proposals/special-case/[0-9a-f-]+/approval", other.open(stage))
    assert "已签字生效" in other.press(approval)
    assert "再派一轮的原因" in desk.open(stage)
    for one in (first, second):
        season.answer(one, "confirmation")
    _school(season, stage, desk)


def _ceremony(desk: Desk, draw: str) -> None:
    """Through the steps as the page leads; the desk takes commitments and digits one by one."""
    desk.press(draw, witness=list(WITNESSES), office=["家长代表"] * 3)
    page = desk.open(draw)
    (root,) = set(re.findall(r'data-root="([0-9a-f]{64})"', page))
    assert page.count("data:image/svg+xml") == len(WITNESSES)
    assert "至少要三位" in desk.press(f"{draw}/commitments/closing")
    for name, text in WITNESSES.items():
        made = witness_commitment(root, name, text)
        assert "承诺已公布" in desk.press(f"{draw}/commitment", witness=name, commitment=made)
    assert "已截止" in desk.press(f"{draw}/commitments/closing")
    first, *others = WITNESSES
    assert "对不上" in desk.press(f"{draw}/word", witness=first, text="1" * 12)
    for name in (first, *others):
        assert "与承诺一致" in desk.press(f"{draw}/word", witness=name, text=WITNESSES[name])
    assert "算出种子" in desk.press(f"{draw}/words/closing")
    assert "两次输入" in desk.press(f"{draw}/conclusion", number="1", number_again="2")
    assert 'data-state="running"' in desk.press(f"{draw}/conclusion", number="", number_again="")
    assert "看运行进度" in desk.open(draw)


def _school(season: Season, stage: str, desk: Desk) -> None:
    season.official("xiao", "school-admissions", Scope("school", P01))
    school = Desk(season, "xiao")
    home = f"/desk/schools/{P01}"
    assert '<strong id="count-confirmed">1</strong>' in school.open(home)
    assert school.client.get("/desk/schools").location.endswith(home)
    assert "已确认" in school.press(f"{home}/admitted")
    assert "班数不对" in school.press(f"{home}/plan", classes="7")
    assert "方案已公布" in school.press(f"{home}/plan", classes="1")
    (run,) = set(re.findall(r"/desk/runs/([0-9a-f-]+)/ceremony", school.open(home)))
    assert "6 位以上" in school.press(f"/desk/runs/{run}/witness-call", digits="12")
    assert "依次请" in school.press(f"/desk/runs/{run}/witness-call", digits="271828")
    hold_over_http(lambda method, path, body: season.call(method, path, "xiao", json=body), run, WITNESSES)
    season.work()
    assert 'id="balance"' in school.open(home)
    (receipt,) = set(re.findall(r"\d{5}-\d{4}-\d{4}", school.open(f"/public/classes/{P01}")))
    assert "没有这个班" in school.press(f"{home}/classes/moves", no=receipt, to_class="2", reason="委员会决定")
    assert "没有这个编号" in desk.press("/desk/class-departures", school=P01, no="nobody")
    assert "没有等待的变动" in desk.open("/desk/class-moves")
    answer = school.client.post(f"{home}/classes/export", data={"format": "xlsx"})
    assert answer.data[:2] == b"PK"
    school.press(f"{home}/classes/late")
    school.press(f"{home}/records/remaining")
    answer = school.client.post(f"{home}/records", data={"format": "xlsx"})
    assert answer.data[:2] == b"PK"
    assert "已发布" in desk.open(stage)


def test_a_tip_off_is_answered_once(season: Season) -> None:
    told = season.call("POST", "/api/tipoffs", status=201, json={"text": "有人说花钱可以进一小", "school": P01})
    desk = Desk(season, "kai")
    page = desk.open("/desk/tipoffs")
    assert "花钱可以进一小" in page
    (answer,) = re.findall(r"/desk/tipoffs/[0-9a-f-]+/answer", page)
    assert "请写下" in desk.press(answer, answer="无")
    desk.press(answer, answer="已核查，派位全程公开，没有此事。")
    assert "已经答复过了" in desk.press(answer, answer="再答一次，不应当成功。")
    public = season.call("GET", f"/api/tipoffs/{told['receipt']}")
    assert (public["state"], public["answer"]) == ("answered", "已核查，派位全程公开，没有此事。")

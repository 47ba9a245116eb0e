"""The exam office's desk: rules, sheets, quotas, rechecks, the command room, the monitor, the public pages (A50-A52, E04)."""

import csv
import io
import json
from datetime import date, datetime
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select

from backend.foundation.database import db
from backend.foundation.doors import Application
from backend.foundation.tasks import Task
from backend.foundation.unit_of_work import unit_of_work
from backend.notices.rows import Notice
from backend.zhongkao.close_band import close_band
from backend.zhongkao.compare_engines import compare_exam_engines, comparison_of
from backend.zhongkao.deal_quotas import deal_quotas
from backend.zhongkao.give_standing_order import give_standing_order
from backend.zhongkao.move_standing_orders import move_lists
from backend.zhongkao.publish_exam_rules import publish_exam_rules
from backend.zhongkao.rank_candidates import rank_candidates
from backend.zhongkao.recheck_score import RecheckAsked, RecheckNotOpen, ScoresFixed, answer_recheck, ask_recheck
from backend.zhongkao.rows import ExamCandidate, ExamJunior, ExamSession, ExamUnit, QuotaSeat
from backend.zhongkao.rules.eligibility import Applicant, WhyNot, terms_of, why_not
from backend.zhongkao.rules.last_moves import LastMoves
from backend.zhongkao.rules.quota import Junior, deal_quota
from backend.zhongkao.watch_leavers import last_moves_of, leaver_rows, watch_leavers
from tests.exam_builders import (
    YEAR,
    add_candidate,
    at,
    band,
    exam_official,
    further_session,
    listed_session,
    rules_content,
    set_clock,
    wish,
)
from tests.exam_steps import office_client, press, published


@pytest.fixture
def office(app: Application) -> FlaskClient:
    """A client logged in as an official of the exam office."""
    return office_client(app)


def sheet(*rows: list[str]) -> io.BytesIO:
    """A CSV file of these rows."""
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    return io.BytesIO(text.getvalue().encode())


def test_a_season_is_prepared_from_sheets(office: FlaskClient) -> None:
    """Every row's fault is told and nothing is taken over; the dry run changes nothing; scores fix the order."""
    rules = (io.BytesIO(json.dumps(rules_content()).encode()), "rules.json")
    assert press(office, "/desk/exam/rules", "r", file=rules, reason="公布").status_code == 302
    juniors = sheet(
        ["学校代码", "学校名称", "旗区代码", "毕业班数", "毕业生数"], ["150602-J01", "第一初中", "150602", "2", "90"]
    )
    assert (
        "已导入 1 行"
        in press(office, f"/desk/exam/{YEAR}/imports", "j", kind="juniors", press="apply", file=(juniors, "j.csv")).text
    )
    units = [
        ["计划代码", "学校代码", "名称", "旗区代码", "类别", "计划数", "生源范围", "单科线"],
        ["U1", "S1", "市一中", "150602", "普通类", "10", "150602、150603", "语文=80"],
    ]
    tried = press(office, f"/desk/exam/{YEAR}/imports", "u0", kind="units", press="try", file=(sheet(*units), "u.csv"))
    assert "没有改动数据" in tried.text
    assert db.session.execute(select(func.count()).select_from(ExamUnit)).scalar_one() == 0
    press(office, f"/desk/exam/{YEAR}/imports", "u1", kind="units", press="apply", file=(sheet(*units), "u.csv"))
    head = ["准考证号", "姓名", "手机号", "学籍学校代码", "学籍旗区代码", "户籍旗区代码"]
    bad = sheet(
        head,
        ["3100001", "甲", "1390000000", "150602-J09", "150602", "150602"],
        ["3100001", "乙", "", "150602-J01", "150602", "150602"],
    )
    told = press(office, f"/desk/exam/{YEAR}/imports", "c0", kind="candidates", press="apply", file=(bad, "c.csv")).text
    assert "不是11位手机号码" in told
    assert "150602-J09" in told
    good = sheet(
        head,
        ["3100001", "甲", "13900000001", "150602-J01", "150602", "150602"],
        ["3100002", "乙", "", "150602-J01", "150602", "150602"],
    )
    assert (
        "已导入 2 行"
        in press(
            office, f"/desk/exam/{YEAR}/imports", "c1", kind="candidates", press="apply", file=(good, "c.csv")
        ).text
    )
    scores = [
        ["准考证号", "语文", "数学", "英语", "其他"],
        ["3100001", "100", "90.5", "80", "300"],
        ["3100002", "110", "90", "80", "300"],
    ]
    wrong = sheet(*scores, ["3100003", "121", "x", "", "300"])
    faults = press(office, f"/desk/exam/{YEAR}/imports", "s0", kind="scores", press="apply", file=(wrong, "s.csv")).text
    assert all(text in faults for text in ("超过了满分", "不是成绩", "没有准考证号为"))
    press(office, f"/desk/exam/{YEAR}/imports", "s1", kind="scores", press="apply", file=(sheet(*scores), "s.csv"))
    people = db.session.execute(select(ExamCandidate).order_by(ExamCandidate.position)).scalars().all()
    assert [(one.total, one.position, one.ties) for one in people] == [
        (58000, 0, [28000, 11000]),
        (57050, 1, [27050, 10000]),
    ]
    page = office.get("/desk/exam").text
    assert "1 人没有手机号" in page


def test_faulty_rules_tell_every_fault(office: FlaskClient) -> None:
    """Bands must close from the top; unknown subjects and categories are named."""
    content = rules_content(ties=[{"of": ["music"]}])
    content["sessions"][0]["bands"].reverse()
    answer = press(
        office, "/desk/exam/rules", "r", file=(io.BytesIO(json.dumps(content).encode()), "r.json"), reason="公布"
    )
    assert answer.status_code == 422
    assert "没有科目 music" in answer.text
    assert "分数段要从高到低写" in answer.text


def test_the_command_room_shows_and_commands(app: Application, monkeypatch: pytest.MonkeyPatch) -> None:
    """A57: load, bands, statistics; extend, pause, resume, notice; the public timetable tells it all."""
    session, people, units = listed_session({"X": 1, "Y": 2}, [650, 640, 500])
    set_clock(monkeypatch, "09:00:30")
    office = office_client(app)
    wish(session, people[0], units["X"], "09:00")
    wish(session, people[1], units["X"], "09:00:01")
    wish(session, people[2], None, "09:00:02")
    page = office.get(f"/desk/exam/{YEAR}/general-1").text
    assert 'data-state="listed"' in page
    assert "未被接受：当时没有填报：1 次" in page
    where = f"/desk/exam/{YEAR}/general-1"
    assert press(office, f"{where}/extension", "e", band="0", minutes="30", reason="线路故障").status_code == 302
    press(office, f"{where}/pause", "p", reason="检查")
    assert db.session.get_one(ExamSession, session.id, populate_existing=True).paused_at is not None
    press(office, f"{where}/resumption", "q", reason="好了")
    press(office, f"{where}/remarks", "n", text="请注意时间")
    refused = press(office, f"{where}/extension", "e2", band="0", minutes="0", reason="x")
    assert refused.status_code == 302
    assert band(session, 0).close_at == at("11:30")
    public = app.test_client().get(f"/api/zhongkao/{YEAR}/timetable").json
    assert [one["text"][:2] for one in public["sessions"][0]["remarks"]] == ["第 ", "暂停", "恢复", "请注"]
    assert public["sessions"][0]["extensions"][0]["minutes"] == 30
    season = app.test_client().get("/public/zhongkao").text
    assert "线路故障" in season
    assert not any(f"考生31{number:06d}" in season for number in range(3))
    assert office.get("/desk/exam").status_code == 200


def test_late_leavers_and_who_filled_the_gap_are_seen(
    app: Application, office: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """T-1.16, wish 6: H holds Z and leaves in the last minute for friend L; the comparison counts what a list would have
    prevented, and the count of late leavers is public with the result.
    """
    content = rules_content()
    content["sessions"][0]["bands"] = [{"open": "2031-07-15T08:00:00+08:00", "close": "2031-07-15T12:00:00+08:00"}]
    content["sessions"][0]["locks"] = []
    session, (high, middle, friend), units = listed_session({"Z": 1, "W": 2}, [650, 610, 560], content)
    wish(session, high, units["Z"], "09:00")
    wish(session, middle, units["Z"], "09:10")
    wish(session, middle, units["W"], "09:20")
    wish(session, high, units["W"], "11:59:59")
    wish(session, friend, units["Z"], "11:59:59.500")
    watched = watch_leavers(session)
    found = leaver_rows(session, watched)
    assert last_moves_of(session, watched) == LastMoves(leavers=1, pairs=1, chains=1, longest=1, differing=2, losing=1)
    assert [(one["leaver"], one["rank"], one["entered_after"], one["same_junior"]) for one in found] == [
        (f"C{high.id:08d}", 1, [f"C{friend.id:08d}"], True)
    ]
    report = comparison_of(session)
    assert report["held"]["seat_holding_pairs"] == 1
    assert report["held"]["blocking_pairs"] >= 1
    assert report["held"]["blocking_pairs_in_parallel"] == 0
    assert "C0" in office.get(f"/desk/exam/{YEAR}/general-1/leavers").text
    page = f"/desk/exam/{YEAR}/general-1/comparison"
    assert "截止以后才有" in office.get(page).text
    set_clock(monkeypatch, "12:00:06")
    with unit_of_work():
        close_band(band(session, 0).id)
    office = office_client(app)
    assert "正在计算" in office.get(page).text
    (put,) = db.session.execute(select(Task.payload).where(Task.kind == "compare-exam-engines")).scalars()
    for _ in range(2):
        with unit_of_work():
            compare_exam_engines(**put)
    assert "占位帮顶对</td><td>1</td>" in office.get(page).text
    db.session.refresh(session)
    published(session)
    public = office.get("/public/zhongkao").text
    assert "离开计划数以内名次的有 1 人次，其中 1 人次" in public
    assert "占位对 1 对，连成 1 串，最长的一串 1 对" in public
    assert "2 名考生的去向会不同，其中 1 人没有位置" in public


@pytest.mark.usefixtures("app")
def test_a_standing_order_prevents_the_blocking_pair() -> None:
    """Wish 5: with M's list in our hands the same trick gives the place to M."""
    content = rules_content()
    content["sessions"][0]["bands"] = [{"open": "2031-07-15T08:00:00+08:00", "close": "2031-07-15T12:00:00+08:00"}]
    content["sessions"][0]["locks"] = []
    session, (high, middle, friend), units = listed_session({"Z": 1, "W": 2}, [650, 610, 560], content)
    wish(session, high, units["Z"], "09:00")
    with unit_of_work():
        give_standing_order(middle, session, ["Z", "W"], at("09:10"))
    wish(session, high, units["W"], "11:59:59")
    wish(session, friend, units["Z"], "11:59:59.500")
    with unit_of_work():
        move_lists(session.id, [band(session, 0).id], at("11:59:59.999"))
    report = comparison_of(session)
    assert report["held"]["blocking_pairs"] == 0
    assert report["without_orders"]["blocking_pairs"] > 0


def test_quotas_are_dealt_with_residency_and_floor_and_everybody_can_deal_them_again(app: Application) -> None:
    """Domain 1.2, E04, wish 18: average class above 50 counts 50; 学籍 three years; the unit is only for that junior school."""
    content = rules_content(
        categories=[{"code": "general", "name": "普通类"}, {"code": "quota", "name": "指标到校"}],
        quota={
            "category": "quota",
            "class_cap": 50,
            "floor_below_line": "20",
            "residency_years": 3,
            "counted_on": "2031-06-01",
            "schools": [{"school": "S1", "seats": 10, "banners": ["150602"], "line": "560"}],
        },
    )
    content = further_session(content, "quota-1", "quota")
    official = exam_official()
    with unit_of_work():
        publish_exam_rules(official, content, "公布")
        db.session.add(ExamJunior(year=YEAR, code="J1", name="一中", banner="150602", classes=2, pupils=120))
        db.session.add(ExamJunior(year=YEAR, code="J2", name="二中", banner="150602", classes=2, pupils=100))
        db.session.add(ExamJunior(year=YEAR, code="J3", name="外旗", banner="150603", classes=2, pupils=100))
        deal_quotas(official, YEAR)
    dealt = db.session.execute(
        select(QuotaSeat.junior, QuotaSeat.weight, QuotaSeat.seats).order_by(QuotaSeat.junior)
    ).all()
    assert [tuple(row) for row in dealt] == [("J1", 100, 5), ("J2", 100, 5)]
    client = app.test_client()
    rows = client.get(f"/api/zhongkao/{YEAR}/quotas").json["rows"]
    again = deal_quota([Junior(row["junior"], row["classes"], row["pupils"]) for row in rows], 10, 50)
    assert again == [(row["junior"], row["weight"], row["seats"]) for row in rows]
    assert [row["share"] for row in rows] == ["5.00", "5.00"]
    assert "每班按 50 人计" in client.get(f"/public/zhongkao/{YEAR}/quotas").text
    unit = db.session.execute(select(ExamUnit).where(ExamUnit.junior == "J1")).scalar_one()
    terms = terms_of(unit.terms)
    pupil: dict[str, Any] = {"subjects": {}, "school_banner": "150602", "household_banner": "150602"}
    early, late = "2028-05-31", "2028-06-02"

    def reason(**facts: Any) -> WhyNot | None:
        facts["enrolled_on"] = date.fromisoformat(facts.get("enrolled_on", early))
        return why_not(Applicant(**({"total": 60000, "junior": "J1"} | pupil | facts)), terms)

    assert reason() is None
    assert reason(total=53999) is WhyNot.LINE
    assert reason(junior="J2") is WhyNot.QUOTA_SCHOOL
    assert reason(attends=False) is WhyNot.QUOTA_ATTENDANCE
    assert reason(enrolled_on=late) is WhyNot.QUOTA_RESIDENCY


@pytest.mark.usefixtures("app")
def test_a_recheck_can_raise_or_lower_before_the_first_band_only(monkeypatch: pytest.MonkeyPatch) -> None:
    """Domain 1.2: asked in its window; the result counts up or down; afterwards scores stand."""
    content = rules_content(
        recheck={
            "opens": "2031-07-10T08:00:00+08:00",
            "closes": "2031-07-11T18:00:00+08:00",
            "answered_by": "2031-07-13T18:00:00+08:00",
        }
    )
    official = exam_official()
    with unit_of_work():
        publish_exam_rules(official, content, "公布")
        one, two = add_candidate("1", 600), add_candidate("2", 590)
        rank_candidates(YEAR)

    def ask(candidate: ExamCandidate, when: str) -> Any:
        with unit_of_work():
            return ask_recheck(candidate, "others", datetime.fromisoformat(f"2031-07-{when}:00+08:00"))

    with pytest.raises(RecheckNotOpen):
        ask(one, "11T18:00")
    asked, other = ask(one, "10T08:00"), ask(two, "10T09:00")
    with pytest.raises(RecheckAsked):
        ask(one, "10T10:00")
    set_clock(monkeypatch, datetime.fromisoformat("2031-07-12T08:00:00+08:00"))
    with unit_of_work():
        answer_recheck(official, asked.id, "380.5", "第 3 题漏加")
    db.session.expire_all()
    assert (one.total, one.position, two.position) == (38050, 1, 0)
    assert db.session.execute(select(Notice.code)).scalars().all() == ["exam-recheck-changed"]
    set_clock(monkeypatch, "08:00")
    with pytest.raises(ScoresFixed), unit_of_work():
        answer_recheck(official, other.id, "400", "无误")


def test_public_tables_show_counts_and_no_person(app: Application) -> None:
    """A51, T-1.14: rows from the top; a banner with fewer than ten candidates has no table."""
    listed_session({"X": 1}, [600, 598, 598, 595] + [500] * 8)
    data = app.test_client().get(f"/api/zhongkao/{YEAR}/one-fen").json
    assert [tuple(row.values()) for row in data["rows"][:3]] == [(1, 1, "600.00"), (2, 3, "598.00"), (1, 4, "595.00")]
    assert app.test_client().get(f"/api/zhongkao/{YEAR}/one-fen?banner=150603").json["rows"] == []
    assert app.test_client().get(f"/public/zhongkao/{YEAR}/one-fen").status_code == 200
    assert "没有编号为" in app.test_client().get("/public/zhongkao/letters/nothing").text
    assert app.test_client().get(f"/api/zhongkao/{YEAR}/results/X").status_code == 404


def test_the_public_page_speaks_chinese_before_and_after_the_rules_are_public(app: Application) -> None:
    before = app.test_client().get("/public/zhongkao")
    assert (before.status_code, "还没有公布中考志愿填报的规则" in before.text) == (200, True)
    assert 'href="/public/zhongkao"' in app.test_client().get("/").text
    listed_session({"X": 1}, [600] * 12, rules_content(banners={"150602": "东胜区"}))
    after = app.test_client().get("/public/zhongkao").text
    names = {one["code"]: one["name"] for one in rules_content()["categories"]}
    assert f'<td data-of="类别">{names["general"]}</td>' in after
    assert ">general<" not in after
    assert ">东胜区</a>" in after
    assert "一分一段表 · 东胜区" in app.test_client().get(f"/public/zhongkao/{YEAR}/one-fen?banner=150602").text


def test_a_year_that_no_column_holds_is_no_page(app: Application) -> None:
    for path in ("/public/zhongkao/99999999999/one-fen", "/api/zhongkao/99999999999/timetable"):
        assert app.test_client().get(path).status_code == 404

"""Forecasts on the real service (wish 7), from the reading to their score; and lines everybody checks by himself (wish 4)."""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from sqlalchemy import select

from backend.foundation.database import db
from backend.foundation.doors import Application
from backend.foundation.unit_of_work import unit_of_work
from backend.zhongkao.import_exam_sheet import import_exam_sheet
from backend.zhongkao.rows import ExamCandidate, ExamForecast, ExamSession, ExamUnit
from backend.zhongkao.take_reading import take_reading
from sunroll.commands.zhongkao import command
from tests.exam_builders import YEAR, at, exam_official, listed_session, set_clock, wish
from tests.exam_steps import close_all, logged_in, published

LINES = "计划代码,年份,录取最低分,最低分位次,全市考生数\nX,2030,610,100,2000\nX,2029,600,120,2000\n"
TOTALS = [690, 680, 670, 660, 650, 640, 630, 620, 610, 595, 590, 585]


def read_at(session: ExamSession, hour: str) -> None:
    """The reading of a published time, as the task takes it."""
    with unit_of_work():
        take_reading(session.id, at(hour).isoformat())


def held_session() -> tuple[ExamSession, list[ExamCandidate], dict[str, ExamUnit]]:
    """X has four places and Y has five; at nine some have chosen, at the end nearly all have."""
    session, people, units = listed_session({"X": 4, "Y": 5}, TOTALS)
    for person in people[:3]:
        wish(session, person, units["X"], "08:30")
    wish(session, people[9], units["Y"], "08:40")
    read_at(session, "09:00")
    for person in people[3:6]:
        wish(session, person, units["X"], "09:30")
    for person in people[4:9]:
        wish(session, person, units["Y"], "10:00")
    return session, people, units


def test_each_reading_keeps_a_forecast_that_anybody_computes_again(app: Application, tmp_path: Path) -> None:
    """Wish 7: what the service publishes of a reading, run through the command, gives what it published."""
    session, _, _ = held_session()
    read_at(session, "10:30")
    client = app.test_client()
    told = client.get(f"/api/zhongkao/{YEAR}/forecasts/{session.code}").json
    assert told["at"].startswith("2031-07-15T10:30")
    assert [one["unit"] for one in told["units"]] == ["X", "Y"]
    assert told["basis"]["groups"] == [{"group": "001", "units": ["X", "Y"]}]
    (tmp_path / "basis.json").write_text(json.dumps(told), encoding="utf-8")
    run = CliRunner().invoke(command, ["forecast", str(tmp_path / "basis.json"), "--out", str(tmp_path / "out.json")])
    assert run.exit_code == 0, run.output
    assert json.loads((tmp_path / "out.json").read_text(encoding="utf-8"))["units"] == told["units"]
    earlier = client.get(f"/api/zhongkao/{YEAR}/forecasts/{session.code}?at=2031-07-15T09:00:00.000%2B08:00").json
    assert earlier["at"].startswith("2031-07-15T09:00")
    assert earlier["units"][0]["settled_percent"] < told["units"][0]["settled_percent"]
    assert client.get(f"/api/zhongkao/{YEAR}/forecasts/nowhere").status_code == 404
    broken = CliRunner().invoke(command, ["forecast", str(Path(__file__)), "--out", str(tmp_path / "no.json")])
    assert broken.exit_code != 0


def test_a_forecast_is_certain_once_the_bands_above_its_line_are_closed(app: Application) -> None:
    """T-1.4: the first band (600 and more) closes at eleven; X's line lies in it and cannot move any more."""
    session, _, _ = held_session()
    read_at(session, "11:00")
    told = app.test_client().get(f"/api/zhongkao/{YEAR}/forecasts/{session.code}").json
    by_unit = {one["unit"]: one for one in told["units"]}
    assert by_unit["X"] == {
        "unit": "X",
        "low": "660",
        "middle": "660",
        "high": "660",
        "settled_percent": 100,
        "is_certain": True,
    }
    assert told["basis"]["closed_from"] == "600"
    assert by_unit["Y"]["is_certain"]


def test_former_lines_speak_before_anybody_has_chosen(app: Application) -> None:
    """Wish 7: of 2,000 the 100th and the 120th was last in: of twelve this year that is the best one."""
    with unit_of_work():
        office = exam_official()
    session, _, _ = listed_with_former(office)
    read_at(session, "08:10")
    kept = db.session.execute(select(ExamForecast)).scalar_one()
    assert [one["former"] for one in kept.basis["units"]] == [["690", "690"], []]
    assert [(one["unit"], one["middle"]) for one in kept.units] == [("X", "690")]
    page = app.test_client().get(f"/public/zhongkao/{YEAR}/statistics").get_data(as_text=True)
    assert "2030 年 610.00（第 100 名）" in page
    assert "只是估计" in page


def listed_with_former(office: Any) -> tuple[ExamSession, list[ExamCandidate], dict[str, ExamUnit]]:
    """The listed session of `held_session` whose unit X has two former years; a sheet with faults takes nothing over."""
    made: dict[str, Any] = {}

    def with_lines() -> None:
        made["faulty"] = import_exam_sheet(office, YEAR, "lines", "l.csv", FAULTY.encode(), dry_run=False)
        made["sound"] = import_exam_sheet(office, YEAR, "lines", "l.csv", LINES.encode(), dry_run=False)

    found = listed_session({"X": 4, "Y": 5}, TOTALS, before_listing=with_lines)
    assert sorted(fault.row for fault in made["faulty"].faults) == [2, 3, 4, 5]
    assert (made["faulty"].applied, made["sound"].applied) == (False, True)
    return found


FAULTY = (
    "计划代码,年份,录取最低分,最低分位次,全市考生数\nW,2030,610,100,2000\nX,2031,610,100,2000\n"
    "X,2030,很高,100,2000\nY,2030,600,300,200\n"
)


def test_after_the_admission_the_forecasts_are_scored_in_public(
    app: Application, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Wish 7: how many lines lay between the ends, the loss beside the lowest inside of that moment, reading by reading."""
    session, people, units = held_session()
    read_at(session, "10:30")
    wish(session, people[5], units["Y"], "10:45")
    client = app.test_client()
    scores = f"/api/zhongkao/{YEAR}/forecast-scores"
    assert client.get(scores).json["readings"] == []
    close_all(session, monkeypatch)
    published(session)
    told = client.get(scores).json["readings"]
    assert [(one["foretold"], one["certain"]) for one in told] == [(2, 0), (2, 0)]
    assert told[1]["inside"] == 2
    assert (told[1]["compared"], told[1]["loss_current"]) == (2, "0.00")
    assert told[1]["compared_last_year"] == 0
    page = client.get(f"/public/zhongkao/{YEAR}/statistics").get_data(as_text=True)
    assert "估计得准不准" in page


def test_a_candidate_sees_the_forecast_beside_what_he_may_choose(
    app: Application, codes: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Wish 7: with the moment it was made at, so that nobody takes it for the live rank."""
    session, _, _ = held_session()
    set_clock(monkeypatch, "09:10")
    client, headers, _ = logged_in(app, codes, "31000009")
    items = client.get("/api/exam/units?category=general", headers=headers).json["items"]
    assert [one["code"] for one in items if one["forecast"]] == ["X", "Y"]
    told = items[0]["forecast"]
    assert told["at"].startswith("2031-07-15T09:00")
    assert float(told["low"]) <= float(told["middle"]) <= float(told["high"])
    assert session.state == "listed"


def test_everybody_checks_his_admission_by_his_own_score(
    app: Application, codes: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Wish 4: of the unit held at the close, admitted exactly where the own score does not come behind the line."""
    session, people, units = held_session()
    wish(session, people[10], units["X"], "10:15")
    client = app.test_client()
    lines = f"/public/zhongkao/{YEAR}/lines"
    assert "录取还没有公布" in client.get(lines).get_data(as_text=True)
    close_all(session, monkeypatch)
    published(session)
    told = client.get(f"/api/zhongkao/{YEAR}/lines").json["sessions"][0]
    assert told["ties"] == ["语文+数学+英语", "语文"]
    assert [(one["unit"], one["total"], one["admitted"]) for one in told["units"]] == [
        ("X", "660.00", 4),
        ("Y", "610.00", 5),
    ]
    page = client.get(f"{lines}?total=655&tie=&tie=").get_data(as_text=True)
    assert "低于线" in page
    assert "高于线" in page
    assert "请填数字" in client.get(f"{lines}?total=many").get_data(as_text=True)
    for number, expected in (
        ("31000003", [("X", "level", True, True), ("Y", "above", False, False)]),
        ("31000010", [("X", "below", True, False), ("Y", "below", False, False)]),
    ):
        phone, headers, _ = logged_in(app, codes, number)
        own = phone.get("/api/exam/lines", headers=headers).json
        found = [(one["unit"], one["check"], one["held"], one["admitted_here"]) for one in own["items"]]
        assert found == expected
        assert own["tie_names"] == ["语文+数学+英语", "语文"]

"""The stand of every unit for officials, what one candidate saw for a complaint, the published readings for everybody."""

from typing import Any

import pytest
from sqlalchemy import select

from backend.foundation.audit import AuditRow
from backend.foundation.database import db
from backend.foundation.doors import Application
from backend.foundation.unit_of_work import unit_of_work
from backend.zhongkao.take_reading import take_reading
from backend.zhongkao.unit_stand import unit_stand
from tests.exam_builders import YEAR, at, listed_session, set_clock, wish
from tests.exam_steps import logged_in, office_client, press
from tests.phone.canned import answer_to

BY_STATE = {"choices", "admission", "category", "plan", "rank", "check_url"}
"""Keys of a candidate's answers that are there only for who is admitted, or that name what he holds."""
WHERE = f"/desk/exam/{YEAR}"


def test_officials_read_how_every_unit_stands(app: Application, monkeypatch: pytest.MonkeyPatch) -> None:
    """T-1.1: plan 3 with a tie at the line: four inside, the line at 590, three level; filters leave rows out."""
    session, people, units = listed_session({"X": 3, "Y": 2, "Z": 0}, [600, 590, 590, 590, 585, 500])
    set_clock(monkeypatch, "09:30")
    for person in people[:5]:
        wish(session, person, units["X"], "09:00")
    wish(session, people[5], units["Y"], "09:00")
    told = unit_stand(YEAR, "", "", "")
    kept = ("code", "plan", "chosen", "inside", "lowest", "level", "vacant")
    assert [tuple(row[key] for key in kept) for row in told["rows"]] == [
        ("X", 3, 5, 4, "590.00", 3, 0),
        ("Y", 2, 1, 1, None, 0, 1),
        ("Z", 0, 0, 0, None, 0, 0),
    ]
    assert told["total"] == {"plan": 5, "chosen": 6, "inside": 5, "vacant": 1}
    assert [row["code"] for row in unit_stand(YEAR, "general", "vacant", "")["rows"]] == ["Y"]
    assert [row["code"] for row in unit_stand(YEAR, "general", "full", "X")["rows"]] == ["X"]
    assert unit_stand(YEAR, "talent", "", "")["rows"] == []
    page = office_client(app).get(f"{WHERE}/units?category=general").text
    assert "590.00" in page
    assert "同位超 1" in page
    assert app.test_client().get(f"{WHERE}/units").status_code == 302


def test_a_complaint_is_replayed_at_the_desk_and_the_look_is_written_down(
    app: Application, monkeypatch: pytest.MonkeyPatch
) -> None:
    """T-1.5: the rank as it moved, and every wish in his name; nobody looks without naming the complaint."""
    session, (high, low), units = listed_session({"X": 1}, [650, 640])
    set_clock(monkeypatch, "09:00")
    wish(session, low, units["X"], "09:00")
    set_clock(monkeypatch, "09:30")
    wish(session, high, units["X"], "09:30")
    wish(session, low, None, "10:10")
    set_clock(monkeypatch, "11:30")
    office, where = office_client(app), f"{WHERE}/general-1/seen"
    asked = {"number": "31000001", "since": "2031-07-15T08:00:00", "until": "2031-07-15T11:00:00"}
    assert press(office, where, "a", **asked, reason=" ").status_code == 422
    assert press(office, where, "b", **(asked | {"number": "99"}), reason="申诉 7").status_code == 404
    assert press(office, where, "c", **(asked | {"since": "soon"}), reason="申诉 7").status_code == 422
    page = press(office, where, "d", **asked, reason="申诉 7").text
    assert page.index('data-of="名次">1<') < page.index('data-of="名次">2<')
    assert "那时已经不能撤销或新填" in page
    assert "31000001" in page
    looks = db.session.execute(select(AuditRow).where(AuditRow.action == "exam-candidate.replayed")).scalars().all()
    assert [(look.reason, look.facts["session"]) for look in looks] == [("申诉 7", "general-1")]
    assert office.get(where).status_code == 200


def test_everybody_reads_the_published_readings_in_seven_columns(
    app: Application, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A52: the newest reading, and each earlier one; before the first there is none."""
    session, people, units = listed_session({"X": 1}, [650, 640])
    client, where = app.test_client(), f"/public/zhongkao/{YEAR}/statistics"
    assert "还没有到公布填报情况的时间" in client.get(where).text
    for hour, arrival, person in (("09:00", "08:59:59", people[0]), ("10:00", "09:30", people[1])):
        wish(session, person, units["X"], arrival)
        set_clock(monkeypatch, f"{hour}:05")
        with unit_of_work():
            take_reading(session.id, at(hour).isoformat())
    newest, first = client.get(where).text, client.get(f"{where}?reading=0").text
    assert 'data-of="已报考人数">2<' in newest
    assert 'data-of="已报考人数">1<' in first
    assert 'data-of="预计 1:1 投档最低分">650<' in first


def lacking(canned: Any, told: Any, path: str = "") -> list[str]:
    """The keys of the canned answer that the service's answer does not have; of lists, the first rows are compared."""
    if isinstance(canned, list) and isinstance(told, list):
        return lacking(canned[0], told[0], f"{path}/0") if canned and told else []
    if not isinstance(canned, dict) or not isinstance(told, dict):
        return []
    missing = [f"{path}/{key}" for key in canned.keys() - told.keys()]
    return missing + [
        fault for key in canned.keys() & told.keys() for fault in lacking(canned[key], told[key], f"{path}/{key}")
    ]


def test_the_canned_answers_that_the_phone_s_pages_are_tested_with_are_the_service_s(
    app: Application, codes: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A50, A51, A53: a page that reads a key which nobody sends stays empty for ever, and no canned test would say so."""
    session, people, units = listed_session({"X": 2}, [650 - place for place in range(12)])
    set_clock(monkeypatch, "09:00")
    client, headers, _ = logged_in(app, codes, "31000000")
    wish(session, people[0], units["X"], "09:00")
    for path in ("me", "units", "diary", "admission"):
        told = client.get(f"/api/exam/{path}?category=general", headers=headers).json
        canned = {key: one for key, one in answer_to(f"/api/exam/{path}").items() if key not in BY_STATE}
        assert lacking(canned, told) == [], path
    assert lacking(answer_to("/api/zhongkao/2026/one-fen"), client.get(f"/api/zhongkao/{YEAR}/one-fen").json) == []

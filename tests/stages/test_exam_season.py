"""From log-in to letter: candidates over HTTP, the closing, the run, two officials, admission, the chain (A49-A56, P3, P5)."""

import copy
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import segno
from flask.testing import FlaskClient
from sqlalchemy import func, select, text

from backend.foundation.database import db
from backend.foundation.doors import Application
from backend.foundation.unit_of_work import unit_of_work
from backend.notices.rows import Notice
from backend.publication.ledger_folder import public_folder, sealed_folder
from backend.publication.runs import frozen_input_of, output_of
from backend.zhongkao.admission_view import admission_view, letter_address
from backend.zhongkao.admit_exam import admit_exam
from backend.zhongkao.candidate_view import candidate_view
from backend.zhongkao.command_session import extend_band
from backend.zhongkao.exam_places import rule_of_session
from backend.zhongkao.freeze_admission import SessionStillOpen, freeze_admission
from backend.zhongkao.list_session import SessionNotReady, list_session
from backend.zhongkao.report_in import settle_admission, standing_admission
from backend.zhongkao.rows import ExamAdmission, ExamChoice, ExamSession, SessionUnit
from backend.zhongkao.rules.admission import run_admission
from backend.zhongkao.rules.admission_checker import check_admission
from tests.exam_builders import DAY, add_unit, band, exam_official, listed_session, set_clock, wish
from tests.exam_steps import close_all, close_and_publish, logged_in, published, two_categories
from verify.__main__ import run as verify


def choose(client: FlaskClient, headers: dict[str, str], unit: str, key: str, **more: Any) -> Any:
    """PUT one choice."""
    return client.put(
        "/api/exam/choices/general", json={"unit": unit, **more}, headers={**headers, "Idempotency-Key": key}
    )


def test_a_candidate_logs_in_chooses_and_reads_the_diary(
    app: Application, codes: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A53-A55: chosen by the own score and the published plan; the answer to a change carries its receipt and the new rank."""
    listed_session({"X": 1, "Y": 1}, [650, 640])
    set_clock(monkeypatch, "09:00")
    client, headers, welcome = logged_in(app, codes, "31000001")
    assert welcome["new_device"] is False
    assert welcome["candidate"]["total"] == "640.00"
    assert (welcome["candidate"]["city_rank"], welcome["candidate"]["band"]["state"]) == (2, "open")
    answer = choose(client, headers, "X", "k1")
    assert answer.status_code == 200, answer.json
    assert (answer.json["standing"]["rank"], answer.json["standing"]["inside"]) == (1, True)
    assert answer.json["receipt"].startswith("ZK")
    again = choose(client, headers, "X", "k1")
    assert again.json["receipt"] == answer.json["receipt"]
    refused = choose(client, headers, "Nowhere", "k2")
    assert (refused.status_code, refused.json["code"]) == (422, "unknown-unit")
    diary = client.get("/api/exam/diary", headers=headers).json["items"]
    assert [(entry["what"], entry["unit"], entry["refused"]) for entry in diary] == [
        ("choose", "X", None),
        ("logged-in", None, None),
    ]
    assert diary[0]["device"] == diary[1]["device"]
    units = client.get("/api/exam/units?category=general", headers=headers).json["items"]
    assert [unit["eligible"] for unit in units] == [True, True]
    me = client.get("/api/exam/me", headers=headers).json
    assert (me["choices"], me["categories"][0]["chosen"]) == ({"general": "X"}, "X中学")
    assert client.get("/api/exam/me").status_code == 401


def test_a_new_device_needs_a_code_for_each_change(
    app: Application, codes: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Domain 1.6-6: a stolen log-in changes nothing without the phone; the first device stays trusted."""
    listed_session({"X": 1, "Y": 1}, [650])
    set_clock(monkeypatch, "08:00")
    first_client, first_headers, _ = logged_in(app, codes, "31000000")
    set_clock(monkeypatch, "09:00")
    client, headers, welcome = logged_in(app, codes, "31000000", "another")
    assert welcome["new_device"] is True
    refused = choose(client, headers, "X", "k1")
    assert refused.json["code"] == "change-code-needed"
    sent = len(codes)
    assert (
        choose(client, headers, "X", "k2", code="000000" if codes[-1] != "000000" else "1").json["code"]
        == "exam-code-wrong"
    )
    assert choose(client, headers, "X", "k3", code=codes[-1]).status_code == 200
    set_clock(monkeypatch, "09:01")
    assert choose(client, headers, "Y", "k4").json["code"] == "change-code-needed"
    assert len(codes) == sent + 1
    assert choose(first_client, first_headers, "Y", "k5").status_code == 200


def test_a_log_in_that_was_ended_shows_and_changes_nothing(
    app: Application, codes: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """D13: from the log-out on the token is worth nothing, on this device and on any other; a new log-in is not touched."""
    listed_session({"X": 1}, [650])
    set_clock(monkeypatch, "09:00")
    client, headers, _ = logged_in(app, codes, "31000000")
    assert client.delete("/api/exam/session", headers=headers).status_code == 204
    assert client.get("/api/exam/me", headers=headers).status_code == 401
    assert client.get("/api/exam/diary", headers=headers).status_code == 401
    assert choose(client, headers, "X", "k1").status_code == 401
    set_clock(monkeypatch, "09:02")
    again, fresh, _ = logged_in(app, codes, "31000000")
    assert again.get("/api/exam/me", headers=fresh).status_code == 200
    forged = {"Authorization": headers["Authorization"][:-3] + "AAA"}
    assert client.get("/api/exam/me", headers=forged).status_code == 401


def test_an_unknown_exam_number_is_answered_like_a_known_one(
    app: Application, codes: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """D13: nobody finds out which numbers exist, not by asking again at once or after a while either."""
    listed_session({"X": 1}, [650])
    told: dict[str, list[Any]] = {"99999999": [], "31000000": []}
    for moment in ("08:00", "08:00:30", "08:02"):
        set_clock(monkeypatch, moment)
        for number, answers in told.items():
            answer = app.test_client().post("/api/exam/login/code", json={"exam_number": number}).json
            answers.append(answer.get("phone_masked") or answer["code"])
    for first, again, later in told.values():
        assert (len(first), again, later) == (11, "codes-too-often", first)
    assert len(codes) == 2


def test_a_standing_order_over_http(app: Application, codes: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """托管志愿: left, seen, taken back."""
    listed_session({"X": 1, "Y": 1}, [650, 640])
    set_clock(monkeypatch, "09:00")
    client, headers, _ = logged_in(app, codes, "31000001")
    keyed = {**headers, "Idempotency-Key": "o1"}
    left = client.put("/api/exam/standing-order", json={"units": ["Y", "X"]}, headers=keyed)
    assert left.json["standing_order"] == ["Y", "X"]
    me = client.get("/api/exam/me", headers=headers).json
    assert (me["choices"], me["standing_order"]) == ({"general": "Y"}, ["Y", "X"])
    twice = client.put(
        "/api/exam/standing-order", json={"units": ["Y", "Y"]}, headers={**headers, "Idempotency-Key": "o2"}
    )
    assert twice.json["code"] == "standing-order-length"
    gone = client.delete("/api/exam/standing-order", headers={**headers, "Idempotency-Key": "o3"})
    assert gone.status_code == 204
    assert client.get("/api/exam/me", headers=headers).json["standing_order"] == []
    diary = client.get("/api/exam/diary", headers=headers).json["items"]
    told = {(entry["what"], entry["unit_name"]) for entry in diary}
    names = "Y中学、X中学"
    assert told == {("order-ended", names), ("moved", "Y中学"), ("ordered", names), ("logged-in", None)}


def test_a_complaint_is_answered_from_the_log(
    app: Application, codes: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """T-1.5: in the teens all day, 43rd five seconds before the close: every figure with its time."""
    session, people, units = listed_session({"X": 1}, [590, 595, 597])
    for hour, person in (("09:00", 0), ("10:00", 1), ("10:29:59.999", 2)):
        set_clock(monkeypatch, hour)
        wish(session, people[person], units["X"], hour)
    client, headers, _ = logged_in(app, codes, "31000000")
    span = {"session": "general-1", "since": f"{DAY}09:30:00+08:00", "until": f"{DAY}11:00:00+08:00"}
    with db.engine.connect() as somebody_else:
        name = {"name": f"exam-seen/{session.id}"}
        somebody_else.execute(text("SELECT pg_advisory_xact_lock(hashtextextended(:name, 0))"), name)
        busy = client.get("/api/exam/seen", query_string=span, headers=headers)
    assert (busy.status_code, busy.json["code"]) == (429, "seen-busy")
    items = client.get("/api/exam/seen", query_string=span, headers=headers).json["items"]
    assert [(item["at"][11:], item["rank"], item["inside"]) for item in items] == [
        ("09:00:00.000+08:00", 1, True),
        ("10:00:00.000+08:00", 2, False),
        ("10:29:59.999+08:00", 3, False),
    ]
    bad = client.get("/api/exam/seen", query_string=span | {"since": "gestern"}, headers=headers)
    assert bad.json["code"] == "span-unclear"


def test_admission_is_one_run_over_the_frozen_set_checked_and_released_by_two(
    app: Application, codes: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A56: full ties at the last place are admitted over plan; the letter, whose QR leads to its proof, and the report-in."""
    told_to_qr: list[str] = []
    drawn = segno.make
    monkeypatch.setattr(segno, "make", lambda text, **how: told_to_qr.append(text) or drawn(text, **how))
    session, people, units = listed_session({"X": 1, "Y": 2}, [650, 640, 640, 590])
    for person in people[1:3]:
        wish(session, person, units["X"], "09:00")
    wish(session, people[3], units["X"], "09:00:01")
    with pytest.raises(SessionStillOpen), unit_of_work():
        freeze_admission(exam_official(), session)
    close_all(session, monkeypatch)
    run = published(session)
    admitted = db.session.execute(
        select(ExamAdmission.candidate_id, ExamAdmission.rank, ExamAdmission.level_with).order_by(
            ExamAdmission.candidate_id
        )
    ).all()
    assert [tuple(row) for row in admitted] == [(people[1].id, 1, 2), (people[2].id, 1, 2)]
    assert output_of(run) == run_admission(frozen_input_of(run))
    client, headers, _ = logged_in(app, codes, "31000001")
    seen = client.get("/api/exam/admission", headers=headers).json
    assert (seen["state"], seen["unit"]) == ("admitted", "X")
    letter = client.get("/api/exam/letter.pdf", headers=headers)
    assert letter.data.startswith(b"%PDF")
    own = db.session.execute(select(ExamAdmission).where(ExamAdmission.candidate_id == people[1].id)).scalar_one()
    address = letter_address(own)
    assert told_to_qr[-1] == address
    page = app.test_client().get(urlsplit(address).path).text
    assert "通知书是真的：2031 年，X中学" in page
    assert "考生 考*1，准考证号末三位 001" in page
    assert "31000001" not in page
    come = client.post("/api/exam/report-in", headers={**headers, "Idempotency-Key": "r"})
    assert come.json["state"] == "reported-in"
    set_clock(monkeypatch, "12:02:00")
    other, others_headers, _ = logged_in(app, codes, "31000003")
    assert other.get("/api/exam/letter.pdf", headers=others_headers).json["code"] == "not-admitted"


@pytest.mark.usefixtures("app")
def test_the_checker_sees_every_single_lie(monkeypatch: pytest.MonkeyPatch) -> None:
    """The independent checker refuses a result in which one value was changed, whichever it is."""
    session, people, units = listed_session({"X": 1, "Y": 1}, [650, 640, 590])
    wish(session, people[0], units["X"], "08:30")
    wish(session, people[1], units["X"], "09:00")
    wish(session, people[2], None, "09:30")
    close_all(session, monkeypatch)
    with unit_of_work():
        run = freeze_admission(exam_official(), session)
        admit_exam(str(run.id))
    value, output = frozen_input_of(run), output_of(run)
    assert check_admission(value, output).passed
    for place, lie in _lies(output):
        assert not check_admission(value, lie).passed, place


def _lies(output: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    """Copies of the result with one leaf changed."""
    found: list[tuple[str, dict[str, Any]]] = []

    def walk(here: Any, path: tuple[Any, ...]) -> None:
        if isinstance(here, dict | list) and here:
            keys = here if isinstance(here, dict) else range(len(here))
            for key in keys:
                walk(here[key], (*path, key))
            return
        found.append(("/".join(map(str, path)), _changed(output, path)))

    walk(output, ())
    return found


def _changed(output: dict[str, Any], path: tuple[Any, ...]) -> dict[str, Any]:
    lie = copy.deepcopy(output)
    parent: Any = lie
    for key in path[:-1]:
        parent = parent[key]
    former = parent[path[-1]]
    if isinstance(former, bool):
        parent[path[-1]] = not former
    elif isinstance(former, int):
        parent[path[-1]] = former + 1
    elif isinstance(former, list):
        parent[path[-1]] = ["C99999999"]
    else:
        parent[path[-1]] = "999" if former is None else None
    return lie


def test_who_is_admitted_earlier_is_locked_later_and_a_later_round_gives_what_is_left(
    app: Application, monkeypatch: pytest.MonkeyPatch
) -> None:
    """T-1.6 and 征集: the chain of categories, the lowered line, the returned file that is free again, told at once."""
    session, people, units = listed_session({}, [650, 640, 490], two_categories())
    del session, units
    talent = db.session.execute(select(ExamSession).where(ExamSession.code == "talent-1")).scalar_one()
    general = db.session.execute(select(ExamSession).where(ExamSession.code == "general-1")).scalar_one()
    extra = db.session.execute(select(ExamSession).where(ExamSession.code == "general-2")).scalar_one()
    with unit_of_work():
        sport = add_unit("S", 1, category="talent")
        db.session.add(SessionUnit(session_id=talent.id, unit_id=sport.id, plan=1, made_of={}))
        hall = add_unit("G", 2)
    with pytest.raises(SessionNotReady), unit_of_work():
        list_session(general.id)
    assert wish(talent, people[0], sport, "09:00").refused is None
    close_all(talent, monkeypatch)
    published(talent)
    with unit_of_work():
        list_session(general.id)
    assert (
        wish(general, people[0], hall, datetime.fromisoformat("2031-07-16T09:00:00+08:00")).refused
        == "admitted-earlier"
    )
    assert (
        wish(general, people[2], hall, datetime.fromisoformat("2031-07-16T09:00:00+08:00")).refused
        == "unknown-candidate"
    )
    assert wish(general, people[1], hall, datetime.fromisoformat("2031-07-16T09:00:00+08:00")).refused is None
    close_and_publish(general, monkeypatch, 16)
    returned = standing_admission(people[1].id)
    assert returned is not None
    with unit_of_work():
        settle_admission(exam_official(), returned.id, "returned", "体检不符")
    told = select(Notice.code).where(Notice.key == f"exam-returned/{returned.id}")
    assert db.session.execute(told).scalars().all() == ["exam-returned"]
    with unit_of_work():
        list_session(extra.id)
    view = candidate_view(people[1])
    assert [(one["name"], one["state"]) for one in view["categories"]][1] == ("普通类征集", "upcoming")
    page = app.test_client().get("/public/zhongkao").text
    assert "总分 480 分及以上的考生可以填报" in page
    assert "各单位剩余的名额看" in page
    assert db.session.get_one(SessionUnit, (extra.id, hall.id)).plan == 2
    listed = db.session.execute(
        select(func.count()).where(ExamChoice.session_id == extra.id, ExamChoice.locked_by.is_(None))
    ).scalar_one()
    assert listed == 2
    assert wish(extra, people[2], hall, datetime.fromisoformat("2031-07-17T09:00:00+08:00")).refused is None
    assert wish(extra, people[1], hall, datetime.fromisoformat("2031-07-17T09:00:00+08:00")).refused is None
    close_and_publish(extra, monkeypatch, 17)
    told = admission_view(people[2])
    assert (told["state"], told["category"], told["rank"], told["plan"]) == ("admitted", "普通类征集", 2, 2)


@pytest.mark.usefixtures("app")
def test_who_held_a_unit_and_was_not_admitted_is_told_so(monkeypatch: pytest.MonkeyPatch) -> None:
    """A56: by the session's name; nothing is said before the switch, and nothing of a session he held nothing in."""
    session, (first, second, idle), units = listed_session({"Z": 1}, [650, 640, 620])
    for person in (first, second):
        assert wish(session, person, units["Z"], "09:00").refused is None
    assert admission_view(second)["not_admitted"] == []
    close_all(session, monkeypatch)
    published(session)
    assert admission_view(first)["state"] == "admitted"
    assert admission_view(second)["not_admitted"] == [rule_of_session(session).name]
    assert admission_view(idle)["not_admitted"] == []


@pytest.mark.usefixtures("app")
def test_a_place_left_in_one_category_is_given_to_another_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """E04, domain 1.3: empty places move to another category's units of the school; the next round does not count them again."""
    content = two_categories()
    extra = content["sessions"][2]
    extra["takes_over"] = ["talent"]
    bands = [{"open": "2031-07-18T08:00:00+08:00", "close": "2031-07-18T12:00:00+08:00"}]
    content["sessions"].append(extra | {"code": "general-3", "name": "普通类第三轮", "round": 3, "bands": bands})
    listed_session({}, [650, 640, 490], content)
    by_code = {one.code: one for one in db.session.execute(select(ExamSession)).scalars()}
    talent, general, second, third = (by_code[code] for code in ("talent-1", "general-1", "general-2", "general-3"))
    with unit_of_work():
        sport = add_unit("S", 3, category="talent", school="A")
        db.session.add(SessionUnit(session_id=talent.id, unit_id=sport.id, plan=3, made_of={"own": 3}))
        hall = add_unit("G", 1, school="A")
    close_all(talent, monkeypatch)
    published(talent)
    with unit_of_work():
        list_session(general.id)
    close_and_publish(general, monkeypatch, 16)
    with unit_of_work():
        list_session(second.id)
    assert db.session.get_one(SessionUnit, (second.id, hall.id)).made_of == {"own": 1, "talent": 3}
    close_and_publish(second, monkeypatch, 17)
    with unit_of_work():
        list_session(third.id)
    assert db.session.get_one(SessionUnit, (third.id, hall.id)).made_of == {"own": 4}


@pytest.mark.usefixtures("app")
def test_an_extension_moves_every_later_session_that_it_would_run_into() -> None:
    """Domain 1.6-2: the exam office gives a band a day more; the sessions after it begin a day later, locks included."""
    content = two_categories()
    content["sessions"][1]["locks"] = [{"at": "2031-07-16T10:00:00+08:00", "forbid": ["clear"]}]
    session, *_ = listed_session({}, [650], content)
    later = list(db.session.execute(select(ExamSession).order_by(ExamSession.id)).scalars())[1:]
    before = [band(one, 0).open_at for one in later]
    with unit_of_work():
        extend_band(exam_official(), session, 1, 24 * 60, "停电")
    assert [band(one, 0).open_at - earlier for one, earlier in zip(later, before, strict=True)] == [
        timedelta(days=1)
    ] * 2
    assert band(later[0], 0).no_clear_from == datetime.fromisoformat("2031-07-17T10:00:00+08:00")


def test_the_admission_stands_in_the_ledger_and_both_checkers_recompute_it(
    app: Application, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """The switch enters the run into the season's chain, behind the rules it was made by."""
    assert app is not None
    session, people, units = listed_session({"X": 1}, [650, 590])
    wish(session, people[0], units["X"], "09:00")
    close_all(session, monkeypatch)
    published(session)
    assert any(name.endswith("exam-admission/public.json") for name in public_folder("2031"))
    (shown,) = [each for each in app.test_client().get("/api/ledger").json["items"] if each["season"] == "2031"]
    assert "2031 年中考" in shown["decisions"][-1]["title"]
    for name, data in sealed_folder("2031").items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(data)
    assert verify(str(tmp_path)) == 0

"""What candidates meet beside the choosing itself: before a session, below its line, at the exam office's counter (A50, A56, D13)."""

import io
import json

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from backend.foundation.audit import AccessRow
from backend.foundation.database import db
from backend.foundation.doors import Application
from backend.foundation.unit_of_work import unit_of_work
from backend.zhongkao.admission_view import admission_view
from backend.zhongkao.publish_exam_rules import publish_exam_rules
from backend.zhongkao.rank_candidates import rank_candidates
from backend.zhongkao.report_in import settle_admission, standing_admission
from backend.zhongkao.rows import ExamAdmission, ExamCandidate
from tests.exam_builders import (
    YEAR,
    add_candidate,
    add_unit,
    at,
    exam_official,
    listed_session,
    rules_content,
    set_clock,
    wish,
)
from tests.exam_steps import close_all, close_and_publish, logged_in, office_client, press, published, two_categories

RECHECK = {
    "opens": "2031-07-10T08:00:00+08:00",
    "closes": "2031-07-11T18:00:00+08:00",
    "answered_by": "2031-07-13T18:00:00+08:00",
}


@pytest.fixture
def office(app: Application) -> FlaskClient:
    """A client logged in as an official of the exam office."""
    return office_client(app)


@pytest.mark.parametrize(
    ("written", "said"),
    [
        (b"PK\x03\x04\xff\xfe", "UTF-8"),
        (b"{ not", "JSON"),
        (b"[1, 2]", "花括号"),
        (json.dumps(rules_content(city="x", subjects=[{"code": "A", "name": "a", "full": "x"}])).encode(), "1506"),
    ],
)
def test_a_wrong_file_of_rules_is_told_in_chinese_and_changes_nothing(
    office: FlaskClient, written: bytes, said: str
) -> None:
    """Neither another kind of file nor a slip of the pen is a fault of the system."""
    answer = press(office, "/desk/exam/rules", "r", file=(io.BytesIO(written), "r.json"), reason="公布")
    assert answer.status_code == 422
    assert said in answer.text
    assert "还没有" not in answer.text
    assert "should" not in answer.text
    assert "Input" not in answer.text


def test_before_the_listing_a_candidate_sees_his_band_and_the_schools(app: Application, codes: list[str]) -> None:
    """A50, A53: half a day before the list is made his own times, the plan and the recheck already stand on his page."""
    with unit_of_work():
        publish_exam_rules(exam_official(), rules_content(recheck=RECHECK), "公布")
        add_unit("X", 1)
        add_candidate("31000000", 650)
        rank_candidates(YEAR)
    client, headers, welcome = logged_in(app, codes, "31000000")
    me = welcome["candidate"]
    assert (me["band"]["number"], me["band"]["listed"], me["band"]["state"]) == (1, False, "upcoming")
    assert me["categories"][0]["opens_at"] == me["band"]["opens_at"] == "2031-07-15T08:00:00.000+08:00"
    assert me["recheck"]["state"] == "upcoming"
    units = client.get("/api/exam/units?category=general", headers=headers).json["items"]
    assert [(one["code"], one["plan"], one["eligible"]) for one in units] == [("X", 1, True)]


def test_a_candidate_below_the_line_is_told_so(app: Application, codes: list[str]) -> None:
    """A53: who takes no part reads why, and at which score it begins."""
    content = rules_content()
    content["sessions"][0]["line"] = "500"
    listed_session({"X": 1}, [650, 400], content)
    me = logged_in(app, codes, "31000001")[2]["candidate"]
    assert (me["band"], me["left_out"]) == (None, {"session": "普通类", "line": "500"})
    assert me["categories"][0]["state"] == "not-in"
    assert logged_in(app, codes, "31000000")[2]["candidate"]["left_out"] is None


def test_the_choice_of_a_round_that_is_over_is_none_of_the_next(
    app: Application, codes: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """征集: who came away empty begins the further round with nothing chosen; the admitted have no band in it."""
    content = two_categories()
    content["categories"], content["sessions"] = content["categories"][1:], content["sessions"][1:]
    session, people, units = listed_session({"X": 1}, [650, 640], content)
    for person in people:
        wish(session, person, units["X"], at("09:00").replace(day=16))
    close_and_publish(session, monkeypatch, 16)
    client, headers, _ = logged_in(app, codes, "31000001")
    me = client.get("/api/exam/me", headers=headers).json
    assert me["band"]["session"] == "普通类征集"
    first, first_headers, _ = logged_in(app, codes, "31000000", "tablet-2")
    assert first.get("/api/exam/me", headers=first_headers).json["band"] is None


def admitted_alone(monkeypatch: pytest.MonkeyPatch) -> tuple[ExamCandidate, ExamAdmission]:
    """The only candidate of a published session, and his admission."""
    session, people, units = listed_session({"X": 1}, [650])
    wish(session, people[0], units["X"], "09:00")
    close_all(session, monkeypatch)
    published(session)
    admission = standing_admission(people[0].id)
    assert admission is not None
    return people[0], admission


def test_a_letter_whose_file_was_returned_holds_no_more(app: Application, monkeypatch: pytest.MonkeyPatch) -> None:
    """A56: the candidate reads the reason, the public page warns whoever is shown the paper."""
    candidate, admission = admitted_alone(monkeypatch)
    page = f"/public/zhongkao/letters/{admission.letter}"
    assert "是真的" in app.test_client().get(page).text
    assert admission_view(candidate)["check_url"].endswith(page)
    with unit_of_work():
        settle_admission(exam_official(), admission.id, "returned", "体检不合格")
    told = admission_view(candidate)
    assert (told["state"], told["reason"], told["check_url"], told["letter_url"]) == (
        "returned",
        "体检不合格",
        None,
        None,
    )
    said = app.test_client().get(page).text
    assert "已经失效" in said
    assert "是真的" not in said


def test_whoever_looks_at_a_list_of_the_admitted_is_written_down(
    app: Application, monkeypatch: pytest.MonkeyPatch
) -> None:
    """P13: names and numbers of minors stand on it, so each look has a line for each of them, and only for them."""
    session, people, units = listed_session({"X": 1, "Y": 1}, [650, 640])
    for person, unit in zip(people, units.values(), strict=True):
        wish(session, person, unit, "09:00")
    close_all(session, monkeypatch)
    published(session)
    page = office_client(app).get(f"/desk/exam/{YEAR}/general-1/admissions?unit=Y").text
    assert "31000001" in page
    looks = db.session.execute(select(AccessRow).where(AccessRow.object_kind == "exam-candidate")).scalars().all()
    assert [(look.role, look.object_id, look.purpose) for look in looks] == [
        ("exam-office", str(people[1].id), "admitted list of general-1 Y")
    ]


def test_a_letter_is_printed_at_the_counter_as_long_as_it_stands(
    app: Application, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A56: for who has no phone; each letter that is opened is written down."""
    _, admission = admitted_alone(monkeypatch)
    office, where = office_client(app), f"/desk/exam/admissions/{admission.id}/letter.pdf"
    assert where in office.get(f"/desk/exam/{YEAR}/general-1/admissions").text
    assert office.get(where).data.startswith(b"%PDF")
    purposes = db.session.execute(select(AccessRow.purpose)).scalars().all()
    assert f"letter {admission.letter}" in purposes
    with unit_of_work():
        settle_admission(exam_official(), admission.id, "returned", "体检不合格")
    assert office.get(where).status_code == 409
    assert where not in office.get(f"/desk/exam/{YEAR}/general-1/admissions").text


def test_rechecks_wait_on_the_desk_under_their_subjects_names(
    app: Application, codes: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Domain 1.2: the candidate asks on his phone, the desk names the subject, the answer stands on both."""
    with unit_of_work():
        publish_exam_rules(exam_official(), rules_content(recheck=RECHECK), "公布")
        add_candidate("31000000", 390)
        rank_candidates(YEAR)
    set_clock(monkeypatch, at("09:00").replace(day=10))
    office = office_client(app)
    client, headers, _ = logged_in(app, codes, "31000000")
    keyed = headers | {"Idempotency-Key": "k"}
    assert client.post("/api/exam/rechecks/others", headers=keyed).status_code == 201
    page = office.get("/desk/exam").text
    assert "1 份待答复" in page
    assert "31000000 · 其他 · 原 390.00" in page
    (look,) = db.session.execute(select(AccessRow)).scalars()
    (row,) = client.get("/api/exam/rechecks", headers=headers).json["items"]
    press(office, f"/desk/exam/rechecks/{row['id']}", "a", score="391", finding="漏加一分")
    page = office.get("/desk/exam").text
    assert "已答复 1 份" in page
    assert "31000000" not in page
    assert db.session.execute(select(AccessRow)).scalars().all() == [look]
    (row,) = client.get("/api/exam/rechecks", headers=headers).json["items"]
    assert (row["state"], row["after"], row["finding"]) == ("changed", "391.00", "漏加一分")


def test_a_subject_without_a_score_can_be_asked_about(
    app: Application, codes: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Domain 1.2: a script that was never marked is a reason to look again; what does not count is not asked about."""
    extra = {"code": "mongolian", "name": "蒙古语文乙", "full": "120", "counts": False}
    with unit_of_work():
        content = rules_content(recheck=RECHECK)
        publish_exam_rules(exam_official(), content | {"subjects": [*content["subjects"], extra]}, "公布")
        candidate = add_candidate("31000000", 390)
        rank_candidates(YEAR)
    set_clock(monkeypatch, at("09:00").replace(day=10))
    client, headers, welcome = logged_in(app, codes, "31000000")
    assert {one["code"]: one["score"] for one in welcome["candidate"]["subjects"]} == {
        "chinese": "—",
        "maths": "—",
        "english": "—",
        "others": "390.00",
    }
    asked = {
        subject: client.post(
            f"/api/exam/rechecks/{subject}", headers=headers | {"Idempotency-Key": subject}
        ).status_code
        for subject in ("chinese", "mongolian")
    }
    assert asked == {"chinese": 201, "mongolian": 404}
    (row,) = client.get("/api/exam/rechecks", headers=headers).json["items"]
    press(office_client(app), f"/desk/exam/rechecks/{row['id']}", "a", score="88", finding="试卷漏登")
    db.session.expire_all()
    assert (candidate.total, candidate.ties) == (47800, [8800, 8800])


def test_whoever_has_not_reported_in_when_the_time_is_over_is_noted_by_one_press(
    app: Application, codes: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A56: every letter says so; before the time is over nobody can be noted together, and nobody who came is."""
    session, people, units = listed_session({"X": 2}, [650, 640])
    for person in people:
        wish(session, person, units["X"], "09:00")
    close_all(session, monkeypatch)
    published(session)
    client, headers, _ = logged_in(app, codes, "31000000")
    client.post("/api/exam/report-in", headers=headers | {"Idempotency-Key": "come"})
    page = f"/desk/exam/{YEAR}/general-1"
    office = office_client(app)
    assert "没有报到" not in office.get(f"{page}/admissions").text
    press(office, f"{page}/absent", "early")
    set_clock(monkeypatch, at("18:00").replace(month=8, day=20))
    office = office_client(app)
    assert "还有 1 人没有报到" in office.get(f"{page}/admissions").text
    press(office, f"{page}/absent", "late")
    db.session.expire_all()
    assert [admission_view(person)["state"] for person in people] == ["reported-in", "no-show"]
    assert admission_view(people[1])["reason"] == "到报到期限没有报到"


def test_an_office_begins_with_an_example_that_has_no_fault(office: FlaskClient) -> None:
    """A49: a whole year of five sessions; taken over as it is."""
    example = office.get("/desk/exam/rules/example.json")
    assert "attachment" in example.headers["Content-Disposition"]
    answer = press(office, "/desk/exam/rules", "r", file=(io.BytesIO(example.data), "r.json"), reason="试填")
    assert answer.status_code == 302
    assert "提前类" in office.get("/desk/exam").text


def test_a_code_for_a_change_can_be_sent_again_and_the_newest_counts(
    app: Application, codes: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Domain 1.6-6: on a new device the message may be lost; another one is sent after twenty seconds."""
    listed_session({"X": 1}, [650])
    set_clock(monkeypatch, "08:00")
    logged_in(app, codes, "31000000")
    set_clock(monkeypatch, "09:00")
    client, headers, _ = logged_in(app, codes, "31000000", "another")

    def choose(key: str, code: str | None) -> int:
        keyed = headers | {"Idempotency-Key": key}
        return client.put("/api/exam/choices/general", json={"unit": "X", "code": code}, headers=keyed).status_code

    assert choose("k1", None) == 422
    first = codes[-1]
    assert client.post("/api/exam/change-code", headers=headers).status_code == 429
    set_clock(monkeypatch, "09:00:21")
    assert client.post("/api/exam/change-code", headers=headers).status_code == 200
    assert first == codes[-1] or choose("k2", first) == 422
    assert choose("k3", codes[-1]) == 200

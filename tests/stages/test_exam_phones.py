"""Another phone for a candidate, at the exam office's counter: told to the old one, by two officials while he may choose (D13)."""

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from backend.foundation.audit import AuditRow
from backend.foundation.database import db
from backend.foundation.doors import Application
from backend.foundation.unit_of_work import unit_of_work
from backend.zhongkao.candidate_codes import phone_of
from backend.zhongkao.candidate_diary import diary_of
from backend.zhongkao.publish_exam_rules import publish_exam_rules
from backend.zhongkao.rank_candidates import rank_candidates
from backend.zhongkao.rows import ExamCandidate, ExamPhoneChange
from jobs.run_tasks import drain
from tests.exam_builders import YEAR, add_candidate, exam_official, listed_session, rules_content, set_clock
from tests.exam_steps import close_all, logged_in, office_client, press
from tests.notices_builders import HostileSms

OLD, NEW = "13900000001", "13700000007"
PAGE, API = f"/desk/exam/{YEAR}/phones", "/api/exam/desk"
PROOF = "准考证、身份证原件"
ASKED = {"exam_number": "31000000", "phone": NEW, "proof": PROOF}


@pytest.fixture
def chooser(app: Application, monkeypatch: pytest.MonkeyPatch) -> ExamCandidate:
    """The candidate of a session whose band is open."""
    _, (candidate,), _ = listed_session({"X": 1}, [650])
    set_clock(monkeypatch, "09:00")
    return candidate


def at_desk(client: FlaskClient, key: str, **fields: str) -> str:
    """What the page says after the form of the counter was sent."""
    press(client, PAGE, key, **({"number": "31000000", "phone": "137 0000 0007", "reason": PROOF} | fields))
    return client.get(PAGE).text


def waiting(client: FlaskClient) -> list[dict[str, str]]:
    items: list[dict[str, str]] = client.get(f"{API}/{YEAR}/phones").json["items"]
    return items


def word(client: FlaskClient, change: str, key: str, step: str = "confirmation", **told: str) -> tuple[int, str]:
    """What the service answers to a word on the change: status and code."""
    answer = client.post(f"{API}/phones/{change}/{step}", json=told or None, headers={"Idempotency-Key": key})
    return answer.status_code, (answer.json or {}).get("code", "")


def phone_now(candidate: ExamCandidate) -> str | None:
    db.session.expire_all()
    return phone_of(candidate)


def audited(action: str) -> list[AuditRow]:
    return list(db.session.execute(select(AuditRow).where(AuditRow.action == action)).scalars())


def test_while_he_may_choose_a_second_official_decides_and_the_old_phone_works_till_then(
    app: Application, chooser: ExamCandidate, codes: list[str], sms: HostileSms, monkeypatch: pytest.MonkeyPatch
) -> None:
    """D13: the same official cannot give both words; the old phone is told at once, by number's end alone."""
    first, second = office_client(app), office_client(app)
    client, headers, _ = logged_in(app, codes, "31000000")
    page = at_desk(first, "ask")
    assert "请另一位工作人员" in page
    assert "等待另一位工作人员" in page
    assert NEW not in page
    drain("notices")
    ((to, told),) = sms.sent.values()
    assert (to, "尾号0007" in told, "http" in told, NEW in told) == (OLD, True, False, False)
    (change,) = waiting(first)
    assert press(first, f"{PAGE}/{change['id']}/confirmation", "mine").status_code == 302
    assert "同一个人不能办两次" in first.get(PAGE).text
    assert word(first, change["id"], "mine-too") == (409, "second-official-needed")
    assert client.get("/api/exam/me", headers=headers).status_code == 200
    set_clock(monkeypatch, "09:02")
    assert phone_now(chooser) == OLD
    assert logged_in(app, codes, "31000000")[2]["new_device"] is False
    set_clock(monkeypatch, "09:04")
    client.post("/api/exam/login/code", json={"exam_number": "31000000"})
    assert "139****0001" in second.get(PAGE).text
    press(second, f"{PAGE}/{change['id']}/confirmation", "word")
    assert phone_now(chooser) == NEW
    stolen = {"exam_number": "31000000", "code": codes[-1], "device": "a thief's"}
    assert client.post("/api/exam/login", json=stolen).json["code"] == "exam-code-wrong"
    assert client.get("/api/exam/me", headers=headers).status_code == 401
    drain("notices")
    assert [to for to, _ in sms.sent.values()] == [OLD, OLD]
    (written,) = audited("exam-candidate.phone-changed")
    (row,) = db.session.execute(select(ExamPhoneChange)).scalars()
    assert (written.reason, written.facts["proposed_by"]) == (PROOF, str(row.proposed_by))
    assert row.approved_by not in {None, row.proposed_by}
    assert [one.reason for one in audited("exam-candidate.phone-proposed")] == [PROOF]
    assert word(second, change["id"], "again") == (409, "nothing-proposed")
    set_clock(monkeypatch, "09:06")
    assert logged_in(app, codes, "31000000")[2]["new_device"] is False


def test_by_http_a_change_waits_is_withdrawn_with_a_reason_and_can_be_asked_for_anew(
    app: Application, chooser: ExamCandidate, sms: HostileSms
) -> None:
    """D13: what waits stands in nobody's way; without a reason, or to whom it is unknown, nothing is taken back."""
    first, second = office_client(app), office_client(app)
    answer = first.post(f"{API}/{YEAR}/phones", json=ASKED, headers={"Idempotency-Key": "1"})
    assert (answer.status_code, answer.json["state"], answer.json["phone_masked"]) == (201, "waits", "137****0007")
    again = second.post(f"{API}/{YEAR}/phones", json=ASKED, headers={"Idempotency-Key": "2"})
    assert (again.status_code, again.json["code"]) == (409, "proposal-waits")
    change = answer.json["id"]
    assert word(second, change, "3", "withdrawal", reason=" ") == (422, "reason-missing")
    assert word(second, change, "4", "withdrawal", reason="不是本人") == (204, "")
    assert word(second, change, "5") == (404, "not-found")
    assert (waiting(first), phone_now(chooser)) == ([], OLD)
    assert [one.reason for one in audited("exam-candidate.phone-withdrawn")] == ["不是本人"]
    anew = first.post(f"{API}/{YEAR}/phones", json=ASKED, headers={"Idempotency-Key": "6"}).json["id"]
    page = press(second, f"{PAGE}/{anew}/withdrawal", "7", reason="认错了人")
    assert (page.status_code, waiting(second)) == (302, [])


def test_after_his_band_is_closed_one_official_is_enough_and_the_old_phone_is_told(
    app: Application, sms: HostileSms, monkeypatch: pytest.MonkeyPatch
) -> None:
    """D13: nothing can be chosen in his name any more."""
    exam, (candidate,), _ = listed_session({"X": 1}, [650])
    close_all(exam, monkeypatch)
    assert "已生效" in at_desk(office_client(app), "one")
    assert phone_now(candidate) == NEW
    assert [entry["what"] for entry in diary_of(candidate)] == ["new-phone"]
    drain("notices")
    assert [to for to, _ in sms.sent.values()] == [OLD]


def test_before_the_listing_one_official_enters_a_phone_that_the_school_did_not_give(
    app: Application, sms: HostileSms
) -> None:
    """D13: where there is no old phone nobody can be told; wrong forms change nothing."""
    with unit_of_work():
        publish_exam_rules(exam_official(), rules_content(), "公布")
        candidate = add_candidate("31000000", 650)
        candidate.phone_sealed = None
        rank_candidates(YEAR)
    office = office_client(app)
    for key, fields in enumerate(({"number": "9"}, {"phone": "123"}, {"reason": " "})):
        at_desk(office, f"no-{key}", **fields)
        assert phone_now(candidate) is None
    at_desk(office, "yes")
    assert phone_now(candidate) == NEW
    drain("notices")
    assert sms.sent == {}


def test_a_candidate_without_a_phone_waits_for_two_officials_while_he_may_choose(
    app: Application, chooser: ExamCandidate
) -> None:
    """D13: a phone that nobody can be asked about is no smaller risk."""
    with unit_of_work():
        chooser.phone_sealed = None
    at_desk(office_client(app), "ask")
    assert phone_now(chooser) is None
    assert "没有登记" in office_client(app).get(PAGE).text


def test_the_record_itself_takes_no_word_twice_from_one_official(app: Application, chooser: ExamCandidate) -> None:
    """D13: whatever the code above it does."""
    at_desk(office_client(app), "ask")
    with pytest.raises(IntegrityError), db.session.begin_nested():
        db.session.execute(update(ExamPhoneChange).values(approved_by=ExamPhoneChange.proposed_by))


def test_only_the_exam_office_changes_a_phone(app: Application, chooser: ExamCandidate) -> None:
    client = app.test_client()
    answer = client.post(f"{API}/{YEAR}/phones", json=ASKED, headers={"Idempotency-Key": "1"})
    assert answer.status_code == 401

"""The command room's reminders, rank tables, replays from published versions, corrections after publication (A51, A56, E35)."""

import json

import pytest
from sqlalchemy import func, select, update

from backend.foundation import clock
from backend.foundation.audit import AuditRow
from backend.foundation.database import db
from backend.foundation.doors import Application
from backend.foundation.tasks import Task
from backend.foundation.unit_of_work import unit_of_work
from backend.notices.rows import Notice
from backend.publication.rows import LedgerEntry, Run
from backend.zhongkao.board.versions import first_showing, published
from backend.zhongkao.correct_admission import LaterSessionListed, correct_admission
from backend.zhongkao.exam_places import rule_of_session, session_named
from backend.zhongkao.list_session import SessionNotReady, list_session
from backend.zhongkao.publish_exam_rules import publish_exam_rules
from backend.zhongkao.rank_candidates import rank_candidates
from backend.zhongkao.remind_band import BandNotOpen, NobodyToRemind, remind_band, send_reminders
from backend.zhongkao.report_in import settle_admission, standing_admission
from backend.zhongkao.rows import ExamAdmission, ExamChoice, ExamSession, SessionUnit
from tests.exam_builders import (
    YEAR,
    add_candidate,
    add_unit,
    at,
    band,
    exam_official,
    further_session,
    listed_session,
    rules_content,
    set_clock,
    wish,
)
from tests.exam_steps import close_all, close_and_publish, office_client, press, release, two_categories
from tests.exam_steps import published as published_run

WHERE = f"/desk/exam/{YEAR}/general-1"


def reminders() -> list[str]:
    """The keys of the reminders written so far."""
    db.session.rollback()
    return sorted(db.session.execute(select(Notice.key).where(Notice.code == "exam-nothing-chosen")).scalars())


def test_candidates_without_an_entry_are_reminded_by_two_presses(
    app: Application, monkeypatch: pytest.MonkeyPatch
) -> None:
    """E35: the first press only counts, the second sends; who has entered something in the meantime gets no message."""
    session, people, units = listed_session({"X": 1, "Y": 2}, [650, 640, 630, 500])
    set_clock(monkeypatch, "09:00:30")
    office = office_client(app)
    wish(session, people[0], units["X"], "09:00")
    assert "短信提醒未填的 2 人" in office.get(WHERE).text
    asked = office.get(f"{WHERE}/reminder?band=0").text
    assert '<strong id="people">2</strong>' in asked
    assert reminders() == []
    press(office, f"{WHERE}/reminder", "go", band="0")
    wish(session, people[1], units["X"], "09:00:10")
    task = db.session.execute(select(Task).where(Task.kind == "remind-exam-band")).scalar_one()
    with unit_of_work():
        send_reminders(**task.payload)
    high = band(session, 0)
    assert reminders() == [f"exam-nothing-chosen/{high.id}/open/{people[2].id}"]
    told = db.session.execute(select(AuditRow).where(AuditRow.action == "exam-band.reminded")).scalar_one()
    assert told.facts["people"] == 2


@pytest.mark.usefixtures("app")
def test_a_candidate_is_reminded_once_and_once_more_in_the_last_hour(monkeypatch: pytest.MonkeyPatch) -> None:
    """The budget is the candidate's, however often the office presses; a closed or paused band reminds nobody."""
    session, people, _ = listed_session({"X": 1}, [650, 500])
    official = exam_official()
    for hour in ("08:30", "09:30", "10:00", "10:59"):
        set_clock(monkeypatch, hour)
        try:
            with unit_of_work():
                assert remind_band(official, session, 0) == 1
        except NobodyToRemind:
            assert hour in {"09:30", "10:59"}
        with unit_of_work():
            send_reminders(band(session, 0).id)
    assert [key.split("/")[2] for key in reminders()] == ["last-hour", "open"]
    set_clock(monkeypatch, "11:00")
    with pytest.raises(BandNotOpen), unit_of_work():
        remind_band(official, session, 0)
    with unit_of_work():
        send_reminders(band(session, 0).id)
    assert len(reminders()) == 2
    assert len(people) == 2


def test_a_rank_table_tells_which_places_a_score_means(app: Application) -> None:
    """A51: places in the banner and in the city; counts only, and no table of a banner with fewer than ten."""
    with unit_of_work():
        publish_exam_rules(exam_official(), rules_content(), "公布")
        for number, total in enumerate([600, 598, 598, 595] + [500] * 8):
            add_candidate(f"31{number:06d}", total)
        for number, total in enumerate([599] + [598] * 8):
            add_candidate(f"32{number:06d}", total, school_banner="150603")
        rank_candidates(YEAR)
    client = app.test_client()

    def rows(banner: str) -> list[tuple[int, ...]]:
        told = client.get(f"/api/zhongkao/{YEAR}/ranks{banner}").json or {}
        return [tuple(row[one] for one in ("first", "last", "city_first", "city_last")) for row in told["rows"]]

    assert rows("") == [(1, 1) * 2, (2, 2) * 2, (3, 12) * 2, (13, 13) * 2, (14, 21) * 2]
    assert rows("?banner=150602") == [(1, 1, 1, 1), (2, 3, 3, 12), (4, 4, 13, 13), (5, 12, 14, 21)]
    assert rows("?banner=150603") == []
    page = client.get(f"/public/zhongkao/{YEAR}/ranks?banner=150602").text
    assert "<td>598.00</td>" + "".join(f'<td class="text-end">{place}</td>' for place in (2, 3, 3, 12)) in page
    assert "人数太少" in client.get(f"/public/zhongkao/{YEAR}/ranks?banner=150603").text
    assert "位次表" in client.get("/public/zhongkao").text


def test_a_transaction_still_running_is_not_in_the_version() -> None:
    """P18: PostgreSQL's snapshot `xmin:xmax:running` tells, not the clock."""
    versions = [
        published(1, 10, "5:5:"),
        published(2, 20, "6:9:6,8"),
        published(3, 30, "8:12:8"),
        published(4, 40, "15:15:"),
    ]
    first = [first_showing(versions, number) for number in (4, 5, 6, 7, 8, 11, 14, 15)]
    assert [one.version if one else None for one in first] == [1, 2, 3, 2, 4, 3, 4, None]


def test_a_published_admission_is_corrected_by_a_run_that_says_why(
    app: Application, monkeypatch: pytest.MonkeyPatch
) -> None:
    """P5: two officials, a reason, a ledger entry that names the first; who was left out is told, nobody loses a place."""
    session, people, units = listed_session({"X": 1, "Y": 1}, [650, 640, 500])
    for person in people:
        wish(session, person, units["X"], "09:00")
    close_all(session, monkeypatch)
    first = published_run(session)
    office = office_client(app)
    where = f"{WHERE}/correction"
    press(office, where, "same", unit="X", places="1", reason="漏登名额")
    press(office, where, "silent", unit="X", places="2", reason=" ")
    assert db.session.execute(select(func.count()).select_from(Run)).scalar_one() == 1
    press(office, where, "go", unit="X", places="2", reason="漏登名额")
    run = db.session.execute(select(Run).where(Run.id != first.id)).scalar_one()
    assert (run.corrects, run.correction_reason) == (first.id, "漏登名额")
    assert rule_of_session(session).name in office.get(f"/desk/runs/{run.id}").text
    release(run)
    rows = db.session.execute(select(ExamAdmission).order_by(ExamAdmission.rank)).scalars().all()
    assert [(row.candidate_id, row.rank, row.run_id) for row in rows] == [
        (people[0].id, 1, run.id),
        (people[1].id, 2, run.id),
    ]
    told = db.session.execute(select(Notice.key).where(Notice.code == "exam-admitted")).scalars().all()
    assert sorted(told) == sorted(f"exam-admitted/{row.id}" for row in rows)
    entries = db.session.execute(select(LedgerEntry).where(LedgerEntry.run_id.is_not(None))).scalars().all()
    of_run = {entry.run_id: entry for entry in entries}
    corrects = json.loads(of_run[run.id].shown["rules.json"])["corrects"]
    assert corrects == {"hash": of_run[first.id].hash, "reason": "漏登名额"}
    results = app.test_client().get(f"/api/zhongkao/{YEAR}/results/X").json or {}
    assert (results["rounds"][0]["plan"], results["rounds"][0]["admitted"]) == (2, 2)
    assert "漏登名额" in app.test_client().get("/public/zhongkao").text
    assert 'id="correction"' in office.get(f"{WHERE}/admissions").text


@pytest.mark.parametrize("moves_up", [True, False])
def test_in_a_further_round_the_next_in_rank_moves_up_to_a_returned_file(
    app: Application, monkeypatch: pytest.MonkeyPatch, *, moves_up: bool
) -> None:
    """Domain 1.1, 顺延: by a run that is checked and released as every other; the place is given once, then or in the next round."""
    content = rules_content()
    for number in (2, 3):
        content = further_session(content, f"general-{number}", "general", 15 + number, round=number)
    first, people, units = listed_session({"X": 1}, [650, 640], content)
    close_all(first, monkeypatch)
    published_run(first)
    second, third = (session_named(YEAR, f"general-{number}") for number in (2, 3))
    with unit_of_work():
        list_session(second.id)
    for person in people:
        wish(second, person, units["X"], at("09:00").replace(day=17))
    close_and_publish(second, monkeypatch, 17)
    admission = standing_admission(people[0].id)
    assert admission is not None
    with unit_of_work():
        settle_admission(exam_official(), admission.id, "returned", "体检不合格")
    office, where = office_client(app), f"/desk/exam/{YEAR}/general-2"
    if moves_up:
        assert 'value="2"' in office.get(f"{where}/admissions").text
        press(office, f"{where}/correction", "up", unit="X", places="2", reason="退档顺延")
        release(db.session.execute(select(Run).where(Run.corrects.is_not(None))).scalar_one())
        assert "退档空出的 1 个名额，按名次顺延录取" in app.test_client().get("/public/zhongkao").text
        assert 'id="free-again"' not in office.get(f"{where}/admissions").text
    assert [one is not None for one in map(standing_admission, (people[0].id, people[1].id))] == [False, moves_up]
    with unit_of_work():
        db.session.execute(update(Task).where(Task.kind == "announce-exam").values(done_at=clock.now()))
        list_session(third.id)
    plan = db.session.execute(select(SessionUnit.plan).where(SessionUnit.session_id == third.id)).scalar_one()
    assert plan == (0 if moves_up else 1)


@pytest.mark.usefixtures("app")
def test_the_next_session_waits_for_a_correction_and_ends_the_time_for_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """T-1.6: who is admitted by a correction stands locked in the later category; after its listing the chain stands."""
    session, people, _ = listed_session({}, [650, 640, 490], two_categories())
    del session
    talent = db.session.execute(select(ExamSession).where(ExamSession.code == "talent-1")).scalar_one()
    general = db.session.execute(select(ExamSession).where(ExamSession.code == "general-1")).scalar_one()
    with unit_of_work():
        sport = add_unit("S", 1, category="talent")
        db.session.add(SessionUnit(session_id=talent.id, unit_id=sport.id, plan=1, made_of={}))
        add_unit("G", 2)
    for person in people[:2]:
        assert wish(talent, person, sport, "09:00").refused is None
    close_all(talent, monkeypatch)
    published_run(talent)
    with unit_of_work():
        run = correct_admission(exam_official(), talent, "S", 2, "漏登名额")
    with pytest.raises(SessionNotReady, match="being corrected"), unit_of_work():
        list_session(general.id)
    release(run)
    with pytest.raises(SessionNotReady, match="being corrected"), unit_of_work():
        list_session(general.id)
    with unit_of_work():
        db.session.execute(update(Task).where(Task.dedupe_key == f"announce-exam/{run.id}").values(done_at=at("12:01")))
        list_session(general.id)
    locked = select(ExamChoice.candidate_id).where(
        ExamChoice.session_id == general.id, ExamChoice.locked_by == sport.id
    )
    assert sorted(db.session.execute(locked).scalars()) == sorted(person.id for person in people[:2])
    with pytest.raises(LaterSessionListed), unit_of_work():
        correct_admission(exam_official(), talent, "S", 3, "漏登名额")

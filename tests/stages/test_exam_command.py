"""The command room's reminders, rank tables, replays from published versions, corrections after publication (A51, A56, E35)."""

import pytest
from sqlalchemy import select

from backend.foundation.audit import AuditRow
from backend.foundation.database import db
from backend.foundation.doors import Application
from backend.foundation.tasks import Task
from backend.foundation.unit_of_work import unit_of_work
from backend.notices.rows import Notice
from backend.zhongkao.remind_band import BandNotOpen, NobodyToRemind, remind_band, send_reminders
from tests.exam_builders import YEAR, band, exam_official, listed_session, set_clock, wish
from tests.stages.test_exam_office import office_client, press

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

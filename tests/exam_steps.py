"""Steps of an exam season that several tests take: log-in, closing, admission, the office's desk."""

from typing import Any

import pytest
from flask.testing import FlaskClient

from backend.foundation.database import db
from backend.foundation.doors import Application
from backend.foundation.unit_of_work import unit_of_work
from backend.identity.grants import give_grant
from backend.identity.rows import Account
from backend.identity.rules.roles import CITY, Scope
from backend.identity.sessions import open_session
from backend.publication.approve_run import SecondOfficialNeeded, approve_run
from backend.publication.rows import Run
from backend.zhongkao.admit_exam import admit_exam
from backend.zhongkao.announce_exam import announce_exam
from backend.zhongkao.close_band import close_band
from backend.zhongkao.freeze_admission import freeze_admission
from backend.zhongkao.rows import ExamSession
from tests.exam_builders import at, band, exam_official, rules_content, set_clock

PHONE = "tablet-1"


def logged_in(
    app: Application, codes: list[str], number: str, device: str = PHONE
) -> tuple[FlaskClient, dict[str, str], dict[str, Any]]:
    """A client with the headers of a logged-in candidate, and what the log-in answered."""
    client = app.test_client()
    assert client.post("/api/exam/login/code", json={"exam_number": number}).status_code == 200
    answer = client.post("/api/exam/login", json={"exam_number": number, "code": codes[-1], "device": device})
    assert answer.status_code == 200, answer.json
    return client, {"Authorization": f"Bearer {answer.json['token']}"}, answer.json


def close_all(session: ExamSession, monkeypatch: pytest.MonkeyPatch) -> None:
    """Close both bands after their times."""
    set_clock(monkeypatch, "12:00:06")
    with unit_of_work():
        close_band(band(session, 1).id)
    db.session.refresh(session)


def published(session: ExamSession) -> Run:
    """Freeze, run, release by two officials, announce."""
    with unit_of_work():
        run = freeze_admission(exam_official(), session)
    release(run)
    return run


def close_and_publish(session: ExamSession, monkeypatch: pytest.MonkeyPatch, day: int) -> None:
    """Close the one band of that day in July, and publish what it came to."""
    set_clock(monkeypatch, at("12:00:06").replace(day=day))
    with unit_of_work():
        close_band(band(session, 0).id)
    db.session.refresh(session)
    published(session)


def release(run: Run) -> None:
    """Run what is frozen, release it by two officials, announce it."""
    first, second = exam_official("甲"), exam_official("乙")
    with unit_of_work():
        admit_exam(str(run.id))
    assert run.state == "checked", run.report
    with unit_of_work():
        approve_run(run.id, first, run.output_sha256 or "")
    with pytest.raises(SecondOfficialNeeded), unit_of_work():
        approve_run(run.id, first, run.output_sha256 or "")
    with unit_of_work():
        approve_run(run.id, second, run.output_sha256 or "")
    with unit_of_work():
        announce_exam(str(run.id))


def two_categories() -> dict[str, Any]:
    """特长类 before 普通类, and a 征集 round of 普通类 with a lower line."""
    content = rules_content()
    general = content["sessions"][0]
    talent = {
        **general,
        "code": "talent-1",
        "name": "特长类",
        "category": "talent",
        "locks": [],
        "statistics_at": [],
    }
    later = {
        **general,
        "locks": [],
        "statistics_at": [],
        "bands": [{"open": "2031-07-16T08:00:00+08:00", "close": "2031-07-16T12:00:00+08:00"}],
        "line": "500",
    }
    extra = {
        **later,
        "code": "general-2",
        "name": "普通类征集",
        "round": 2,
        "line": "480",
        "bands": [{"open": "2031-07-17T08:00:00+08:00", "close": "2031-07-17T12:00:00+08:00"}],
    }
    return content | {
        "categories": [{"code": "talent", "name": "特长类"}, {"code": "general", "name": "普通类"}],
        "sessions": [talent, later, extra],
    }


def office_client(app: Application) -> FlaskClient:
    """A client whose log-in begins at the service's present time."""
    with unit_of_work():
        actor = exam_official()
        give_grant(actor.account_id, "exam-office", Scope("city", CITY), "考试中心")
        token = open_session(db.session.get_one(Account, actor.account_id))
    client = app.test_client()
    client.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {token}"
    return client


def press(client: FlaskClient, path: str, key: str, **fields: Any) -> Any:
    """One press of a desk form."""
    return client.post(path, data={"request_key": key, **fields}, content_type="multipart/form-data")

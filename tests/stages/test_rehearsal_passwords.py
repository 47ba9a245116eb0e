"""The simulated officials change their passwords as real ones must, so that no rehearsal of months stops at the desk."""

import io
import json
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import requests

from backend.foundation import clock
from backend.foundation.database import db
from backend.foundation.unit_of_work import unit_of_work
from backend.identity.log_in_official import make_official
from backend.identity.rows import Official
from rehearsal.office import Office
from rehearsal.officials import make_officials, read_officials


class Wire(requests.adapters.BaseAdapter):
    """Takes the rehearsal's requests to the service in this process."""

    def __init__(self, app: Any) -> None:
        super().__init__()
        self.app = app

    def send(self, request: requests.PreparedRequest, **_: Any) -> requests.Response:
        """The service's answer."""
        told = self.app.test_client().open(
            urlsplit(request.url).path, method=request.method, headers=dict(request.headers), data=request.body
        )
        answer = requests.Response()
        answer.status_code, answer.raw, answer.request = told.status_code, io.BytesIO(told.data), request
        answer.headers.update(told.headers)
        return answer

    def close(self) -> None:
        """Nothing stays open."""


@pytest.fixture
def auditor(app: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """The city's official as the rehearsal has read him, with an account at the service; waiting costs no time."""
    told = next(each for each in make_officials(tmp_path, [], []) if each["login"] == "city")
    with unit_of_work():
        make_official(told["login"], told["name"], told["password"], told["totp"])

    class Session(requests.Session):
        def __init__(self) -> None:
            super().__init__()
            self.mount("http://", Wire(app))

    def half_a_minute_later(_: float) -> None:
        with unit_of_work():
            db.session.query(Official).update({"totp_step": 0})

    monkeypatch.setattr("rehearsal.office.requests.Session", Session)
    monkeypatch.setattr("rehearsal.office.time.sleep", half_a_minute_later)
    return dict(told)


def let_days_pass(days: int) -> None:
    with unit_of_work():
        db.session.query(Official).update({"password_set_at": clock.now() - timedelta(days=days)})


def test_an_old_password_is_changed_at_log_in_and_kept_for_the_others(auditor: dict[str, Any]) -> None:
    """Another copy of the same person, read before the change, logs in with what the file says now."""
    let_days_pass(200)
    assert Office("http://service", auditor).get("/officials/me")["name"] == "演练市教体局"
    (now,) = [each["password"] for each in read_officials(Path(auditor["file"])) if each["login"] == "city"]
    assert now != auditor["password"]
    assert Office("http://service", auditor).get("/officials/me")["name"] == "演练市教体局"


def test_a_young_password_stays(auditor: dict[str, Any]) -> None:
    let_days_pass(88)
    before = Path(auditor["file"]).read_text(encoding="utf-8")
    Office("http://service", auditor)
    assert Path(auditor["file"]).read_text(encoding="utf-8") == before


def test_the_file_stays_its_owners_and_names_no_place(auditor: dict[str, Any]) -> None:
    let_days_pass(90)
    Office("http://service", auditor)
    path = Path(auditor["file"])
    assert path.stat().st_mode & 0o777 == 0o600
    assert all("file" not in each for each in json.loads(path.read_text(encoding="utf-8")))

"""An official's password lives ninety days: changing it, and what happens to one who has not (等保 8.1.4.1)."""

import re
import uuid
from datetime import timedelta
from itertools import pairwise
from typing import Any

import pytest
from sqlalchemy import select

from backend.app import FRAMEWORK_ENDPOINTS
from backend.foundation import clock
from backend.foundation.audit import AuditRow
from backend.foundation.database import db
from backend.foundation.doors import POLICY
from backend.foundation.unit_of_work import unit_of_work
from backend.identity.rows import Official
from tests.identity_builders import PASSWORD, enter, keyed, official, one_time

NEW = "Blaue-Berge-31"


class Anna:
    """An official of a banner with one session, or more."""

    def __init__(self, app: Any) -> None:
        self.app = app
        self.account, self.totp = official("anna", ("banner-admissions", "banner", "150603"))

    def renew_one_time(self) -> None:
        """As if some minutes had gone by: the last one-time password lies behind."""
        with unit_of_work():
            db.session.get_one(Official, self.account).totp_step = 0

    def log_in(self, password: str = PASSWORD) -> dict[str, str]:
        """The headers of a new session."""
        self.renew_one_time()
        answer = enter(self.app, "anna", password, one_time(self.totp))
        assert answer.status_code == 200, answer.json
        return {"Authorization": f"Bearer {answer.json['token']}"}

    def browser(self) -> Any:
        """A browser that has logged in at the desk."""
        self.renew_one_time()
        client = self.app.test_client()
        form = {"name": "anna", "password": PASSWORD, "totp": one_time(self.totp)}
        assert client.post("/desk/login", data=form).status_code == 302
        self.renew_one_time()
        return client

    def change(self, headers: dict[str, str], old: str, new: str, code: str | None = None) -> Any:
        """The answer to a change over the API."""
        self.renew_one_time()
        body = {"old_password": old, "totp": code or one_time(self.totp), "new_password": new}
        return self.app.test_client().put("/api/officials/me/password", headers=keyed(headers), json=body)

    def me(self, headers: dict[str, str]) -> Any:
        """The answer to who is logged in."""
        return self.app.test_client().get("/api/officials/me", headers=headers)

    def let_days_pass(self, days: int) -> None:
        """As if the password had been set earlier."""
        with unit_of_work():
            db.session.get_one(Official, self.account).password_set_at = clock.now() - timedelta(days=days)


@pytest.fixture
def anna(app: Any) -> Anna:
    return Anna(app)


def form_of(anna: Anna, **other: str) -> dict[str, str]:
    """A well-filled form of the page."""
    proof = {"old": PASSWORD, "totp": one_time(anna.totp), "new": NEW, "again": NEW}
    return {**proof, "request_key": uuid.uuid4().hex, **other}


def test_the_new_password_counts_from_now_on_and_is_written_down(app, anna: Anna) -> None:
    assert anna.change(anna.log_in(), PASSWORD, NEW).status_code == 204
    anna.renew_one_time()
    assert enter(app, "anna", PASSWORD, one_time(anna.totp)).status_code == 401
    anna.log_in(NEW)
    done = db.session.execute(select(AuditRow.action).where(AuditRow.object_id == str(anna.account))).scalars().all()
    assert done.count("official.password-changed") == 1


def test_all_other_sessions_end(anna: Anna) -> None:
    here, elsewhere = anna.log_in(), anna.log_in()
    assert anna.change(here, PASSWORD, NEW).status_code == 204
    assert (anna.me(here).status_code, anna.me(elsewhere).status_code) == (200, 401)


def test_both_factors_are_asked_for_once_more(anna: Anna) -> None:
    here = anna.log_in()
    for answer in (anna.change(here, "Wrong-Hills-27", NEW), anna.change(here, PASSWORD, NEW, "000000")):
        assert (answer.status_code, answer.json["code"]) == (422, "old-password-wrong")
        assert "动态口令" in answer.json["detail"]
    anna.log_in(PASSWORD)


def test_five_wrong_tries_lock_the_account(app, anna: Anna) -> None:
    """Whoever sits down at an open desk cannot try passwords there."""
    here = anna.log_in()
    for _ in range(5):
        anna.change(here, "Wrong-Hills-27", NEW)
    assert anna.change(here, PASSWORD, NEW).json["code"] == "old-password-wrong"
    assert enter(app, "anna", PASSWORD, one_time(anna.totp)).status_code == 401


def test_a_weak_password_is_refused_and_says_why(anna: Anna) -> None:
    answer = anna.change(anna.log_in(), PASSWORD, "Password-123456")
    assert (answer.status_code, answer.json["code"]) == (422, "password-weak")
    assert [(error["pointer"], error["code"]) for error in answer.json["errors"]] == [
        ("/new_password", "password-common")
    ]


def test_none_of_the_last_five_comes_back_but_the_sixth_may(anna: Anna) -> None:
    here, used = anna.log_in(), [PASSWORD, *(f"{NEW}-{letter}" for letter in "abcd")]
    for old, new in pairwise(used):
        assert anna.change(here, old, new).status_code == 204
    for former in used:
        answer = anna.change(here, used[-1], former)
        assert (answer.status_code, answer.json["code"]) == (422, "password-used-before"), former
        assert "5 次" in answer.json["detail"]
    assert anna.change(here, used[-1], NEW).status_code == 204
    assert anna.change(here, NEW, PASSWORD).status_code == 204


def test_log_in_says_until_when_the_password_serves(app, anna: Anna) -> None:
    told = enter(app, "anna", PASSWORD, one_time(anna.totp)).json
    assert told["password_expires_at"].startswith(f"{clock.now() + timedelta(days=90):%Y-%m-%d}")


def test_after_ninety_days_no_route_of_an_official_opens_but_the_change(app, anna: Anna) -> None:
    """The expectation is the declared policy of every route; the requests go through the real door."""
    here = anna.log_in()
    anna.let_days_pass(89)
    assert anna.me(here).status_code == 200
    anna.let_days_pass(90)
    refused = anna.me(here)
    assert (refused.status_code, refused.json["code"]) == (403, "password-expired")
    assert "修改密码" in refused.json["detail"]
    open_still = {
        rule.endpoint
        for rule in app.url_map.iter_rules()
        if rule.endpoint not in FRAMEWORK_ENDPOINTS
        and getattr(app.view_functions[rule.endpoint], POLICY).kind in {"official", "any"}
        and getattr(app.view_functions[rule.endpoint], POLICY).expired_will_do
    }
    assert open_still == {
        "identity.leave",
        "identity.new_password",
        "identity_desk.leave",
        "identity_desk.password",
        "identity_desk.set_password",
    }
    assert anna.change(here, PASSWORD, NEW).status_code == 204
    assert anna.me(here).status_code == 200


def test_the_desk_leads_to_the_page_and_shows_no_menu_until_it_is_done(anna: Anna) -> None:
    anna.let_days_pass(90)
    desk = anna.browser()
    for path in ("/desk/", "/desk/cases"):
        answer = desk.get(path)
        assert (answer.status_code, answer.headers["Location"]) == (302, "/desk/password")
    assert desk.post("/desk/clock", data={"advance_seconds": "60", "request_key": "k"}).status_code == 403
    page = desk.get("/desk/password").text
    assert "已经用满 90 天" in page
    assert "/desk/cases" not in page
    done = desk.post("/desk/password", data=form_of(anna), follow_redirects=True)
    assert (done.status_code, done.request.path) == (200, "/desk/")
    assert "密码已经改好了" in done.text
    assert "/desk/cases" in done.text


def test_every_desk_page_links_to_the_page(anna: Anna) -> None:
    desk = anna.browser()
    assert re.search(r'href="/desk/password">修改密码</a>', desk.get("/desk/cases").text)
    assert "已经用满" not in desk.get("/desk/password").text


@pytest.mark.parametrize(
    ("field", "said"),
    [
        ({"again": "Blaue-Berge-32"}, "不一样"),
        ({"old": "x"}, "动态口令不对"),
        ({"new": PASSWORD, "again": PASSWORD}, "5 次"),
    ],
)
def test_the_page_says_what_is_wrong(anna: Anna, field: dict[str, str], said: str) -> None:
    answer = anna.browser().post("/desk/password", data=form_of(anna, **field))
    assert answer.status_code == 422
    assert said in answer.text
    assert PASSWORD not in answer.text


def test_a_wrong_try_on_the_page_is_counted(anna: Anna) -> None:
    anna.browser().post("/desk/password", data=form_of(anna, old="x"))
    assert db.session.execute(select(Official.failures)).scalar_one() == 1


def test_a_stranger_is_sent_to_the_entrance(app) -> None:
    assert app.test_client().get("/desk/password").headers["Location"] == "/desk/login"

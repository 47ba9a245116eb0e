"""What phones and the public are told of the board, by whom, and what answers before Flask (A54, P7, P12, P18).

The path before Flask checks the token as Flask does: whoever is refused there is refused here, without exception.
"""

import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from board_builders import YEAR, Listed, list_session
from database_of_its_own import own_app
from door_client import Conversation, DoorClient, Lines, Request, in_a_loop_of_its_own
from granian.rsgi import ProtocolClosed
from sqlalchemy import event, text

from backend.app import create_door
from backend.foundation import clock
from backend.foundation.database import db
from backend.foundation.doors import Application
from backend.foundation.unit_of_work import unit_of_work
from backend.identity.candidate_tokens import CandidateToken, write_candidate_token
from backend.settings import read_settings
from backend.zhongkao.board.before_flask import BeforeFlask
from backend.zhongkao.board.engine import Engine

TOTALS = [60000, 59000, 59000, 59000, 58500, 58000]


@pytest.fixture(scope="module")
def own(services, tmp_path_factory) -> Iterator[tuple[Application, Listed, Engine, dict[str, str]]]:
    folder = tmp_path_factory.mktemp("board")
    with own_app({**services, "SUNROLL_BOARD": str(folder)}, "board_read_tests") as (app, environ), app.app_context():
        with unit_of_work():
            listed = list_session(db.session.connection(), TOTALS, [3, 1])
        engine = Engine(Path(folder))
        engine.tick()
        yield app, listed, engine, environ


@pytest.fixture(scope="module")
def door(own) -> BeforeFlask:
    app, _, _, environ = own
    return create_door(app, read_settings(environ))


def token_for(app: Application, listed: Listed, who: int, *, login: int | None = None, **changed: Any) -> str:
    subject = uuid.UUID(int=0)
    with unit_of_work():
        subject = db.session.execute(
            text("SELECT subject FROM exam_candidate WHERE id = :id"), {"id": listed.candidates[who]}
        ).scalar_one()
    said = {"needs_code": False, "ends_at": int(clock.now().timestamp()) + 600} | changed
    token = CandidateToken(
        listed.candidates[who], login or listed.logins[who], YEAR, said["needs_code"], said["ends_at"], subject
    )
    return write_candidate_token(token, said.get("key", app.extensions["keys"].tokens))


@pytest.fixture
def phone(own, door) -> Any:
    app, listed, _, _ = own

    def of(who: int, **changed: Any) -> tuple[DoorClient, dict[str, str]]:
        return DoorClient(door), {"Authorization": f"Bearer {token_for(app, listed, who, **changed)}"}

    return of


PUT = "/api/exam/choices/general"


def put(phone: Any, who: int, unit: str, request_key: str, *, code: str | None = None, **changed: Any) -> Any:
    client, headers = phone(who, **changed)
    return client.put(
        PUT,
        json={"unit": unit} | ({"code": code} if code else {}),
        headers={**headers, "Idempotency-Key": request_key.ljust(16, "-")},
    )


def code_of(listed: Listed, unit: int) -> str:
    return f"general-1/U{unit + 1:04d}"


def test_one_s_own_rank_touches_no_sql_and_is_one_s_own(own, phone) -> None:
    """A54, P18: the whole answer comes from the snapshot."""
    _, listed, engine, _ = own
    for who in range(5):
        assert put(phone, who, code_of(listed, 0), f"first-{who}").status_code == 200
    engine.tick()
    asked: list[str] = []
    prepared = [phone(who) for who in range(6)]
    listener = lambda *said: asked.append(said[2])  # noqa: E731
    event.listen(db.engine, "before_cursor_execute", listener)
    shown = [client.get("/api/exam/standing", headers=headers).json for client, headers in prepared]
    event.remove(db.engine, "before_cursor_execute", listener)
    assert [statement for statement in asked if "clock_offset" not in statement] == []
    assert [one["rank"] for one in shown] == [1, 2, 2, 2, 5, None]
    assert shown[4]["lowest_inside"] == "590.00"
    assert shown[0]["age_ms"] < 60_000


def test_what_the_phone_has_already_is_not_sent_again(own, phone) -> None:
    client, headers = phone(0)
    first = client.get("/api/exam/standing", headers=headers)
    again = client.get("/api/exam/standing", headers={**headers, "If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    assert int(again.headers["Sunroll-Age-Ms"]) >= 0
    assert 2000 <= int(again.headers["Sunroll-Ask-Again-Ms"]) < 5000
    _, listed, engine, _ = own
    assert put(phone, 5, code_of(listed, 1), "tag").status_code == 200
    engine.tick()
    assert (
        client.get("/api/exam/standing", headers={**headers, "If-None-Match": first.headers["ETag"]}).status_code == 200
    )


@pytest.mark.parametrize(
    "bad",
    [
        {},
        {"Authorization": "Bearer zk1."},
        {"Authorization": "Bearer zk1.AAAA"},
        {"Authorization": "Bearer nobody"},
        {"Authorization": "Basic zk1."},
    ],
)
def test_nobody_without_a_token_learns_a_rank(door, bad: dict[str, str]) -> None:
    client = DoorClient(door)
    for path in ("/api/exam/standing", "/api/exam/what-if/U0001", "/api/exam/history"):
        assert client.get(path, headers=bad).status_code == 401
    assert client.put("/api/exam/choices/general", json={"unit": "U0001"}, headers=bad).status_code in {401, 400, 422}


def test_a_token_that_ended_or_that_another_key_signed_opens_nothing(own, phone) -> None:
    for changed in ({"ends_at": int(clock.now().timestamp()) - 1}, {"key": b"o" * 32}):
        client, headers = phone(0, **changed)
        assert client.get("/api/exam/standing", headers=headers).status_code == 401
        assert put(phone, 0, code_of(own[1], 1), "ended", **changed).status_code == 401


def test_a_log_in_that_was_ended_reads_and_changes_nothing(own, phone) -> None:
    _, listed, engine, _ = own
    with unit_of_work():
        db.session.execute(
            text("UPDATE candidate_login SET ended_at = :now WHERE id = :id"),
            {"now": clock.now(), "id": listed.logins[3]},
        )
    engine._looked_round_at = float("-inf")
    engine.tick()
    client, headers = phone(3)
    assert client.get("/api/exam/standing", headers=headers).status_code == 401
    assert put(phone, 3, code_of(listed, 1), "ended-login").status_code == 401


def test_a_change_is_answered_with_receipt_and_rank(own, phone) -> None:
    """A55: accepted before Flask; the arrival is told to the millisecond."""
    _, listed, _, _ = own
    answer = put(phone, 0, code_of(listed, 1), "with-rank")
    assert answer.json["receipt"].startswith("ZK")
    assert answer.json["standing"]["unit"] == code_of(listed, 1)
    assert answer.json["standing"]["rank"] == 1
    again = put(phone, 0, code_of(listed, 1), "with-rank")
    assert (again.json["receipt"], again.json["version"]) == (answer.json["receipt"], answer.json["version"])


def test_what_is_refused_is_said_in_the_same_words_before_flask_and_by_it(own, door, phone, monkeypatch) -> None:
    """P3: at a close refusals come by the thousand; a unit of no session is Flask's to refuse."""
    _, listed, _, _ = own
    assert put(phone, 0, "no-such-unit", "unknown").json["code"] == "unknown-unit"
    with unit_of_work():
        db.session.execute(
            text("UPDATE exam_session SET paused_at = :now, edition = edition + 1"), {"now": clock.now()}
        )
    by_flask = put(phone, 1, code_of(listed, 1), "paused-by-flask", code="123456")
    with monkeypatch.context() as alone:
        alone.setattr(door, "_behind", None)
        refused = put(phone, 1, code_of(listed, 1), "paused")
    with unit_of_work():
        db.session.execute(text("UPDATE exam_session SET paused_at = NULL, edition = edition + 1"))
    assert refused.json["code"] == "choosing-paused"
    assert (refused.status_code, refused.content_type) == (by_flask.status_code, by_flask.content_type)
    assert {**refused.json, "request_id": ""} == {**by_flask.json, "request_id": ""}
    assert refused.json["request_id"] == refused.headers["X-Request-Id"]
    assert put(phone, 1, code_of(listed, 1), "paused").status_code == 200


def test_a_log_in_on_a_new_device_goes_through_flask(own, phone) -> None:
    _, listed, _, _ = own
    with unit_of_work():
        db.session.execute(
            text("UPDATE candidate_login SET needs_code = true WHERE id = :id"), {"id": listed.logins[4]}
        )
    before = _changes(listed, 4)
    assert put(phone, 4, code_of(listed, 1), "new-device", needs_code=True).status_code != 200
    assert _changes(listed, 4) == before


def _changes(listed: Listed, who: int) -> int:
    with unit_of_work():
        return db.session.execute(
            text("SELECT version FROM exam_choice WHERE candidate_id = :id"), {"id": listed.candidates[who]}
        ).scalar_one()


def test_the_arrival_is_stamped_once_by_the_first_that_sees_the_request(own, phone) -> None:
    """P3: a stamp that is there already stands; the header of a stranger is no stamp."""
    app, listed, _, environ = own
    client, headers = phone(2)
    wish, stamped = {"unit": code_of(listed, 1)}, headers | {"X-Sunroll-Arrived": "1577836800.125"}
    stranger = client.put(PUT, json=wish, headers={**stamped, "Idempotency-Key": "stamped-by-a-stranger"})
    assert stranger.json["arrived_at"][:4] != "2020"
    behind_proxy = DoorClient(create_door(app, read_settings({**environ, "SUNROLL_TRUSTED_PROXY": "1"})))
    for key, more in (("stamped-hot-path", {}), ("stamped-flask-too", {"code": "123456"})):
        answer = behind_proxy.put(PUT, json=wish | more, headers={**stamped, "Idempotency-Key": key})
        assert answer.json["code"] == "outside-band-window"
    with unit_of_work():
        arrived = db.session.execute(
            text(
                "SELECT DISTINCT arrived_at FROM exam_change WHERE request_key IN ('stamped-hot-path', 'stamped-flask-too')"
            )
        ).scalars()
    assert [at.timestamp() for at in arrived] == [1577836800.125]


@pytest.mark.parametrize("address", [PUT, "/api/login/codes"])
def test_who_hangs_up_before_his_request_is_whole_is_no_fault(door, address: str) -> None:
    """A phone in a tunnel: nothing is answered, nothing is logged as an error."""

    class HungUp(Conversation):
        async def __call__(self) -> bytes:
            raise ProtocolClosed

    conversation = HungUp(b"")
    lines = Lines([("host", "x"), ("content-length", "20")])
    in_a_loop_of_its_own(door.__rsgi__(Request("PUT", address, "", lines), conversation))
    assert conversation.told == []


def test_what_would_be_elsewhere_and_one_s_own_history(own, phone) -> None:
    _, listed, engine, _ = own
    engine.tick()
    client, headers = phone(5)
    would = client.get(f"/api/exam/what-if/{code_of(listed, 0)}", headers=headers)
    assert would.json["what_if"] is True
    assert would.json["unit"] == code_of(listed, 0)
    assert client.get("/api/exam/what-if/nowhere", headers=headers).json["code"] == "unit-not-on-board"
    past = client.get("/api/exam/history", headers=headers)
    assert past.json["items"][-1]["unit"] == code_of(listed, 1)
    assert (
        client.get("/api/exam/history", headers={**headers, "If-None-Match": past.headers["ETag"]}).status_code == 304
    )


def test_public_boards_are_counts_and_need_no_log_in(own) -> None:
    """P12: no name, no number of a candidate, no rank of a person."""
    _, listed, engine, _ = own
    engine.tick()
    client = own[0].test_client()
    all_of_them = client.get(f"/api/zhongkao/{YEAR}/boards").json["items"]
    assert [one["plan"] for one in all_of_them] == listed.plans
    board = client.get(f"/api/zhongkao/{YEAR}/boards/{code_of(listed, 1)}").json
    assert board["chosen_count"] == sum(step["count"] for step in board["steps"])
    allowed = {"unit", "school", "plan", "chosen_count", "vacant", "lowest_inside", "version", "published_at"}
    assert board.keys() == allowed | {"confirmed_at", "steps"}
    assert client.get(f"/api/zhongkao/{YEAR + 1}/boards").json["code"] == "ranks-not-ready"
    page = client.get(f"/public/zhongkao/{YEAR}/boards").text
    assert page.count("<tr><td><a href=") == len(listed.plans)
    assert f"/public/zhongkao/{YEAR}/boards/{code_of(listed, 1)}" in page
    assert board["school"] in client.get(f"/public/zhongkao/{YEAR}/boards/{code_of(listed, 1)}").text
    assert "没有正在填报的场次" in client.get(f"/public/zhongkao/{YEAR + 1}/boards").text
    assert client.get(f"/public/zhongkao/{YEAR}/boards/nowhere").status_code == 404


@pytest.mark.parametrize("prefix", ["api", "public"])
def test_public_boards_may_be_carried_for_a_second_and_standings_by_nobody(own, phone, prefix: str) -> None:
    """Performance 11: a rush on one board is a proxy's; the version is the ETag of the data."""
    client = own[0].test_client()
    for address in (f"/{prefix}/zhongkao/{YEAR}/boards", f"/{prefix}/zhongkao/{YEAR}/boards/{code_of(own[1], 1)}"):
        answer = client.get(address)
        assert answer.headers["Cache-Control"] == "public, max-age=0, s-maxage=1"
        assert client.get(address, headers={"If-None-Match": answer.headers["ETag"]}).status_code == 304
    browser, headers = phone(0)
    for address in ("/api/exam/standing", "/api/exam/history"):
        assert browser.get(address, headers=headers).headers["Cache-Control"] == "private, no-cache"


def test_choosing_goes_on_without_any_board(own, phone, tmp_path, monkeypatch) -> None:
    """Where no engine has ever run, ranks wait and choices do not."""
    app, listed, _, _ = own
    boards = app.extensions["boards"]
    monkeypatch.setattr(boards, "_root", tmp_path)
    monkeypatch.setattr(boards, "_looked_at", -10_000)
    client, headers = phone(0)
    assert client.get("/api/exam/standing", headers=headers).json["code"] == "ranks-not-ready"
    answer = put(phone, 0, code_of(listed, 0), "no-board")
    assert answer.status_code == 200
    assert answer.json["standing"]["unit"] == code_of(listed, 0)
    monkeypatch.undo()
    boards._looked_at = -10_000


def test_the_phone_is_told_where_to_listen_and_pages_may(own, phone) -> None:
    client, headers = phone(0)
    answer = client.get("/api/exam/push", headers=headers)
    assert answer.json["socket"].startswith("ws://")
    assert answer.json["socket"].removesuffix("/push") in answer.headers["Content-Security-Policy"]

"""The HTTP door: request keys, problems, headers, forms of other sites, readiness (promises D1, D2, P9)."""

import pytest
from flask import request
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from backend.foundation import clock
from backend.foundation.database import db
from backend.foundation.doors import Application, stamp_requests
from backend.foundation.idempotency import RequestKey
from tests.identity_builders import keyed, log_in, official, one_time

TIPOFF = {"text": "有人说可以买学位,请查一查。"}


def test_the_app_answers_and_tells_the_time(app) -> None:
    answer = app.test_client().get("/alive").json
    assert answer["state"] == "alive"
    assert answer["now"].endswith("+08:00")


def test_ready_means_that_the_database_keeps_what_it_acknowledges(app) -> None:
    answer = app.test_client().get("/ready")
    assert answer.json["database"] == {"fsync": "on", "full_page_writes": "on", "synchronous_commit": "on"}


def test_a_change_without_a_request_key_is_refused(app) -> None:
    answer = app.test_client().post("/api/tipoffs", json=TIPOFF)
    assert (answer.status_code, answer.json["code"]) == (400, "request-key-missing")


@pytest.mark.parametrize(
    "path",
    [
        "/public/schools/%00",
        "/api/schools/%00/results",
        "/api/zhongkao/2026/one-fen?banner=%00",
        "/public/ledger/%00.zip",
    ],
)
def test_a_zero_byte_in_an_address_is_refused_before_anything_reads_it(app, path: str) -> None:
    answer = app.test_client().get(path, headers={"Accept": "application/json"})
    assert (answer.status_code, answer.json["code"]) == (400, "request-malformed")


def test_a_zero_byte_in_a_text_is_refused_and_a_written_escape_is_not(app) -> None:
    client = app.test_client()
    told = client.post("/api/tipoffs", json=TIPOFF | {"school": "\0"}, headers={"Idempotency-Key": "k1"})
    assert (told.status_code, told.json["code"]) == (400, "request-malformed")
    text = r"纸上写着 \u0000 几个字，请查一查"
    assert client.post("/api/tipoffs", json={"text": text}, headers={"Idempotency-Key": "k2"}).status_code == 201


def test_the_same_key_gives_the_same_answer_and_one_effect(app) -> None:
    client = app.test_client()
    answers = [client.post("/api/tipoffs", json=TIPOFF, headers={"Idempotency-Key": "k1"}) for _ in range(3)]
    assert len({answer.data for answer in answers}) == 1
    assert [answer.headers.get("Idempotent-Replay") for answer in answers] == [None, "1", "1"]
    assert db.session.execute(db.text("SELECT count(*) FROM tipoff")).scalar_one() == 1


def test_the_same_key_with_another_body_is_refused(app) -> None:
    client = app.test_client()
    client.post("/api/tipoffs", json=TIPOFF, headers={"Idempotency-Key": "k1"})
    other = client.post("/api/tipoffs", json={"text": "另一件事情"}, headers={"Idempotency-Key": "k1"})
    assert (other.status_code, other.json["code"]) == (422, "request-key-reused")


def test_kept_answers_are_sealed(app) -> None:
    """Promises P11: an answer may hold a person's data."""
    answer = app.test_client().post("/api/tipoffs", json=TIPOFF, headers={"Idempotency-Key": "k1"})
    kept = db.session.query(RequestKey).one()
    assert answer.json["receipt"].encode() not in kept.body_sealed


def test_a_refused_change_leaves_its_key_free(app) -> None:
    client = app.test_client()
    refused = client.post("/api/tipoffs", json={"text": "短"}, headers={"Idempotency-Key": "k1"})
    assert (refused.status_code, refused.json["code"]) == (422, "tipoff-empty")
    assert client.post("/api/tipoffs", json=TIPOFF, headers={"Idempotency-Key": "k1"}).status_code == 201


def test_wrong_fields_are_named_one_by_one(app) -> None:
    answer = app.test_client().post("/api/tipoffs", json={"text": 5}, headers={"Idempotency-Key": "k1"})
    assert (answer.status_code, answer.json["code"]) == (422, "fields-invalid")
    assert [error["pointer"] for error in answer.json["errors"]] == ["/text"]


def test_every_refusal_is_a_problem_with_a_sentence_and_a_request_id(app) -> None:
    answer = app.test_client().get("/api/me")
    assert answer.content_type == "application/problem+json"
    assert (answer.status_code, answer.json["code"]) == (401, "login-needed")
    assert len(answer.json["request_id"]) == 32
    assert answer.json["request_id"] == answer.headers["X-Request-Id"]
    assert answer.json["detail"]


def test_what_is_not_there_is_a_problem_too(app) -> None:
    answer = app.test_client().get("/api/nothing")
    assert (answer.status_code, answer.json["code"]) == (404, "not-found")


def test_answers_carry_safe_headers(app) -> None:
    headers = app.test_client().get("/").headers
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Cache-Control"] == "no-store"
    assert "object-src 'none'" in headers["Content-Security-Policy"]


def test_a_form_of_another_site_changes_nothing_on_the_desk(app) -> None:
    _, totp = official("anna", ("system-administrator", "city", "1506"))
    client = app.test_client()
    form = {"name": "anna", "password": "Sunny-Hills-27", "totp": one_time(totp)}
    assert client.post("/desk/login", data=form, headers={"Origin": "https://elsewhere.example"}).status_code == 403
    assert client.post("/desk/login", data=form).status_code == 302
    for forged in ({"Origin": "https://elsewhere.example"}, {"Origin": "null"}, {"Sec-Fetch-Site": "cross-site"}):
        answer = client.post("/desk/clock", data={"advance_seconds": "60", "request_key": "k1"}, headers=forged)
        assert answer.status_code == 403
    own = client.post(
        "/desk/clock", data={"advance_seconds": "1", "request_key": "k2"}, headers={"Origin": "http://localhost"}
    )
    assert own.status_code == 302
    cookies = own.headers.getlist("Set-Cookie")
    assert cookies
    assert all("SameSite=Strict" in cookie and "HttpOnly" in cookie for cookie in cookies)


@pytest.mark.parametrize(
    ("trusted", "seen"),
    [("0", "127.0.0.1 http://localhost/"), ("1", "203.0.113.7 https://localhost/")],
)
def test_only_a_trusted_proxy_tells_where_a_request_came_from(monkeypatch, trusted: str, seen: str) -> None:
    """Budgets an address, and the origin of the desk's forms, are those of the caller and not of the proxy."""
    monkeypatch.setattr(clock, "_read_offset", lambda: 0)
    behind = Application("behind")
    stamp_requests(behind, trusted_proxy=trusted == "1", push_url="http://127.0.0.1:8001")
    behind.before_request(lambda: f"{request.remote_addr} {request.host_url}")
    told = {"X-Forwarded-For": "198.51.100.1, 203.0.113.7", "X-Forwarded-Proto": "https"}
    assert behind.test_client().get("/", headers=told).text == seen


def test_what_a_failed_statement_carried_stands_in_no_log(app) -> None:
    """A fault is logged with its traceback, and a person's data are in the parameters of most statements."""
    with pytest.raises(DBAPIError) as failed:
        db.session.execute(text("SELECT CAST(:name AS integer) / 0"), {"name": "7"})
    assert "'7'" not in str(failed.value)
    assert "hide_parameters" in str(failed.value)


def test_a_guardian_is_no_official(app) -> None:
    headers = log_in(app, "17000000001")
    assert app.test_client().get("/api/desk/cases", headers=headers).status_code == 403
    moved = app.test_client().post("/api/desk/clock", headers=keyed(headers), json={"advance_seconds": 1})
    assert moved.status_code == 403


def test_the_desk_sends_a_stranger_to_its_entrance(app) -> None:
    answer = app.test_client().get("/desk/")
    assert (answer.status_code, answer.headers["Location"]) == (302, "/desk/login")


def test_an_upload_over_the_limit_is_refused(app) -> None:
    answer = app.test_client().post(
        "/api/tipoffs",
        data=b"x" * (15 * 1024 * 1024),
        headers={"Idempotency-Key": "k1"},
        content_type="application/json",
    )
    assert (answer.status_code, answer.json["code"]) == (413, "too-large")

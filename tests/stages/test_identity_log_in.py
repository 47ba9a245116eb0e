"""Who is asking: codes by SMS, officials' two factors, sessions that end (promises D14, P14; 等保 8.1.4.1)."""

from datetime import timedelta

import time_machine
from sqlalchemy import select

from backend.foundation import clock
from backend.foundation.audit import AuditRow
from backend.foundation.database import db
from backend.foundation.unit_of_work import unit_of_work
from backend.identity import log_in_official
from backend.identity.rows import Official, OneUseCode, Session
from tests.identity_builders import PASSWORD, catch_codes, enter, log_in, official, one_time

PHONE = "17000000001"


def ask(app, phone: str = PHONE) -> int:
    return app.test_client().post("/api/login/code", json={"phone": phone}).status_code


def try_code(app, code: str, phone: str = PHONE) -> int:
    return app.test_client().post("/api/login/phone", json={"phone": phone, "code": code}).status_code


def let_minutes_pass(minutes: int) -> None:
    """As if all codes had been made earlier."""
    with unit_of_work():
        for row in db.session.execute(select(OneUseCode)).scalars():
            row.made_at -= timedelta(minutes=minutes)
            row.ends_at -= timedelta(minutes=minutes)


def test_a_code_opens_the_door_once(app) -> None:
    sent = catch_codes(app)
    assert ask(app) == 204
    code = sent[0][1]
    assert (try_code(app, code), try_code(app, code)) == (200, 422)


def test_a_code_is_good_for_five_minutes(app) -> None:
    sent = catch_codes(app)
    ask(app)
    let_minutes_pass(5)
    assert try_code(app, sent[0][1]) == 422


def test_five_wrong_tries_spend_a_code(app) -> None:
    sent = catch_codes(app)
    ask(app)
    code = sent[0][1]
    wrong = "000000" if code != "000000" else "111111"
    assert [try_code(app, wrong) for _ in range(5)] == [422] * 5
    assert try_code(app, code) == 422


def test_a_wrong_try_is_counted_though_it_is_refused(app) -> None:
    catch_codes(app)
    ask(app)
    try_code(app, "x")
    assert db.session.execute(select(OneUseCode.tries)).scalar_one() == 1


def test_codes_have_budgets_a_number(app) -> None:
    """One a minute, five an hour, ten a day."""
    catch_codes(app)
    assert (ask(app), ask(app)) == (204, 429)
    for _ in range(4):
        let_minutes_pass(2)
        assert ask(app) == 204
    let_minutes_pass(2)
    assert ask(app) == 429
    let_minutes_pass(60)
    assert ask(app) == 204


def test_the_answer_does_not_tell_whether_a_number_is_known(app) -> None:
    log_in(app, PHONE)
    let_minutes_pass(2)
    catch_codes(app)
    client = app.test_client()
    known = client.post("/api/login/code", json={"phone": PHONE})
    unknown = client.post("/api/login/code", json={"phone": "17000000099"})
    assert (known.status_code, known.data) == (unknown.status_code, unknown.data)
    wrong = [client.post("/api/login/phone", json={"phone": p, "code": "x"}).json for p in (PHONE, "17000000098")]
    assert wrong[0]["detail"] == wrong[1]["detail"]


def test_a_text_that_is_no_number_is_refused_with_a_sentence(app) -> None:
    answer = app.test_client().post("/api/login/code", json={"phone": "12345"})
    assert (answer.status_code, answer.json["code"]) == (422, "phone-invalid")
    assert answer.content_type == "application/problem+json"


def test_a_number_written_with_blanks_is_the_same_number(app) -> None:
    first = log_in(app, PHONE)
    let_minutes_pass(2)
    second = log_in(app, "+86 170-0000-0001")
    ids = {app.test_client().get("/api/me", headers=headers).json["id"] for headers in (first, second)}
    assert len(ids) == 1


def test_a_session_ends_with_log_out(app) -> None:
    headers = log_in(app, PHONE)
    client = app.test_client()
    assert client.delete("/api/session", headers=headers).status_code == 204
    assert client.get("/api/me", headers=headers).status_code == 401


def unused_for(span: timedelta) -> None:
    """As if all sessions had been used last so long ago."""
    with unit_of_work():
        for session in db.session.execute(select(Session)).scalars():
            session.used_at -= span


def test_a_session_ends_when_it_is_not_used_and_lives_on_while_it_is(app) -> None:
    """等保 8.1.4.1: half an hour of an official's silence ends the session; looking at pages is no silence."""
    _, totp = official("anna", ("banner-admissions", "banner", "150603"))
    token = enter(app, "anna", PASSWORD, one_time(totp)).json["token"]
    looks = [log_in(app, PHONE), {"Authorization": f"Bearer {token}"}]
    client = app.test_client()

    def seen() -> list[int]:
        return [
            client.get(path, headers=who).status_code
            for path, who in zip(("/api/me", "/api/officials/me"), looks, strict=True)
        ]

    for _ in range(3):
        unused_for(timedelta(minutes=20))
        assert seen() == [200, 200]
    unused_for(timedelta(minutes=31))
    assert seen() == [200, 401]
    unused_for(timedelta(days=29))
    assert seen() == [200, 401]
    unused_for(timedelta(days=31))
    assert seen() == [401, 401]


def test_the_token_itself_is_not_stored(app) -> None:
    token = log_in(app, PHONE)["Authorization"].removeprefix("Bearer ")
    stored = db.session.execute(select(Session.token_sha256)).scalars().all()
    assert stored
    assert all(token.encode() not in digest for digest in stored)


def test_an_official_needs_both_factors(app) -> None:
    _, totp = official("anna", ("banner-admissions", "banner", "150603"))
    code = one_time(totp)
    assert enter(app, "anna", PASSWORD, "000000").status_code == 401
    assert enter(app, "anna", "Wrong-Hills-27", code).status_code == 401
    assert enter(app, "anna", PASSWORD, code).status_code == 200


def test_a_one_time_password_works_once(app) -> None:
    _, totp = official("anna", ("banner-admissions", "banner", "150603"))
    code = one_time(totp)
    assert enter(app, "anna", PASSWORD, code).status_code == 200
    assert enter(app, "anna", PASSWORD, code).status_code == 401


def test_five_failures_lock_the_account_for_a_while(app) -> None:
    account, totp = official("anna", ("banner-admissions", "banner", "150603"))
    for _ in range(5):
        enter(app, "anna", "Wrong-Hills-27", "000000")
    assert enter(app, "anna", PASSWORD, one_time(totp)).status_code == 401
    with unit_of_work():
        db.session.get_one(Official, account).locked_until = clock.now()
    assert enter(app, "anna", PASSWORD, one_time(totp)).status_code == 200


def test_an_unknown_name_and_a_wrong_password_are_answered_alike(app) -> None:
    official("anna", ("banner-admissions", "banner", "150603"))
    known, unknown = enter(app, "anna", "x", "000000"), enter(app, "nobody", "x", "000000")
    assert (known.status_code, known.json["detail"]) == (unknown.status_code, unknown.json["detail"])


def test_one_address_fails_only_so_often_whomever_it_tries(app, monkeypatch) -> None:
    """等保 8.1.4.1: one password tried at many accounts locks none of them, but ends the trying from there, on both doors."""
    monkeypatch.setattr(log_in_official, "PER_ADDRESS_AN_HOUR", 4)
    _, totp = official("anna", ("banner-admissions", "banner", "150603"))
    there, elsewhere = app.test_client(), app.test_client()
    there.environ_base["REMOTE_ADDR"], elsewhere.environ_base["REMOTE_ADDR"] = "192.0.2.7", "192.0.2.8"

    def tried(client, name: str, code: str = "000000") -> tuple[int, str]:
        answer = client.post("/api/officials/login", json={"name": name, "password": PASSWORD, "totp": code})
        return answer.status_code, answer.json.get("code", "")

    assert [tried(there, name) for name in ("a", "b", "anna")] == [(401, "login-wrong")] * 3
    assert there.post("/desk/login", data={"name": "c", "password": "x", "totp": "000000"}).status_code == 401
    assert tried(there, "anna", one_time(totp)) == (429, "logins-too-often")
    refused = there.post("/desk/login", data={"name": "anna", "password": PASSWORD, "totp": one_time(totp)})
    assert (refused.status_code, "请一小时以后再试" in refused.text) == (429, True)
    assert "192.0.2.7" not in str([row.object_id for row in db.session.execute(select(AuditRow)).scalars()])
    assert tried(elsewhere, "anna", one_time(totp)) == (200, "")
    with time_machine.travel(clock.now() + timedelta(minutes=61)):
        assert tried(there, "anna", one_time(totp)) == (200, "")

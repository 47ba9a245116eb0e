"""Accounts over time: changed and recycled numbers, lost WeChat accounts, roles kept apart (promises D15, P25)."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.foundation import clock
from backend.foundation.database import db
from backend.foundation.problems import NotFound
from backend.foundation.unit_of_work import unit_of_work
from backend.identity.accounts import account_by_phone, account_by_wechat, guardian_by_phone, phone_of
from backend.identity.actors import Actor, NotAllowed, Role
from backend.identity.authorize import authorize, authorize_office
from backend.identity.grants import DutiesConflict, end_grant, give_grant, holders_of, roles_of
from backend.identity.rows import Account, OneUseCode
from backend.identity.rules.passwords import password_faults
from backend.identity.rules.roles import ROLE_ACTIONS, SEPARATED, Scope, banner_scopes, school_scopes
from tests.identity_builders import catch_codes, keyed, log_in, official

OLD, NEW = "17000000001", "17000000002"


class Gateway:
    """WeChat's log-in: the code itself names the person."""

    def openid_of(self, code: str) -> str:
        """The part of the code before the dash."""
        return code.split("-", maxsplit=1)[0]


def change_number(app, headers: dict[str, str], phone: str) -> int:
    sent = catch_codes(app)
    client = app.test_client()
    assert client.post("/api/login/code", json={"phone": phone}).status_code == 204
    body = {"phone": phone, "code": sent[-1][1]}
    return client.put("/api/me/phone", headers=keyed(headers), json=body).status_code


def test_a_guardian_changes_the_number_and_keeps_the_account(app) -> None:
    headers = log_in(app, OLD)
    before = app.test_client().get("/api/me", headers=headers).json["id"]
    assert change_number(app, headers, NEW) == 204
    assert app.test_client().get("/api/me", headers=headers).json == {
        "id": before,
        "phone": "170****0002",
        "has_phone": True,
        "has_wechat": False,
        "language": "zh-CN",
    }
    assert account_by_phone(OLD) is None


def test_a_recycled_number_goes_to_who_proves_it_and_the_child_stays(app) -> None:
    """The former holder loses the number and the sessions, not the account with its children."""
    former = log_in(app, NEW)
    former_id = app.test_client().get("/api/me", headers=former).json["id"]
    with unit_of_work():
        for row in db.session.query(OneUseCode):
            row.made_at -= timedelta(minutes=2)
    assert change_number(app, log_in(app, OLD), NEW) == 204
    assert app.test_client().get("/api/me", headers=former).status_code == 401
    kept = db.session.get(Account, former_id)
    assert (kept.phone_index, kept.closed_at) == (None, None)


def test_a_wrong_code_changes_no_number_and_may_be_tried_again_with_the_same_key(app) -> None:
    headers = keyed(log_in(app, OLD))
    sent = catch_codes(app)
    client = app.test_client()
    client.post("/api/login/code", json={"phone": NEW})
    wrong = client.put("/api/me/phone", headers=headers, json={"phone": NEW, "code": "x"})
    again = client.put("/api/me/phone", headers=headers, json={"phone": NEW, "code": "x"})
    assert (wrong.status_code, again.status_code, again.headers["Idempotent-Replay"]) == (422, 422, "1")
    right = client.put("/api/me/phone", headers=keyed(headers), json={"phone": NEW, "code": sent[-1][1]})
    assert right.status_code == 204


def test_a_lost_wechat_account_is_replaced_after_logging_in_by_phone(app) -> None:
    app.extensions["wechat_login"] = Gateway()
    headers = log_in(app, OLD)
    client = app.test_client()
    for code in ("lost-1", "fresh-1"):
        assert client.post("/api/me/wechat", headers=keyed(headers), json={"code": code}).status_code == 204
    assert account_by_wechat("lost") is None
    mine = client.get("/api/me", headers=headers).json["id"]
    assert str(account_by_wechat("fresh").id) == mine


def test_a_wechat_account_of_another_guardian_with_a_number_is_not_taken(app) -> None:
    app.extensions["wechat_login"] = Gateway()
    client = app.test_client()
    client.post("/api/me/wechat", headers=keyed(log_in(app, OLD)), json={"code": "hers-1"})
    refused = client.post("/api/me/wechat", headers=keyed(log_in(app, NEW)), json={"code": "hers-2"})
    assert (refused.status_code, refused.json["code"]) == (409, "wechat-bound-elsewhere")


def test_a_wechat_code_is_not_taken_twice(app) -> None:
    app.extensions["wechat_login"] = Gateway()
    client = app.test_client()
    first, second = (client.post("/api/login/wechat", json={"code": "she-1"}) for _ in range(2))
    assert (first.status_code, second.json["code"]) == (200, "wechat-code-refused")


def test_numbers_are_sealed_in_the_row(app) -> None:
    with unit_of_work():
        account = guardian_by_phone(OLD)
    assert OLD.encode() not in account.phone_sealed + account.phone_index
    assert phone_of(account) == OLD


def test_nobody_holds_two_of_the_three_administrators(app) -> None:
    """三员分立."""
    account, _ = official("anna", ("system-administrator", "city", "1506"))
    with pytest.raises(DutiesConflict):
        give_grant(account, "audit-administrator", Scope("city", "1506"), "a test")


def test_administrators_read_no_child() -> None:
    business = {"child.read", "child.write", "case.decide", "admitted.read", "record.export"}
    assert all(not ROLE_ACTIONS[role] & business for role in SEPARATED)


def test_an_ended_grant_allows_nothing(app) -> None:
    account, _ = official("anna", ("banner-admissions", "banner", "150603"))
    assert holders_of("banner-admissions", Scope("banner", "150603")) == [account]
    with unit_of_work():
        end_grant(account, "banner-admissions", Scope("banner", "150603"), "left")
    assert roles_of(account) == ()


def test_a_grant_with_an_end_runs_out(app) -> None:
    account, _ = official("anna")
    with unit_of_work():
        give_grant(account, "auditor", Scope("city", "1506"), "a visit", ends_at=clock.now())
    assert roles_of(account) == ()


def someone(role: str, kind: str, scope: str, account_kind: str = "official") -> Actor:
    import uuid  # noqa: PLC0415

    return Actor(uuid.uuid4(), account_kind, (Role(role, Scope(kind, scope)),))


def test_staff_open_a_child_only_for_a_case_and_the_look_is_written_down(app) -> None:
    """未保条例 §36, promises P13."""
    child = (Scope("child", "c"), *banner_scopes("150603"))
    staff = someone("banner-admissions", "banner", "150603")
    with pytest.raises(NotAllowed):
        authorize(staff, "case.decide", child)
    authorize(staff, "case.decide", child, purpose="case 1")
    looks = db.session.execute(db.text("SELECT purpose FROM access_row")).scalars().all()
    assert looks == ["case 1"]


def test_another_banner_sees_nothing(app) -> None:
    child = (Scope("child", "c"), *banner_scopes("150603"))
    with pytest.raises(NotFound):
        authorize(someone("banner-admissions", "banner", "150621"), "case.decide", child, purpose="case 1")
    with pytest.raises(NotAllowed):
        authorize_office(
            someone("school-admissions", "school", "150603-P01"), "classes.form", school_scopes("150603-P02")
        )


@given(st.text(max_size=11))
def test_a_short_password_is_never_good(password: str) -> None:
    assert "password-short" in password_faults(password, "anna")


@pytest.mark.parametrize("password", ["sunnyhills27a", "Anna-anna-2027", "Password-12345", "aaaaaaaaaaaa"])
def test_simple_common_and_own_names_are_no_passwords(password: str) -> None:
    assert password_faults(password, "anna")

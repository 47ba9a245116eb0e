"""What gateways report afterwards, and what a guardian sees of it."""

import uuid

import pytest

from backend.foundation.database import db
from backend.foundation.doors import Application
from backend.foundation.unit_of_work import unit_of_work
from backend.identity.rows import Account
from backend.identity.sessions import open_session
from backend.notices.receive_receipt import receive_template_report
from backend.notices.rows import Notice
from backend.notices.send_notice import send_notice
from jobs.run_tasks import drain
from tests.notices_builders import guardian, some_key


def sent_to(account: Account) -> uuid.UUID:
    with unit_of_work():
        notice = send_notice(account.id, "seat-settled", {"seat_type": "第一类", "child": "小明"}, some_key())
    drain("notices")
    return notice


def state_of(notice: uuid.UUID) -> str:
    db.session.expire_all()
    return db.session.get_one(Notice, notice).state


def receipt(app: Application, notice: uuid.UUID, state: str, **other: str) -> int:
    path = app.config["GATEWAYS"].sms_receipt_path
    line = {"id": notice.hex, "biz_id": f"biz-{notice.hex}", "state": state, **other}
    answer = app.test_client().post(f"/gateways/sms/{path}", json=[line])
    assert answer.status_code == 200
    taken: int = answer.get_json()["taken"]
    return taken


def test_a_receipt_says_that_the_message_arrived_and_a_repeat_says_nothing_new(app, sms) -> None:
    notice = sent_to(guardian())
    assert receipt(app, notice, "delivered") == 1
    assert receipt(app, notice, "delivered") == 0
    assert receipt(app, notice, "failed") == 0
    assert state_of(notice) == "delivered"


def test_a_failed_sms_is_failed(app, sms) -> None:
    notice = sent_to(guardian())
    receipt(app, notice, "failed")
    assert state_of(notice) == "failed"


@pytest.mark.parametrize("other", [{"biz_id": "somebody-else"}, {"state": "exploded"}, {"id": "no-uuid"}])
def test_receipts_of_messages_we_did_not_send_are_not_taken(app, sms, other) -> None:
    notice = sent_to(guardian())
    told = {"state": "delivered", **other}
    assert receipt(app, notice, told.pop("state"), **told) == 0
    assert state_of(notice) == "sent"


@pytest.mark.parametrize("body", ["", "{}", "[1]", "[[]]", "nonsense"])
def test_a_body_that_is_no_list_of_receipts_changes_nothing(app, sms, body) -> None:
    path = app.config["GATEWAYS"].sms_receipt_path
    answer = app.test_client().post(f"/gateways/sms/{path}", data=body, content_type="application/json")
    assert answer.get_json() == {"taken": 0}


def test_receipts_come_by_the_secret_path_only(app, sms) -> None:
    notice = sent_to(guardian())
    line = [{"id": notice.hex, "biz_id": f"biz-{notice.hex}", "state": "delivered"}]
    assert app.test_client().post("/gateways/sms/guess", json=line).status_code == 404
    assert state_of(notice) == "sent"


def test_a_template_message_that_did_not_arrive_goes_by_sms(app, sms) -> None:
    notice = sent_to(guardian(openid="o1"))
    assert sms.calls == []
    with unit_of_work():
        receive_template_report(f"number-{notice.hex}", arrived=False, why="failed: system failed")
    drain("notices")
    assert list(sms.sent) == [notice.hex]


def test_a_template_message_that_arrived_is_delivered(app, sms) -> None:
    notice = sent_to(guardian(openid="o1"))
    with unit_of_work():
        receive_template_report(f"number-{notice.hex}", arrived=True)
        receive_template_report("unknown", arrived=False)
    assert state_of(notice) == "delivered"
    assert sms.calls == []


def test_a_guardian_sees_own_messages_and_nobody_elses(app, sms) -> None:
    mine, other = guardian("13800000001"), guardian("13800000002")
    notice = sent_to(mine)
    sent_to(other)
    with unit_of_work():
        token = open_session(mine)
    client = app.test_client()
    items = client.get("/api/me/messages", headers={"Authorization": f"Bearer {token}"}).get_json()["items"]
    assert [item["id"] for item in items] == [str(notice)]
    assert items[0]["text"].startswith("小明的学位类型")
    assert (items[0]["channel"], items[0]["state"]) == ("sms", "sent")
    assert client.get("/api/me/messages").status_code == 401

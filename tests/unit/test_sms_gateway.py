"""The simulated SMS gateway: signed, idempotent by id, with limits, failures and receipts that are posted until taken."""

import hashlib
import hmac
import json
import time
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import pytest
import requests

from rehearsal.faults import Weather
from rehearsal.loopback import Answer, Request, Site, json_answer
from rehearsal.serving import serving
from rehearsal.short_messages import Agenda, Mailroom, Message
from rehearsal.sms import Gateway

KEY = "a key that only the gateway and Sunroll know"


class Web:
    """Stands for the service: takes receipts, at first refusing as many as it is told to."""

    def __init__(self) -> None:
        self.taken: list[dict[str, Any]] = []
        self.refuses = 0
        self.site = Site("web")
        self.site.route("POST", "/gateways/sms/{secret}", self._receive)
        self.site.route("POST", "/sms/{secret}", self._receive)

    async def _receive(self, request: Request, secret: str) -> Answer:
        if self.refuses:
            self.refuses -= 1
            return json_answer({}, 503)
        self.taken += request.json()
        return json_answer({})


@pytest.fixture
def web() -> Web:
    return Web()


@pytest.fixture
def gateway(web: Web, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    monkeypatch.setattr("rehearsal.short_messages.FIRST_WAIT_SECONDS", 0.1)
    with (
        serving(web.site) as receiver,
        serving(
            Gateway(KEY, f"{receiver}/gateways/sms/secret", Weather("sms"), f"{receiver}/sms/secret").site
        ) as address,
    ):
        yield address


def message(number: int = 1, **changes: str) -> dict[str, Any]:
    return {
        "id": f"m-{number}",
        "phone": "17000000001",
        "template": "receipt",
        "params": {"receipt": "R1"},
        "text": "您的入学登记已提交,回执号 R1。",
        "sign": "阳光入学",
        **changes,
    }


def send(gateway: str, told: dict[str, Any], *, key: str = KEY, age_s: float = 0) -> requests.Response:
    body, timestamp = json.dumps(told).encode(), str(int(time.time() - age_s))
    signature = hmac.new(key.encode(), timestamp.encode() + b"\n" + body, hashlib.sha256).hexdigest()
    headers = {"X-Timestamp": timestamp, "X-Signature": signature}
    return requests.post(f"{gateway}/send", data=body, headers=headers, timeout=5)


def state(gateway: str, told: dict[str, Any]) -> str:
    found: str = requests.get(f"{gateway}/query", params={"id": told["id"]}, timeout=5).json()["state"]
    return found


def wait_for(condition: Any) -> None:
    for _ in range(100):
        if condition():
            return
        time.sleep(0.05)
    raise AssertionError("it did not happen within five seconds")


def test_a_message_arrives_at_the_phone_and_its_receipt_at_the_service(gateway: str, web: Web) -> None:
    told = message()
    answer = send(gateway, told).json()
    assert answer["code"] == "OK"
    wait_for(lambda: web.taken)
    (receipt,) = web.taken
    assert (receipt["id"], receipt["biz_id"], receipt["state"]) == (told["id"], answer["biz_id"], "delivered")
    assert receipt["at"].endswith("+08:00")
    assert state(gateway, told) == "delivered"
    phone = requests.get(f"{gateway}/phones/17000000001", timeout=5).json()
    assert [each["text"] for each in phone["items"]] == [told["text"]]


def test_the_same_id_again_gives_the_same_answer_and_is_not_sent_again(gateway: str) -> None:
    """P8: a stable message id makes a repeat harmless."""
    first, second = send(gateway, message()).json(), send(gateway, message()).json()
    assert first == second
    assert len(requests.get(f"{gateway}/phones/17000000001", timeout=5).json()["items"]) == 1
    assert requests.get(f"{gateway}/figures", timeout=5).json()["repeated"] == 1


def test_an_id_used_for_another_text_is_refused(gateway: str) -> None:
    send(gateway, message())
    assert send(gateway, message(text="another text")).json()["code"] == "isv.DUPLICATE_ID"


@pytest.mark.parametrize(("key", "age_s"), [("another key", 0), (KEY, 700), (KEY, -700)])
def test_a_request_that_is_not_signed_or_not_fresh_is_refused(gateway: str, key: str, age_s: float) -> None:
    assert send(gateway, message(), key=key, age_s=age_s).status_code == 403
    assert state(gateway, message()) == "unknown-id"


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"phone": "12"}, "isv.MOBILE_NUMBER_ILLEGAL"),
        ({"text": ""}, "isv.INVALID_PARAMETERS"),
    ],
)
def test_a_message_that_cannot_be_sent_is_refused_with_a_code(gateway: str, changes: dict[str, str], code: str) -> None:
    assert send(gateway, message(**changes)).json()["code"] == code


def test_a_number_gets_one_code_a_minute_unless_limits_are_off(gateway: str) -> None:
    codes = [send(gateway, message(n, template="login-code")).json()["code"] for n in (1, 2)]
    assert codes == ["OK", "isv.BUSINESS_LIMIT_CONTROL"]
    requests.post(f"{gateway}/control", json={"limits": False}, timeout=5)
    assert send(gateway, message(3, template="login-code")).json()["code"] == "OK"


def test_the_limits_are_those_of_the_providers() -> None:
    """Codes 1 a minute, 5 an hour, 10 a day a number; notices 50 a day a number and template."""
    room = Mailroom()
    taken = [now for now in range(0, 86400, 30) if not room.is_over_limit("1", "login-code", now)]
    assert len(taken) == 10
    assert all(later - earlier >= 60 for earlier, later in pairwise(taken))
    assert len([now for now in taken if now < 3600]) == 5
    assert sum(not room.is_over_limit("1", "result", 1000 + n) for n in range(80)) == 50
    assert not room.is_over_limit("1", "another", 1000)
    assert not room.is_over_limit("1", "login-code", 86400 * 2)


def test_a_share_of_deliveries_fails_and_the_receipt_says_so(gateway: str, web: Web) -> None:
    requests.post(f"{gateway}/control", json={"error_rate": {"delivery": 1}}, timeout=5)
    send(gateway, message())
    wait_for(lambda: web.taken)
    assert web.taken[0]["state"] == "failed"
    assert state(gateway, message()) == "failed"


def test_a_receipt_is_posted_again_until_the_service_takes_it(gateway: str, web: Web) -> None:
    web.refuses = 2
    send(gateway, message())
    wait_for(lambda: web.taken)
    assert requests.get(f"{gateway}/figures", timeout=5).json()["tries"] == 3


def test_a_lost_receipt_can_still_be_asked_for(gateway: str, web: Web) -> None:
    requests.post(f"{gateway}/control", json={"error_rate": {"receipt": 1}}, timeout=5)
    send(gateway, message())
    wait_for(lambda: state(gateway, message()) == "delivered")
    time.sleep(0.3)
    assert web.taken == []


def test_delivery_takes_as_long_as_it_is_told_to(gateway: str) -> None:
    requests.post(f"{gateway}/control", json={"latency_ms": {"delivery": [400, 400]}}, timeout=5)
    send(gateway, message())
    assert state(gateway, message()) == "accepted"
    wait_for(lambda: state(gateway, message()) == "delivered")


def test_an_outage_of_the_gateway_answers_503_and_sends_nothing(gateway: str) -> None:
    requests.post(f"{gateway}/control", json={"outages": [{"name": "send", "lasts_s": 60}]}, timeout=5)
    assert send(gateway, message()).status_code == 503
    assert state(gateway, message()) == "unknown-id"


def test_what_a_phone_writes_reaches_the_service_once_by_its_id_also_after_a_refusal(gateway: str, web: Web) -> None:
    web.refuses = 1
    address, told = f"{gateway}/phones/17000000001", {"id": "w-1", "text": "报名"}
    answers = [requests.post(address, json=told, timeout=5).json() for _ in range(2)]
    assert answers[0] == answers[1]
    wait_for(lambda: web.taken)
    assert web.taken == [{"id": "w-1", "phone": "17000000001", "text": "报名"}]
    assert [line["text"] for line in requests.get(address, timeout=5).json()["written"]] == ["报名"]


@pytest.mark.parametrize(("phone", "told"), [("123", {"text": "报名"}), ("17000000001", {"text": " "})])
def test_only_a_mobile_number_writes_and_it_writes_something(gateway: str, phone: str, told: dict[str, str]) -> None:
    assert requests.post(f"{gateway}/phones/{phone}", json=told, timeout=5).status_code == 400


def test_the_phones_are_listed_the_latest_first_and_found_by_part_of_a_number(gateway: str) -> None:
    send(gateway, message(1, phone="17000000001"))
    send(gateway, message(2, phone="17000000022"))
    told = requests.get(f"{gateway}/phones", timeout=5).json()
    assert [row["phone"] for row in told["items"]] == ["17000000022", "17000000001"]
    found = requests.get(f"{gateway}/phones", params={"q": "0022"}, timeout=5).json()["items"]
    assert [row["phone"] for row in found] == ["17000000022"]


@pytest.mark.parametrize("path", ["/phones", "/phones/17000000001"])
def test_a_browser_gets_a_page_in_chinese(gateway: str, path: str) -> None:
    answer = requests.get(gateway + path, headers={"Accept": "text/html"}, timeout=5)
    answer.encoding = "utf-8"
    assert 'lang="zh-CN"' in answer.text
    assert "演练" in answer.text


def test_what_is_put_off_comes_later_each_time_and_is_given_up_at_last() -> None:
    agenda: Agenda[Message] = Agenda()
    told = message()
    told.pop("params")
    agenda.add(0, Message(biz_id="b", accepted_at=0, params={}, **told))
    waits, now = [], 0.0
    while due := agenda.take(now, 10):
        if not agenda.add_again(now, due[0]):
            break
        before, now = now, agenda._heap[0].at
        waits.append(now - before)
    assert waits == [2.0 * 2**n for n in range(9)]
    assert len(agenda) == 0

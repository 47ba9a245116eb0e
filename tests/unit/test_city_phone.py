"""A family's phone: logs in like a person, and repeats a request as the same bytes under the same key until answered."""

import asyncio
import hashlib
import hmac
import json
import socket
import threading
import time
from collections.abc import Iterator

import pytest
import requests

from rehearsal.faults import Weather
from rehearsal.loopback import Answer, Request, Site, json_answer
from rehearsal.phone import City, NoAnswer, Phone, PhoneRefused, without_ids
from rehearsal.serving import serving
from rehearsal.sms import Gateway
from rehearsal.wechat import Account, Platform

AES_KEY = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG"


class Service:
    """Stands for the service: answers with the prepared answers in turn, then 200; keeps what it was sent."""

    def __init__(self) -> None:
        self.answers: list[Answer] = []
        self.seen: list[Request] = []
        self.gateway = ""
        self.site = Site("service")
        for method in ("POST", "PUT", "DELETE", "GET"):
            self.site.route(method, "/api/things/{thing}", self._thing)
        self.site.route("POST", "/api/login/code", self._send_code)
        self.site.route("POST", "/api/login/phone", self._log_in)
        self.site.route("POST", "/api/login/wechat", self._log_in)

    async def _thing(self, request: Request, thing: str) -> Answer:
        self.seen.append(request)
        return self.answers.pop(0) if self.answers else json_answer({"thing": thing})

    async def _send_code(self, request: Request) -> Answer:
        phone = request.json()["phone"]
        text = {
            "id": str(time.time()),
            "phone": phone,
            "template": "login-code",
            "text": "验证码 482913，5 分钟内有效。",
        }
        body, stamp = json.dumps({**text, "sign": "阳光入学"}).encode(), str(int(time.time()))
        signature = hmac.new(b"key", stamp.encode() + b"\n" + body, hashlib.sha256).hexdigest()
        headers = {"X-Timestamp": stamp, "X-Signature": signature}
        await asyncio.to_thread(requests.post, f"{self.gateway}/send", data=body, headers=headers, timeout=5)
        return Answer(status=204)

    async def _log_in(self, request: Request) -> Answer:
        self.seen.append(request)
        return json_answer({"token": "t-1", "guardian": {"id": "g-1"}})


@pytest.fixture
def service() -> Service:
    return Service()


@pytest.fixture
def city(service: Service) -> Iterator[City]:
    account = Account("wx1", "secret", "token", AES_KEY, "http://127.0.0.1:9/none", "http://127.0.0.1:9")
    platform = Platform(account, None, Weather("wechat"))
    with (
        serving(service.site) as address,
        serving(Gateway("key", f"{address}/receipts", Weather("sms")).site) as sms,
        serving(platform.site) as wechat,
    ):
        service.gateway = sms
        yield City(address, sms, wechat)
    platform.close()


@pytest.fixture
def phone(city: City) -> Iterator[Phone]:
    phone = Phone(city, source="127.0.7.9", patience_s=8)
    yield phone
    phone.close()


def test_a_parent_logs_in_with_the_code_that_came_by_sms(phone: Phone, service: Service) -> None:
    phone.log_in_by_sms("17000000001")
    assert service.seen[-1].json() == {"phone": "17000000001", "code": "482913"}
    phone.get("/api/things/1")
    assert service.seen[-1].headers["authorization"] == "Bearer t-1"
    assert phone.guardian == {"id": "g-1"}


def test_a_parent_logs_in_with_a_code_of_wechat(phone: Phone, service: Service, city: City) -> None:
    person = requests.post(f"{city.wechat}/chat/people", json={"name": "妈妈"}, timeout=5).json()
    phone.log_in_by_wechat(person["openid"])
    assert len(service.seen[-1].json()["code"]) == 32


def test_a_broken_answer_is_repeated_as_the_same_bytes_under_the_same_key(phone: Phone, service: Service) -> None:
    """P9: the same request key, the same body; a picture's multipart boundary included."""
    service.answers = [json_answer({}, 503), json_answer({}, 500)]
    assert phone.upload("/api/things/7", "household", b"\xff\xd8 picture") == {"thing": "7"}
    assert len(service.seen) == 3
    assert len({request.body for request in service.seen}) == 1
    assert len({request.headers["idempotency-key"] for request in service.seen}) == 1


def test_two_changes_have_two_keys_and_a_given_key_is_kept(phone: Phone, service: Service) -> None:
    phone.post("/api/things/1", {"a": 1})
    phone.put("/api/things/1", {"a": 1})
    phone.delete("/api/things/1", key="mine")
    keys = [request.headers["idempotency-key"] for request in service.seen]
    assert len(set(keys)) == 3
    assert keys[2] == "mine"


def test_the_phone_waits_as_long_as_it_is_asked_to(phone: Phone, service: Service) -> None:
    service.answers = [json_answer({}, 429, {"Retry-After": "1"}), json_answer({}, 409, {"Retry-After": "0"})]
    began = time.monotonic()
    phone.post("/api/things/1", {})
    assert time.monotonic() - began >= 1
    assert len(service.seen) == 3


def test_a_refusal_is_told_with_its_code_and_not_repeated(phone: Phone, service: Service) -> None:
    problem = json.dumps({"code": "window-closed", "detail": "登记时间已过"}).encode()
    service.answers = [Answer(problem, 409, "application/problem+json")]
    with pytest.raises(PhoneRefused, match="window-closed: 登记时间已过") as refused:
        phone.post("/api/things/1", {})
    assert (refused.value.status, refused.value.code) == (409, "window-closed")
    assert len(service.seen) == 1


def test_a_service_that_never_answers_is_given_up_after_the_patience(city: City) -> None:
    phone = Phone(City("http://127.0.0.1:9", city.sms, city.wechat), patience_s=0.5)
    with pytest.raises(NoAnswer, match="GET /api/things/1"):
        phone.get("/api/things/1")
    phone.close()


def test_every_try_is_told_to_the_observer(city: City, service: Service) -> None:
    seen: list[tuple[str, int]] = []
    phone = Phone(city, observe=lambda route, seconds, status: seen.append((route, status)))
    service.answers = [json_answer({}, 503)]
    phone.get("/api/things/0f8fad5b-d9cb-469f-a165-70867728950e")
    assert seen == [("GET /api/things/{}", 503), ("GET /api/things/{}", 200)]
    phone.close()


def test_the_name_of_a_route_has_no_identifiers_and_no_query() -> None:
    assert without_ids("/api/schools/150603-P01/results?x=1") == "/api/schools/{}/results"
    assert without_ids("/api/banners/150603/disclosure") == "/api/banners/{}/disclosure"
    assert without_ids("/api/me") == "/api/me"


def test_each_phone_comes_from_its_own_address(city: City) -> None:
    """The service keeps budgets an address; one machine must look like many households."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        visitors: list[str] = []

        def take_one() -> None:
            connection, (host, _) = server.accept()
            visitors.append(host)
            connection.recv(4096)
            connection.sendall(b"HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n")
            connection.close()

        thread = threading.Thread(target=take_one)
        thread.start()
        phone = Phone(City(f"http://127.0.0.1:{server.getsockname()[1]}", city.sms, city.wechat), source="127.9.8.7")
        assert phone.get("/api/me") is None
        thread.join()
        phone.close()
    assert visitors == ["127.9.8.7"]

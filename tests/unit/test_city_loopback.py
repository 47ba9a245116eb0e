"""The city's small HTTP server: what it takes, what it refuses, and that a broken handler breaks nothing else."""

import asyncio
import json
import socket
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
import requests

from rehearsal.faults import Weather, seconds_ahead
from rehearsal.loopback import MOST_BODY, Answer, Refused, Request, Site, json_answer, page_file, settings_of
from rehearsal.serving import serving


class Room:
    """A site with one handler of each temper."""

    def __init__(self) -> None:
        self.site = Site("room")
        self.site.route("POST", "/echo/{name}", self._echo)
        self.site.route("GET", "/slow", self._slow)
        self.site.route("GET", "/broken", self._broken)
        self.site.route("GET", "/refused", self._refused)
        self.site.route("GET", "/page", self._page)

    async def _echo(self, request: Request, name: str) -> Answer:
        return json_answer({"name": name, "query": dict(request.query), "body": request.json()})

    async def _slow(self, request: Request) -> Answer:
        await asyncio.sleep(0.3)
        return json_answer({})

    async def _broken(self, request: Request) -> Answer:
        raise KeyError("nothing")

    async def _refused(self, request: Request) -> Answer:
        raise Refused(409, "not now")

    async def _page(self, request: Request) -> Answer:
        return page_file("phones.html") if request.wants_page else json_answer({})


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with serving(Room().site) as address:
        yield address


def test_segments_query_and_body_arrive_decoded(address: str) -> None:
    answer = requests.post(f"{address}/echo/康巴什", params={"q": "小区 一"}, json={"a": [1]}, timeout=5)
    assert answer.json() == {"name": "康巴什", "query": {"q": "小区 一"}, "body": {"a": [1]}}


def test_one_connection_serves_many_requests(address: str) -> None:
    with requests.Session() as session:
        for number in range(5):
            assert session.post(f"{address}/echo/x", json=number, timeout=5).json()["body"] == number


def test_forty_slow_requests_wait_side_by_side(address: str) -> None:
    began = time.monotonic()
    threads = [
        threading.Thread(target=requests.get, args=(f"{address}/slow",), kwargs={"timeout": 5}) for _ in range(40)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert time.monotonic() - began < 3


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [("GET", "/nowhere", 404), ("PUT", "/slow", 405), ("GET", "/broken", 500), ("GET", "/refused", 409)],
)
def test_what_cannot_be_answered_says_so_in_a_sentence(address: str, method: str, path: str, status: int) -> None:
    answer = requests.request(method, address + path, timeout=5)
    assert answer.status_code == status
    assert answer.json()["error"]
    assert requests.get(f"{address}/health", timeout=5).json() == {"name": "room", "ok": True}


def test_a_body_that_is_no_json_is_refused(address: str) -> None:
    assert requests.post(f"{address}/echo/x", data=b"{", timeout=5).status_code == 400


@pytest.mark.parametrize(
    ("head", "status"),
    [
        (b"nonsense\r\n\r\n", b"400"),
        (f"POST /echo/x HTTP/1.1\r\nContent-Length: {MOST_BODY + 1}\r\n\r\n".encode(), b"413"),
        (b"POST /echo/x HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n", b"411"),
        (b"GET / HTTP/1.1\r\nX: " + b"x" * 70_000 + b"\r\n\r\n", b"431"),
    ],
)
def test_what_is_no_request_of_ours_is_refused_and_the_connection_closed(
    address: str, head: bytes, status: bytes
) -> None:
    host, port = address.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=5) as connection:
        connection.sendall(head)
        answer = connection.recv(4096)
        assert answer.split(b" ")[1] == status
        assert b"Connection: close" in answer


def test_a_browser_gets_a_page_that_is_not_kept(address: str) -> None:
    answer = requests.get(f"{address}/page", headers={"Accept": "text/html,*/*"}, timeout=5)
    assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
    assert answer.headers["Cache-Control"] == "no-store"
    assert requests.get(f"{address}/page", timeout=5).json() == {}


@pytest.mark.parametrize("name", ["nothing.css", "..%2Floopback.py", "%2Fetc%2Fpasswd"])
def test_only_the_pages_are_served_as_files(address: str, name: str) -> None:
    assert requests.get(f"{address}/pages/phones.css", timeout=5).status_code == 200
    assert requests.get(f"{address}/pages/{name}", timeout=5).status_code == 404


def test_missing_environment_variables_are_named(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("NO_SUCH_THING", raising=False)
    with pytest.raises(SystemExit) as left:
        settings_of("exchange", "NO_SUCH_THING")
    assert left.value.code == 2
    assert "NO_SUCH_THING" in capsys.readouterr().err


def test_the_city_takes_the_time_from_a_service_whose_clock_was_moved() -> None:
    moved = timedelta(days=200)
    clock = Site("clock")

    async def tell(request: Request) -> Answer:
        return Answer(json.dumps({"now": (datetime.now(UTC) + moved).isoformat()}).encode())

    clock.route("GET", "/ready", tell)
    weather, follower = Weather("sms"), Site("follower")
    with serving(clock) as clock_address:
        assert abs(seconds_ahead(f"{clock_address}/ready") - moved.total_seconds()) < 5
        weather.follow(follower, f"{clock_address}/ready")
        with serving(follower):
            for _ in range(50):
                if weather.now() > time.time() + 1000:
                    break
                time.sleep(0.05)
    assert abs(weather.now() - time.time() - moved.total_seconds()) < 5

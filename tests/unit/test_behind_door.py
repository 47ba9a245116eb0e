"""A WSGI application behind the asynchronous door is told what any server would tell it, and no slow body holds a thread."""

import asyncio
from datetime import UTC, datetime
from typing import Any

import pytest
from door_client import Conversation, DoorClient, Lines, Request, in_a_loop_of_its_own
from flask import Flask, Response, jsonify, request

from backend.foundation import behind_door
from backend.foundation.behind_door import BehindDoor
from backend.foundation.doors import ARRIVED

NOON = datetime(2026, 6, 21, 4, tzinfo=UTC)


class Plain:
    """A door that hands everything on."""

    def __init__(self, at_once: int) -> None:
        self.behind = BehindDoor(_app(), at_once)

    async def __rsgi__(self, scope: Any, exchange: Any) -> None:
        await self.behind.answer(scope, exchange, NOON)


def _app() -> Flask:
    app = Flask(__name__)
    app.config["MAX_CONTENT_LENGTH"] = behind_door.LARGEST_BODY

    @app.route("/told/<path:name>", methods=["GET", "POST"])
    def told(name: str) -> Response:
        answer = jsonify(
            name=name,
            q=request.args.getlist("q"),
            cookies=request.cookies,
            forwarded=request.headers.get("X-Forwarded-For"),
            address=request.remote_addr,
            host=request.host,
            type=request.mimetype,
            length=len(request.get_data()),
            arrived=request.environ[ARRIVED].isoformat(),
        )
        answer.set_cookie("a", "1")
        answer.set_cookie("b", "2")
        return answer

    return app


@pytest.fixture
def door() -> DoorClient:
    return DoorClient(Plain(2))


def test_an_application_is_told_address_names_questions_and_cookies(door: DoorClient) -> None:
    more = [("cookie", "x=1"), ("cookie", "y=2"), ("x-forwarded-for", "10.0.0.1"), ("x-forwarded-for", "10.0.0.2")]
    told = door.ask("GET", "/told/%E4%B8%AD%E8%80%83?q=%E4%B8%80&q=b", more=more)
    assert told.json == {
        "name": "中考",
        "q": ["一", "b"],
        "cookies": {"x": "1", "y": "2"},
        "forwarded": "10.0.0.1,10.0.0.2",
        "address": "127.0.0.1",
        "host": "127.0.0.1:8000",
        "type": "",
        "length": 0,
        "arrived": NOON.isoformat(),
    }
    assert told.headers.getlist("set-cookie") == ["a=1; Path=/", "b=2; Path=/"]


@pytest.mark.parametrize("sized", [True, False])
@pytest.mark.parametrize("length", [1, behind_door.KEPT_IN_MEMORY, behind_door.KEPT_IN_MEMORY + 1, 3_000_000])
def test_a_body_is_read_whole_however_it_comes(door: DoorClient, length: int, *, sized: bool) -> None:
    told = door.ask("POST", "/told/x", b"x" * length, headers={"Content-Type": "image/jpeg"}, sized=sized)
    assert (told.json["length"], told.json["type"]) == (length, "image/jpeg")


@pytest.mark.parametrize("sized", [True, False])
def test_of_a_body_that_is_too_large_little_is_read(door: DoorClient, *, sized: bool) -> None:
    """P18: what is refused for its size fills neither memory nor disk, whether its size was told or not."""
    told = door.ask("POST", "/told/x", b"x" * (behind_door.LARGEST_BODY + 10_000_000), sized=sized)
    assert told.status_code == 413
    assert door.last.pieces_read == (0 if sized else behind_door.LARGEST_BODY // 65_536 + 1)


def test_a_phone_that_sends_slowly_keeps_nobody_out() -> None:
    """One thread serves others while a body is on its way."""
    plain = Plain(1)
    arrived = asyncio.Event()

    class Slow(Conversation):
        async def __call__(self) -> bytes:
            await arrived.wait()
            return b"late"

    async def both() -> tuple[Conversation, Conversation]:
        slow, quick = Slow(b""), Conversation(b"")
        waits = asyncio.create_task(
            plain.__rsgi__(Request("POST", "/told/slow", "", Lines([("host", "x"), ("content-length", "4")])), slow)
        )
        await asyncio.sleep(0)
        await plain.__rsgi__(Request("GET", "/told/quick", "", Lines([("host", "x")])), quick)
        assert slow.told == []
        arrived.set()
        await waits
        return slow, quick

    slow, quick = in_a_loop_of_its_own(both())
    assert quick.told[0].json["name"] == "quick"
    assert slow.told[0].json["length"] == 4

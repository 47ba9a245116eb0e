"""Push: each phone its own standing when it changes, sockets and events alike; hostile and slow peers hurt nobody (A54)."""

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
import websockets
from board_builders import Painted, token_of_position
from hypothesis import given, settings
from hypothesis import strategies as st

from backend.zhongkao.board.boards import Boards
from push import frames
from push.fan_out import FanOut
from push.phones import Phone

KEY = b"k" * 32
HOST = "127.0.0.1"


class City:
    """A painted board with a push process in this event loop."""

    def __init__(self, root: Path, most: int) -> None:
        self.painted = Painted(root, 8, [2, 3])
        self.hall = FanOut(Boards(root), KEY, "http://127.0.0.1:8000", most)
        self.port = 0

    def socket(self, position: int, **changed: Any) -> Any:
        """A phone's socket."""
        token = token_of_position(position, KEY, **changed)
        return websockets.connect(f"ws://{HOST}:{self.port}/push?token={token}")

    async def raw(self, request: str) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        """Bytes by hand."""
        reader, writer = await asyncio.open_connection(HOST, self.port)
        writer.write(request.encode())
        return reader, writer


@contextlib.asynccontextmanager
async def pushing(root: Path, most: int = 100) -> AsyncIterator[City]:
    city = City(root, most)
    server = await asyncio.get_running_loop().create_server(lambda: Phone(city.hall), HOST, 0)
    city.port = server.sockets[0].getsockname()[1]
    going_round = asyncio.create_task(city.hall.work())
    try:
        yield city
    finally:
        going_round.cancel()
        server.close()
        for phone in list(city.hall.phones):
            phone.hang_up()
        await asyncio.sleep(0)


def run(root: Path, story: Callable[[City], Awaitable[None]], most: int = 100) -> None:
    async def told() -> None:
        async with pushing(root, most) as city:
            await asyncio.wait_for(story(city), 20)

    with ThreadPoolExecutor(1) as thread:  # a browser test before this one leaves its loop in the main thread
        thread.submit(asyncio.run, told()).result()


async def told_to(socket: Any) -> dict[str, Any]:
    return json.loads(await asyncio.wait_for(socket.recv(), 5))


def test_a_phone_hears_where_it_stands_and_again_when_that_changes(tmp_path) -> None:
    async def story(city: City) -> None:
        city.painted.hold(3, 1)
        first = city.painted.publish()
        async with city.socket(3) as phone:
            told = await told_to(phone)
            assert (told["version"], told["standing"]["rank"], told["standing"]["unit"]) == (first, 1, "U1")
            city.painted.hold(0, 1)
            second = city.painted.publish()
            told = await told_to(phone)
            assert (told["version"], told["standing"]["rank"], told["standing"]["inside"]) == (second, 2, True)
            assert told["standing"]["chosen_count"] == 2

    run(tmp_path, story)


def test_each_is_told_his_own_standing_only(tmp_path) -> None:
    """P18: to its owner, and to nobody else."""

    async def story(city: City) -> None:
        for position in range(8):
            city.painted.hold(position, 1 + position % 2)
        city.painted.publish()
        async with contextlib.AsyncExitStack() as opened:
            phones = [await opened.enter_async_context(city.socket(position)) for position in range(8)]
            for position, phone in enumerate(phones):
                told = (await told_to(phone))["standing"]
                assert (told["unit"], told["rank"]) == (f"U{1 + position % 2}", position // 2 + 1)

    run(tmp_path, story)


def test_nothing_is_sent_where_nothing_changed_for_the_phone(tmp_path) -> None:
    async def story(city: City) -> None:
        city.painted.hold(3, 1)
        city.painted.publish()
        async with city.socket(3) as phone:
            await told_to(phone)
            city.painted.hold(7, 2)
            city.painted.publish()
            with pytest.raises(asyncio.TimeoutError):
                await asyncio.wait_for(phone.recv(), 0.4)

    run(tmp_path, story)


def test_a_pause_reaches_every_phone_with_the_book_that_says_so(tmp_path) -> None:
    """Nobody's rank changed; a phone shows the band's close and a pause as its newest standing has them."""

    async def story(city: City) -> None:
        async with city.socket(3) as phone:
            assert (await told_to(phone))["standing"]["paused"] is False
            city.painted.pause()
            told = await told_to(phone)
            assert (told["standing"]["paused"], told["standing"]["rank"]) == (True, None)

    run(tmp_path, story)


def test_since_a_version_or_start_over(tmp_path) -> None:
    async def story(city: City) -> None:
        city.painted.hold(3, 1)
        version = city.painted.publish()
        async with city.socket(3) as phone:
            await told_to(phone)
            await phone.send(json.dumps({"since": version - 1}))
            told = await told_to(phone)
            assert "start_over" not in told
            for unknown in ('{"since": 999999}', '{"since": -4}', '{"since": true}', "nonsense", "[]"):
                await phone.send(unknown)
                assert (await told_to(phone))["start_over"] is True
            await phone.send(json.dumps({"since": version}))
            await phone.ping()
            with pytest.raises(asyncio.TimeoutError):
                await asyncio.wait_for(phone.recv(), 0.3)

    run(tmp_path, story)


def test_a_browser_hears_the_same_as_events_and_comes_back_with_its_last_id(tmp_path) -> None:
    async def story(city: City) -> None:
        city.painted.hold(3, 1)
        version = city.painted.publish()
        token = token_of_position(3, KEY)
        reader, writer = await city.raw(f"GET /push/events?token={token} HTTP/1.1\r\nHost: x\r\n\r\n")
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        assert "text/event-stream" in head
        assert (await reader.readline()).startswith(b"retry: ")
        await reader.readline()
        assert await reader.readline() == b"id: %d\n" % version
        event = json.loads((await reader.readline()).removeprefix(b"data: "))
        assert event["standing"]["rank"] == 1
        writer.close()
        again = f"GET /push/events?token={token} HTTP/1.1\r\nLast-Event-ID: {version}\r\n\r\n"
        reader, writer = await city.raw(again)
        await reader.readuntil(b"\r\n\r\n")
        city.painted.hold(0, 1)
        newer = city.painted.publish()
        assert (await reader.readuntil(b"id: %d\n" % newer)).count(b"id:") == 1
        writer.close()

    run(tmp_path, story)


@pytest.mark.parametrize(
    ("request_line", "status"),
    [
        ("GET /push?token=zk1.AAAA HTTP/1.1", "401"),
        ("GET /push HTTP/1.1", "401"),
        ("GET /push/events HTTP/1.1", "401"),
        ("GET /elsewhere HTTP/1.1", "404"),
        ("POST /push HTTP/1.1", "404"),
        ("nonsense", "400"),
        ("GET /alive HTTP/1.1", "200"),
    ],
)
def test_nobody_comes_in_without_a_token(tmp_path, request_line: str, status: str) -> None:
    async def story(city: City) -> None:
        reader, writer = await city.raw(f"{request_line}\r\n\r\n")
        assert (await reader.read()).split(b" ")[1].decode() == status
        writer.close()
        assert city.hall.phones == {}

    run(tmp_path, story)


def test_an_ended_log_in_is_sent_away_and_cannot_come_back(tmp_path) -> None:
    async def story(city: City) -> None:
        city.painted.hold(3, 1)
        city.painted.publish()
        async with city.socket(3) as phone:
            await told_to(phone)
            city.painted.ended = [4]
            city.painted.publish()
            with pytest.raises(websockets.ConnectionClosed) as closed:
                await told_to(phone)
            assert closed.value.rcvd.code == 4401
        with pytest.raises(websockets.InvalidStatus):
            await city.socket(3)

    run(tmp_path, story)


def test_where_every_place_is_taken_the_next_is_told_to_come_again(tmp_path) -> None:
    async def story(city: City) -> None:
        async with city.socket(0), city.socket(1):
            with pytest.raises(websockets.InvalidStatus) as refused:
                await city.socket(2)
            assert refused.value.response.status_code == 503
            assert int(refused.value.response.headers["Retry-After"]) >= 1
        async with asyncio.timeout(5):
            while city.hall.phones:  # noqa: ASYNC110  # the hall has no event for this
                await asyncio.sleep(0.01)
        async with city.socket(2) as phone:
            assert (await told_to(phone))["standing"]["unit"] is None

    run(tmp_path, story, most=2)


def test_a_phone_that_reads_slowly_gets_the_newest_and_no_queue(tmp_path) -> None:
    async def story(city: City) -> None:
        async with city.socket(3) as quick:
            reader, writer = await city.raw(
                f"GET /push/events?token={token_of_position(5, KEY)} HTTP/1.1\r\nHost: x\r\n\r\n"
            )
            await reader.readuntil(b"\r\n\r\n")
            slow = next(phone for phone in city.hall.phones if not phone.is_socket)
            slow.pause_writing()
            for turn in range(12):
                city.painted.hold(5, 1 + turn % 2)
                city.painted.hold(3, 1 + turn % 2)
                version = city.painted.publish()
                while (await told_to(quick))["version"] < version:
                    pass
            assert slow.transport.get_write_buffer_size() == 0
            slow.resume_writing()
            city.painted.hold(5, 1)
            newest = city.painted.publish()
            seen = await reader.readuntil(b"id: %d\n" % newest)
            assert seen.count(b"id:") <= 3
            writer.close()

    run(tmp_path, story)


def test_a_peer_that_breaks_the_protocol_is_told_and_cut_off(tmp_path) -> None:
    async def story(city: City) -> None:
        token = token_of_position(0, KEY)
        for bad, code in ((b"\x81\x05hello", 1002), (b"\x82\x81\0\0\0\0x", 1003), (b"\x81\xff" + b"\0" * 12, 1009)):
            reader, writer = await city.raw(
                f"GET /push?token={token} HTTP/1.1\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
                "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
            )
            head = await reader.readuntil(b"\r\n\r\n")
            assert b"s3pPLMBiTxaQ9kYGzzhZRbK+xOo=" in head
            writer.write(bad)
            ended = await reader.read()
            assert int.from_bytes(ended[-2:], "big") == code
            writer.close()

    run(tmp_path, story)


@settings(max_examples=80, deadline=None)
@given(st.lists(st.text(max_size=60), max_size=6), st.data())
def test_messages_come_whole_however_the_bytes_are_cut(texts: list[str], data: st.DataObject) -> None:
    stream = b""
    for text in texts:
        payload = text.encode()
        length = bytes([0x80 | len(payload)]) if len(payload) < 126 else b"\xfe" + len(payload).to_bytes(2, "big")
        mask = data.draw(st.binary(min_size=4, max_size=4))
        stream += b"\x81" + length + mask + bytes(byte ^ mask[i % 4] for i, byte in enumerate(payload))
    incoming, found = frames.Incoming(), []
    while stream:
        cut = data.draw(st.integers(1, len(stream)))
        found += incoming.feed(stream[:cut])
        stream = stream[cut:]
    assert found == [(frames.TEXT, text.encode()) for text in texts]


@settings(max_examples=80, deadline=None)
@given(st.binary(max_size=200))
def test_any_bytes_are_messages_or_a_reason_to_hang_up(raw: bytes) -> None:
    with contextlib.suppress(frames.Broken):
        frames.Incoming().feed(raw)

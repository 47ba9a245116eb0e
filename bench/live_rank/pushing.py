"""Push to as many sockets as the machine holds: everybody's standing changes, and everybody is told his own."""

import asyncio
import os
import resource
import socket
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import uvloop
from websockets.sync.client import connect

from backend.settings import read_settings
from bench.live_rank.listeners import Told, answering, told
from bench.live_rank.scale import SERVER_CORE, Scale
from bench.live_rank.targets import at_most
from sunroll.embedded import free_port, make_keys
from tests.board_builders import Painted, token_of_position
from tests.conftest import environ_for_tests
from tests.live_city import HOST, ROOT

OTHER_FILES = 300
BARE = """
import asyncio, sys, uvloop
class Bare(asyncio.Protocol):
    all = []
    def connection_made(self, transport): self.transport = transport
    def data_received(self, data):
        if data.startswith(b"tell"):
            for each in Bare.all: each.write(b"x" * 380)
        else:
            Bare.all.append(self.transport); self.transport.write(b"HTTP/1.1 200 OK\\r\\n\\r\\n")
async def main():
    server = await asyncio.get_running_loop().create_server(Bare, "127.0.0.1", int(sys.argv[1]), backlog=4096)
    await server.serve_forever()
uvloop.run(main())
"""
"""The floor in the same language: the same number of writes of the same length, decided by nobody."""
LIBRARY = """
import asyncio, sys, uvloop
from websockets.asyncio.server import broadcast, serve
everybody = set()
async def one(connection):
    everybody.add(connection)
    await connection.send("in")
    async for said in connection:
        broadcast(everybody - {connection}, "x" * 380)
async def main():
    how = {"compression": None, "ping_interval": None, "open_timeout": 60, "backlog": 4096}
    async with serve(one, "127.0.0.1", int(sys.argv[1]), **how):
        await asyncio.Future()
uvloop.run(main())
"""
"""What one would take: the websockets library, the same message to everybody."""
UPGRADE = (
    b"GET / HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n"
)


def measure(scale: Scale) -> list[str]:
    """Lines of Markdown."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    sockets = min(scale.sockets, hard - OTHER_FILES)
    with tempfile.TemporaryDirectory(prefix="sunroll-bench-push-", dir="/dev/shm") as folder:
        floor = uvloop.run(_simple(BARE, b"in\r\n", sockets, scale.rounds, _bare_teller))
        ours = uvloop.run(_ours(Path(folder), sockets, scale.rounds))
        library = uvloop.run(_simple(LIBRARY, UPGRADE, sockets, scale.rounds, _library_teller))
    return [
        f"## Push, {sockets:,} streams open, everybody told his own standing (medians of {scale.rounds} rounds)",
        "",
        f"A process may have {hard:,} files open here. The listeners share one core with their own Python.",
        "",
        "| way | half told ms | p99 ms | all told ms | of the floor | handshakes/s | KB a stream | server µs a message |",
        "|---|---:|---:|---:|---:|---:|---:|---:|",
        _row("floor: bare uvloop writes of the same length", floor, floor),
        _row("ours: own standing of each, from the snapshot", ours, floor),
        _row("websockets library, one message for all", library, floor),
        "",
        at_most("until all are told, of the floor", ours.everybody / floor.everybody, 1.4),
        at_most("until all are told, ms", ours.everybody, 500),
        at_most("KB a stream", ours.kilobytes, 4),
    ]


def _row(name: str, one: Told, floor: Told) -> str:
    return (
        f"| {name} | {one.half:.0f} | {one.p99:.0f} | {one.everybody:.0f} | {one.everybody / floor.everybody:.2f} "
        f"| {one.handshakes:,.0f} | {one.kilobytes:.1f} | {one.cpu_us:.0f} |"
    )


async def _simple(
    program: str, request: bytes, sockets: int, rounds: int, teller: Callable[[int], Callable[[], object]]
) -> Told:
    """A server that sends everybody the same when it is told to."""
    port = free_port()
    process = _started(["-c", program, str(port)], dict(os.environ))
    try:
        await answering(port)
        tell = await asyncio.to_thread(teller, port)
        return await told(port, process.pid, [request] * sockets, rounds, tell)
    finally:
        process.kill()
        process.wait()


def _bare_teller(port: int) -> Callable[[], object]:
    line = socket.create_connection((HOST, port))
    return lambda: line.send(b"tell")


def _library_teller(port: int) -> Callable[[], object]:
    line = connect(f"ws://{HOST}:{port}", compression=None, ping_interval=None)
    return lambda: line.send("tell")


async def _ours(folder: Path, sockets: int, rounds: int) -> Told:
    port = free_port()
    make_keys(folder / "keys.json")
    settings = environ_for_tests("postgresql://nobody/none", "redis://127.0.0.1:9/0", folder)
    environ = {**os.environ, **settings, "SUNROLL_BOARD": str(folder / "board"), "PUSH_PORT": str(port)}
    key = read_settings(environ).keys.tokens
    painted = Painted(folder / "board", sockets, [sockets // 300] * 300)
    process = _started(["-m", "push", "--once"], environ)
    turn = 0

    def everybody_moves() -> None:
        nonlocal turn
        turn += 1
        for position in range(sockets):
            painted.hold(position, (position + turn) % 300 + 1)
        painted.publish()

    try:
        await answering(port)
        requests = [
            f"GET /push/events?token={token_of_position(each, key)} HTTP/1.1\r\n\r\n".encode()
            for each in range(sockets)
        ]
        return await told(port, process.pid, requests, rounds, everybody_moves)
    finally:
        process.kill()
        process.wait()


def _started(arguments: list[str], environ: dict[str, str]) -> "subprocess.Popen[bytes]":
    """A Python process on the server's core."""
    command = ["taskset", "-c", SERVER_CORE, sys.executable, *arguments]
    return subprocess.Popen(command, cwd=ROOT, env=environ, stderr=subprocess.DEVNULL)

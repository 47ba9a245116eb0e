"""Push to as many sockets as the machine holds: everybody's standing changes, and everybody is told his own."""

import asyncio
import os
import resource
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import uvloop

from backend.settings import read_settings
from sunroll.embedded import free_port, make_keys
from tests.board_builders import Painted, token_of_position
from tests.conftest import environ_for_tests
from tests.live_city import HOST, ROOT

OTHER_FILES = 300
ROUNDS = 5
MOST = 19_500
AT_ONCE = 400
GIVES_UP_AFTER = 20
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


class Listener(asyncio.Protocol):
    """A browser's stream; counts what it is told."""

    heard: dict[int, float]

    def __init__(self, request: bytes, number: int, last: dict[int, float], welcome: asyncio.Future[None]) -> None:
        self._request, self._number, self._last, self._welcome = request, number, last, welcome

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Ask."""
        transport.write(self._request)  # type: ignore[attr-defined]

    def data_received(self, data: bytes) -> None:
        """Note when the newest came."""
        if not self._welcome.done():
            self._welcome.set_result(None)
        self._last[self._number] = time.perf_counter()


def measure() -> list[str]:
    """Lines of Markdown."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    sockets = min(MOST, hard - OTHER_FILES)
    lines = [
        f"## Push, {sockets:,} streams open, everybody told his own standing ({ROUNDS} rounds)",
        "",
        f"A process may have {hard:,} files open here. The listeners share one core with their own Python.",
        "",
        "| way | half told ms | all told ms | handshakes/s | KB a stream (server) | server CPU µs a message |",
        "|---|---:|---:|---:|---:|---:|",
    ]
    with tempfile.TemporaryDirectory(prefix="sunroll-bench-push-", dir="/dev/shm") as folder:
        lines.append(uvloop.run(_bare(sockets)))
        lines.append(uvloop.run(_ours(Path(folder), sockets)))
    return lines


async def _bare(sockets: int) -> str:
    port = free_port()
    process = _started(["-c", BARE, str(port)], dict(os.environ))
    try:
        await _answering(port)
        teller = socket.create_connection((HOST, port))
        return await _row(
            "floor: bare uvloop writes of the same length",
            port,
            process.pid,
            [b"in\r\n"] * sockets,
            lambda: teller.send(b"tell"),
        )
    finally:
        process.kill()
        process.wait()


async def _ours(folder: Path, sockets: int) -> str:
    port = free_port()
    make_keys(folder / "keys.json")
    told = environ_for_tests("postgresql://nobody/none", "redis://127.0.0.1:9/0", folder)
    environ = {**os.environ, **told, "SUNROLL_BOARD": str(folder / "board"), "PUSH_PORT": str(port)}
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
        await _answering(port)
        requests = [
            f"GET /push/events?token={token_of_position(each, key)} HTTP/1.1\r\n\r\n".encode()
            for each in range(sockets)
        ]
        return await _row("ours: own standing of each, from the snapshot", port, process.pid, requests, everybody_moves)
    finally:
        process.kill()
        process.wait()


def _started(arguments: list[str], environ: dict[str, str]) -> "subprocess.Popen[bytes]":
    """A Python process on the server's core."""
    command = ["taskset", "-c", "0", sys.executable, *arguments]
    return subprocess.Popen(command, cwd=ROOT, env=environ, stderr=subprocess.DEVNULL)


async def _row(name: str, port: int, pid: int, requests: list[bytes], tell: object) -> str:
    last: dict[int, float] = {}
    idle = _memory(pid)
    began = time.perf_counter()
    for start in range(0, len(requests), AT_ONCE):
        await _enter(port, requests, range(start, min(start + AT_ONCE, len(requests))), last)
    handshakes = len(requests) / (time.perf_counter() - began)
    await asyncio.sleep(1.5)
    kilobytes = (_memory(pid) - idle) / len(requests)
    halves, alls, cpu = [], [], _cpu(pid)
    for _ in range(ROUNDS):
        last.clear()
        tell()  # type: ignore[operator]
        began = time.perf_counter()
        while len(last) < len(requests) and time.perf_counter() - began < GIVES_UP_AFTER:  # noqa: ASYNC110  # counted
            await asyncio.sleep(0.005)
        arrived = sorted(last.values())
        halves.append((arrived[len(arrived) // 2] - began) * 1000)
        alls.append((arrived[-1] - began) * 1000 if len(arrived) == len(requests) else float("nan"))
        await asyncio.sleep(0.7)
    used = (_cpu(pid) - cpu) / (ROUNDS * len(requests)) * 1e6
    return (
        f"| {name} | {statistics.median(halves):.0f} | {statistics.median(alls):.0f} | {handshakes:,.0f} "
        f"| {kilobytes:.1f} | {used:.0f} |"
    )


async def _enter(port: int, requests: list[bytes], numbers: range, last: dict[int, float]) -> None:
    loop = asyncio.get_running_loop()

    async def one(number: int) -> None:
        welcome: asyncio.Future[None] = loop.create_future()
        from_address = f"127.0.0.{2 + number % 3}"
        await loop.create_connection(
            lambda: Listener(requests[number], number, last, welcome), HOST, port, local_addr=(from_address, 0)
        )
        await welcome

    await asyncio.gather(*(one(number) for number in numbers))


async def _answering(port: int) -> None:
    for _ in range(600):
        try:
            socket.create_connection((HOST, port), timeout=1).close()
        except OSError:
            await asyncio.sleep(0.1)
        else:
            return
    raise TimeoutError("push does not answer")


def _memory(pid: int) -> float:
    """Kilobytes of memory that the process has to itself."""
    said = Path(f"/proc/{pid}/smaps_rollup").read_text()
    return float(next(line.split()[1] for line in said.splitlines() if line.startswith("Pss:")))


def _cpu(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

"""Streams that listen to one server: how long until each of them is told, and what that costs the server."""

import asyncio
import os
import socket
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from tests.live_city import HOST

AT_ONCE = 400
GIVES_UP_AFTER = 20


@dataclass(frozen=True)
class Told:
    """One way: medians over the rounds in ms until half, 99 of 100 and all were told, and what it cost."""

    half: float
    p99: float
    everybody: float
    handshakes: float
    kilobytes: float
    cpu_us: float


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


async def told(port: int, pid: int, requests: list[bytes], rounds: int, tell: Callable[[], object]) -> Told:
    """Open a stream a request, then let `tell` move everybody so many rounds."""
    last: dict[int, float] = {}
    idle = _memory(pid)
    began = time.perf_counter()
    for start in range(0, len(requests), AT_ONCE):
        await _enter(port, requests, range(start, min(start + AT_ONCE, len(requests))), last)
    handshakes = len(requests) / (time.perf_counter() - began)
    await asyncio.sleep(1.5)
    kilobytes = (_memory(pid) - idle) / len(requests)
    times, cpu = list[tuple[float, float, float]](), _cpu(pid)
    for _ in range(rounds):
        last.clear()
        tell()
        began = time.perf_counter()
        while len(last) < len(requests) and time.perf_counter() - began < GIVES_UP_AFTER:  # noqa: ASYNC110  # counted
            await asyncio.sleep(0.005)
        took = sorted((at - began) * 1000 for at in last.values())
        everybody = took[-1] if len(took) == len(requests) else float("nan")
        times.append((took[len(took) // 2], took[len(took) * 99 // 100], everybody))
        await asyncio.sleep(0.7)
    used = (_cpu(pid) - cpu) / (rounds * len(requests)) * 1e6
    half, p99, all_told = (statistics.median(each) for each in zip(*times, strict=True))
    return Told(half, p99, all_told, handshakes, kilobytes, used)


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


async def answering(port: int) -> None:
    """Return once somebody listens on the port. Raises TimeoutError."""
    for _ in range(600):
        try:
            socket.create_connection((HOST, port), timeout=1).close()
        except OSError:
            await asyncio.sleep(0.1)
        else:
            return
    raise TimeoutError(f"nobody listens on {port}")


def _memory(pid: int) -> float:
    """Kilobytes of memory that the process has to itself."""
    said = Path(f"/proc/{pid}/smaps_rollup").read_text()
    return float(next(line.split()[1] for line in said.splitlines() if line.startswith("Pss:")))


def _cpu(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

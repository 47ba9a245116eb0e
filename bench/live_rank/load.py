"""Load from wrk: requests a second, latencies, and what did not succeed; processor time of the server beside it."""

import math
import os
import re
import subprocess
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from bench.live_rank.scale import LOAD_CORE

HERE = Path(__file__).parent
_UNITS = {"us": 0.001, "ms": 1.0, "s": 1000.0, "m": 60_000.0}


@dataclass(frozen=True)
class Load:
    """One run: requests a second, p50 and p99 in ms, answers that were no success, server's processor µs a request."""

    rate: float
    p50_ms: float
    p99_ms: float
    failed: int
    cpu_us: float | None = None


def load(
    port: int,
    connections: int,
    seconds: int,
    path: str = "/",
    script: str | None = None,
    told: Mapping[str, str] | None = None,
    cpu: Callable[[], float] | None = None,
) -> Load:
    """Run wrk with one thread, on the core that serves nobody, against a server on this machine.

    `told` is what the script reads of its environment.
    """
    command = [
        "taskset",
        "-c",
        LOAD_CORE,
        "wrk",
        "-t1",
        f"-c{connections}",
        f"-d{seconds}s",
        "--latency",
        "--timeout",
        "10s",
    ]
    if script:
        command += ["-s", str(HERE / script)]
    before = cpu() if cpu else 0.0
    done = subprocess.run(
        [*command, f"http://127.0.0.1:{port}{path}"],
        env={**os.environ, **(told or {})},
        capture_output=True,
        text=True,
        check=True,
    )
    used = cpu() - before if cpu else None
    return _read(done.stdout, used)


def _read(said: str, used: float | None) -> Load:
    requests = int(re.search(r"(\d+) requests in", said)[1])  # type: ignore[index]
    failed = sum(int(count) for count in re.findall(r"Non-2xx or 3xx responses: (\d+)", said))
    failed += sum(int(count) for count in re.findall(r"(?:connect|read|write|timeout) (\d+)", said))
    rate = float(re.search(r"Requests/sec:\s+([\d.]+)", said)[1])  # type: ignore[index]
    cpu_us = used / requests * 1e6 if used is not None and requests else None
    return Load(rate, _latency(said, "50%"), _latency(said, "99%"), failed, cpu_us)


def _latency(said: str, quantile: str) -> float:
    found = re.search(rf"{quantile}\s+([\d.]+)(us|ms|s|m)\b", said)
    return float(found[1]) * _UNITS[found[2]] if found else float("nan")


def times(mine: float, theirs: float) -> float:
    """How many times as fast; not a number where the other answered nothing, for then nothing was measured."""
    return mine / theirs if theirs else float("nan")


def row(name: str, one: Load, anchor: float) -> str:
    """A line of a table: rate, ratio to the anchor (–: there is none), p50, p99, processor µs, failures."""
    cpu = "–" if one.cpu_us is None else f"{one.cpu_us:.0f}"
    ratio = "–" if math.isnan(anchor) else f"{one.rate / anchor:.2f}"
    return f"| {name} | {one.rate:,.0f} | {ratio} | {one.p50_ms:.1f} | {one.p99_ms:.1f} | {cpu} | {one.failed} |"

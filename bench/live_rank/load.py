"""Load from wrk: requests a second, latencies, and what did not succeed; processor time of the server beside it."""

import os
import re
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).parent
SECONDS = 5
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
    path: str = "/",
    script: str | None = None,
    cpu: Callable[[], float] | None = None,
    seconds: int = SECONDS,
    **environ: str,
) -> Load:
    """Run wrk with one thread for some seconds against a server on this machine."""
    command = ["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "--latency", "--timeout", "10s"]
    if script:
        command += ["-s", str(HERE / script)]
    before = cpu() if cpu else 0.0
    done = subprocess.run(
        [*command, f"http://127.0.0.1:{port}{path}"],
        env={**os.environ, **environ},
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


def row(name: str, one: Load, anchor: float) -> str:
    """A line of a table: rate, ratio to the anchor, p50, p99, processor µs, failures."""
    cpu = "–" if one.cpu_us is None else f"{one.cpu_us:.0f}"
    return (
        f"| {name} | {one.rate:,.0f} | {one.rate / anchor:.2f} | {one.p50_ms:.1f} | {one.p99_ms:.1f} | {cpu} "
        f"| {one.failed} |"
    )

"""The same questions with a million candidates, beside SQL, which counts: ours must not cost more than with few."""

import uuid
from collections.abc import Callable

from bench.live_rank.cores import databases_on_the_server_core
from bench.live_rank.load import load, row, times
from bench.live_rank.reads import OURS
from bench.live_rank.scale import SERVER_CORE, UNITS
from bench.live_rank.stage import Stage, naive, naive_as_usual
from bench.live_rank.targets import at_least

READERS, WRITERS, THREADS = 100, (64, 256), 32
HEAD = "| way | a second | of ours | p50 ms | p99 ms | server CPU µs | failed |\n|---|---:|---:|---:|---:|---:|---:|"


def measure(on: Stage) -> list[str]:
    """Lines of Markdown: reads, then durable changes."""
    city = on.city
    city.engine(core=SERVER_CORE)
    ours = city.web(core=SERVER_CORE)
    on.wait_for_ranks(ours)
    on.first_change(ours)
    lines = [f"## {on.scale.many:,} candidates in {UNITS} units, beside SQL", ""]
    usual = naive_as_usual(city, 8)
    reading = [(OURS, ours, "web", "/api/exam/standing")]
    if usual is not None:
        reading.append(("Flask + SQL count, gunicorn", usual, "usual-8", "/sql"))
    with databases_on_the_server_core(city.folder):
        lines += _compared(on, f"One's own rank, {READERS} connections", 50, reading, READERS, "get_rank.lua")
    changing = [
        ("ours: real application, rules, receipt, exact rank", ours, "web", ""),
        ("Flask, one transaction a request, rank by SQL count", naive(city, THREADS), f"naive-{THREADS}", ""),
    ]
    for writers in WRITERS:
        lines += _compared(on, f"Durable changes, {writers} connections", 8, changing, writers, "put_choice.lua")
    for name in ("web", f"naive-{THREADS}", *(["usual-8"] if usual is not None else [])):
        city.kill(name)
    return lines


def _compared(
    on: Stage, what: str, bar: int, ways: list[tuple[str, int, str, str]], connections: int, script: str
) -> list[str]:
    """One table with its target: the first way is ours."""
    found = []
    for _, port, process, path in ways:
        told = {"TOKENS": str(on.tokens), "UNITS": str(UNITS), "RUN": uuid.uuid4().hex, "ASKED_PATH": path}
        found.append(load(port, connections, on.scale.load_seconds, script=script, cpu=_cpu(on, process), told=told))
    rate = found[0].rate
    rows = [row(name, one, rate) for (name, *_), one in zip(ways, found, strict=True)]
    theirs = found[1].rate if len(found) > 1 else float("nan")
    return [
        f"### {what}",
        "",
        *HEAD.split("\n"),
        *rows,
        "",
        at_least("times as fast as SQL", times(rate, theirs), bar),
        "",
    ]


def _cpu(on: Stage, process: str) -> Callable[[], float]:
    return lambda: on.city.cpu_seconds(process)

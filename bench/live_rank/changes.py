"""Durable changes acknowledged a second with the rank in the answer, beside one transaction a request and a bare floor."""

import os
import threading
import time
import uuid
from queue import Empty, SimpleQueue

import psycopg

from bench.live_rank.load import load, row
from bench.live_rank.stage import SERVER_CORE, UNITS, Stage, naive

CONNECTIONS = (64, 256)
THREADS = 32
SECONDS = 6
HEAD = "| way | acknowledged/s | of the floor | p50 ms | p99 ms | server CPU µs | failed |\n|---|---:|---:|---:|---:|---:|---:|"


def measure(on: Stage) -> list[str]:
    """Lines of Markdown; the floor is one Python thread that commits gathered rows, with no HTTP in front."""
    city = on.city
    lines = []
    ours = city.web("changes", threads=THREADS, core=SERVER_CORE)
    theirs = naive(city, THREADS)
    for connections in CONNECTIONS:
        floor = bare_group_commit(city.environ["DATABASE_URL"], connections)
        lines += [f"## Durable changes with the rank in the answer, {connections} connections", "", *HEAD.split("\n")]
        lines.append(f"| floor: group commit from one Python thread, no HTTP, no rules | {floor:,.0f} | 1.00 | | | | |")
        for name, port, process in (
            ("ours: real application, rules, receipt, exact rank", ours, "changes"),
            ("Flask, one transaction a request, rank by SQL count", theirs, f"naive-{THREADS}"),
        ):
            told = {"TOKENS": str(on.tokens), "UNITS": str(UNITS), "RUN": uuid.uuid4().hex}
            found = load(
                port,
                connections,
                script="put_choice.lua",
                seconds=SECONDS,
                cpu=lambda process=process: city.cpu_seconds(process),
                **told,
            )
            lines.append(row(name, found, floor))
        lines.append("")
    city.kill("changes")
    city.kill(f"naive-{THREADS}")
    return lines


def bare_group_commit(address: str, clients: int) -> float:
    """Rows a second that threads hand in one by one and one writer commits together, each told after its commit."""
    line: SimpleQueue[tuple[int, threading.Event]] = SimpleQueue()
    until = time.monotonic() + SECONDS
    done = [0] * clients

    def ask(client: int) -> None:
        while time.monotonic() < until:
            kept = threading.Event()
            line.put((client, kept))
            kept.wait()
            done[client] += 1

    asking = [threading.Thread(target=ask, args=(client,)) for client in range(clients)]
    for each in asking:
        each.start()
    with psycopg.connect(address) as connection:
        while any(each.is_alive() for each in asking):
            try:
                together = [line.get(timeout=0.05)]
            except Empty:
                continue
            while not line.empty():
                together.append(line.get())
            connection.execute(
                "INSERT INTO bench_log (candidate_id, unit_id) SELECT * FROM unnest(%s::bigint[], %s::bigint[])",
                ([client for client, _ in together], [1] * len(together)),
            )
            connection.commit()
            for _, kept in together:
                kept.set()
    return sum(done) / SECONDS


def machine_load() -> str:
    """How busy the machine is with other things, for the head of the report."""
    one, five, _ = os.getloadavg()
    return f"load {one:.1f} (1 min), {five:.1f} (5 min) on {os.cpu_count()} cores"

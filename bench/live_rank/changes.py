"""Durable changes acknowledged a second with the rank in the answer, beside one transaction a request and a bare floor."""

import threading
import time
import uuid
from queue import Empty, SimpleQueue

import psycopg

from bench.live_rank.load import load, row, times
from bench.live_rank.scale import SERVER_CORE, UNITS
from bench.live_rank.stage import Stage, naive
from bench.live_rank.targets import at_least, at_most

CONNECTIONS = (64, 256)
P99_MS = {256: 50}
OF_FLOOR, TIMES_SQL = 0.40, 1.8
THEIR_THREADS = 32
HEAD = "| way | acknowledged/s | of the floor | p50 ms | p99 ms | server CPU µs | failed |\n|---|---:|---:|---:|---:|---:|---:|"


def measure(on: Stage) -> list[str]:
    """Lines of Markdown; the floor is one Python thread that commits gathered rows, with no HTTP in front."""
    city = on.city
    if "board" not in city.running:
        city.engine(core=SERVER_CORE)
    lines = []
    ours = city.web("changes", core=SERVER_CORE)
    on.wait_for_ranks(ours)
    on.first_change(ours)
    theirs = naive(city, THEIR_THREADS)
    for connections in CONNECTIONS:
        floor = bare_group_commit(city.environ["DATABASE_URL"], connections, on.scale.load_seconds)
        lines += [f"## Durable changes with the rank in the answer, {connections} connections", "", *HEAD.split("\n")]
        lines.append(f"| floor: group commit from one Python thread, no HTTP, no rules | {floor:,.0f} | 1.00 | | | | |")
        rates = []
        for name, port, process in (
            ("ours: real application, rules, receipt, exact rank", ours, "changes"),
            ("Flask, one transaction a request, rank by SQL count", theirs, f"naive-{THEIR_THREADS}"),
        ):
            told = {"TOKENS": str(on.tokens), "UNITS": str(UNITS), "RUN": uuid.uuid4().hex}
            found = load(
                port,
                connections,
                on.scale.load_seconds,
                script="put_choice.lua",
                cpu=lambda process=process: city.cpu_seconds(process),  # type: ignore[misc]
                told=told,
            )
            lines.append(row(name, found, floor))
            rates.append(found)
        mine, theirs_found = rates
        lines += ["", at_least("share of the floor", mine.rate / floor, OF_FLOOR)]
        lines.append(
            at_least(
                "times one transaction a request with the rank in SQL", times(mine.rate, theirs_found.rate), TIMES_SQL
            )
        )
        if connections in P99_MS:
            lines.append(at_most("p99, ms", mine.p99_ms, P99_MS[connections]))
        lines.append("")
    city.kill("changes")
    city.kill(f"naive-{THEIR_THREADS}")
    return lines


def bare_group_commit(address: str, clients: int, seconds: int) -> float:
    """Rows a second, over so many seconds, that threads hand in one by one and one writer commits together, each told after its commit."""
    line: SimpleQueue[tuple[int, threading.Event]] = SimpleQueue()
    until = time.monotonic() + seconds
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
    return sum(done) / seconds

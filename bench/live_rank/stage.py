"""The session that reads and changes are measured on: 20,000 candidates in 300 units, ours and the naive server on it."""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from shutil import which

import redis
from sqlalchemy import text

from backend.foundation.database import db
from backend.foundation.unit_of_work import unit_of_work
from sunroll.embedded import free_port
from tests.live_city import LiveCity, granian, live_city

PEOPLE, UNITS = 20_000, 300
SERVER_CORE, LOAD_CORE = "0", "1"
_HELD = """
WITH first AS (SELECT candidate_id, :low + (candidate_id * 7919) % :units AS unit FROM exam_choice)
UPDATE exam_choice c SET unit_id = first.unit, version = 1, changed_at = now() FROM first
WHERE first.candidate_id = c.candidate_id
"""


@dataclass(frozen=True)
class Stage:
    """The city and the file with a token of every candidate, one a line."""

    city: LiveCity
    tokens: Path


@contextmanager
def stage(folder: Path, people: int = PEOPLE) -> Iterator[Stage]:
    """Everybody holds a unit already; the same choices stand in a bare table and in sorted sets for the naive server."""
    with live_city(folder) as city:
        totals = [30_000 + who * 37 % 40_000 // 50 * 50 for who in range(people)]
        listed = city.list_session(totals, [people // UNITS] * UNITS)
        with unit_of_work():
            db.session.execute(text(_HELD), {"low": listed.units[0], "units": UNITS})
            db.session.execute(
                text(
                    "CREATE TABLE bench_held AS SELECT c.candidate_id, c.unit_id, p.standing FROM exam_choice c "
                    "JOIN exam_candidate p ON p.id = c.candidate_id"
                )
            )
            for statement in (
                "ALTER TABLE bench_held ADD PRIMARY KEY (candidate_id)",
                "CREATE INDEX ON bench_held (unit_id, standing)",
                "CREATE TABLE bench_log (id bigserial PRIMARY KEY, candidate_id bigint, unit_id bigint)",
                "ANALYZE",
            ):
                db.session.execute(text(statement))
            held = db.session.execute(text("SELECT candidate_id, unit_id, standing FROM bench_held")).all()
        _fill_sets(city.environ["REDIS_URL"], held)
        tokens = folder / "tokens"
        tokens.write_text("\n".join(city.tokens()) + "\n")
        yield Stage(city, tokens)


def _fill_sets(address: str, held: list[tuple[int, int, int]]) -> None:
    pipe = redis.Redis.from_url(address).pipeline(transaction=False)
    for candidate, unit, standing in held:
        pipe.hset("held", str(candidate), unit)
        pipe.zadd(f"unit:{unit}", {str(candidate): -standing})
    pipe.execute()


def naive(city: LiveCity, threads: int) -> int:
    """The naive server, under the same web server as ours; its port."""
    name = f"naive-{threads}"
    port = city.ports.setdefault(name, free_port())
    city.start(name, [*granian(port, threads), "bench.live_rank.naive:app"], core=SERVER_CORE)
    city.wait(port, "/alive")
    return port


@contextmanager
def nginx(folder: Path) -> Iterator[int | None]:
    """An nginx serving a file of 64 bytes on a core of its own; None where it is not installed."""
    if which("nginx") is None:
        yield None
        return
    port, root = free_port(), folder / "static"
    root.mkdir(exist_ok=True)
    (root / "rank").write_bytes(b"x" * 64)
    settings = folder / "nginx.conf"
    settings.write_text(
        f"daemon off; worker_processes 1; pid {folder}/nginx.pid; error_log {folder}/nginx.log;\n"
        "events { worker_connections 8192; }\n"
        f"http {{ access_log off; keepalive_requests 1000000; server {{ listen 127.0.0.1:{port}; root {root}; }} }}\n"
    )
    process = subprocess.Popen(["taskset", "-c", SERVER_CORE, "nginx", "-c", str(settings)], start_new_session=True)
    try:
        yield port
    finally:
        process.terminate()
        process.wait()

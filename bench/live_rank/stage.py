"""The session that reads and changes are measured on: everybody holds one of 300 units, ours and the naive server on it."""

import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from shutil import which
from typing import Any
from urllib.error import URLError
from urllib.request import Request, urlopen

import redis
from sqlalchemy import text

from backend.foundation.database import db
from backend.foundation.unit_of_work import unit_of_work
from bench.live_rank.scale import SERVER_CORE, UNITS, Scale
from sunroll.embedded import free_port
from tests.board_builders import list_session
from tests.live_city import LiveCity, granian, live_city

TOKENS = 20_000
"""With more candidates than this the load speaks for this many of them, spread over the whole order."""
USUAL_MEMORY, MEMORY = "128MB", "1GB"
"""What PostgreSQL keeps its pages in: its own default holds a prefecture whole, a million candidates need more (740 MB)."""
READY_WITHIN = 300
_HELD = """
WITH first AS (SELECT candidate_id, :low + (candidate_id * 7919) % :units AS unit FROM exam_choice)
UPDATE exam_choice c SET unit_id = first.unit, version = 1, changed_at = now() FROM first
WHERE first.candidate_id = c.candidate_id
"""


@dataclass(frozen=True)
class Stage:
    """The city, the file with candidates' tokens, one a line, and the sizes asked for."""

    city: LiveCity
    tokens: Path
    scale: Scale

    def one_token(self) -> str:
        """The first candidate's token."""
        with self.tokens.open() as lines:
            return lines.readline().strip()

    def wait_for_ranks(self, port: int) -> None:
        """Return once the web server shows ranks. Raises TimeoutError."""
        self._until_answered(Request(f"http://127.0.0.1:{port}/api/exam/standing"))  # our own address

    def first_change(self, port: int) -> None:
        """Let one change be acknowledged, so that the server has read the session. Raises TimeoutError."""
        told = {"Content-Type": "application/json", "Idempotency-Key": f"the-first-change-{port}"}
        wish = json.dumps({"unit": "general-1/U0001"}).encode()
        address = f"http://127.0.0.1:{port}/api/exam/choices/general"
        self._until_answered(Request(address, wish, told, method="PUT"))  # our own address

    def _until_answered(self, asked: Request) -> None:
        asked.add_header("Authorization", f"Bearer {self.one_token()}")
        until = time.monotonic() + READY_WITHIN
        while time.monotonic() < until:
            try:
                urlopen(asked, timeout=60).close()  # noqa: S310  # our own address
            except (URLError, OSError):
                time.sleep(0.2)
            else:
                return
        raise TimeoutError(f"no answer from {asked.full_url}: see {self.city.folder}")


@contextmanager
def stage(folder: Path, scale: Scale, people: int, *, sorted_sets: bool = True) -> Iterator[Stage]:
    """Everybody holds a unit already; the same choices stand in a bare table and in sorted sets for the naive server."""
    with live_city(folder, shared_buffers=MEMORY if people > scale.people else USUAL_MEMORY) as city:
        totals = [30_000 + who * 37 % 40_000 // 50 * 50 for who in range(people)]
        with unit_of_work():
            db.session.execute(text("SET LOCAL statement_timeout = 0"))
            listed = city.listed = list_session(db.session.connection(), totals, [people // UNITS] * UNITS)
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
            if sorted_sets:
                held = db.session.execute(text("SELECT candidate_id, unit_id, standing FROM bench_held"))
                _fill_sets(city.environ["REDIS_URL"], held)
        tokens = folder / "tokens"
        tokens.write_text("\n".join(city.tokens()[:: max(1, people // TOKENS)]) + "\n")
        yield Stage(city, tokens, scale)


def _fill_sets(address: str, held: Iterable[Any]) -> None:
    pipe = redis.Redis.from_url(address).pipeline(transaction=False)
    for candidate, unit, standing in held:
        pipe.hset("held", str(candidate), unit)
        pipe.zadd(f"unit:{unit}", {str(candidate): -standing})
    pipe.execute()


def naive(city: LiveCity, threads: int) -> int:
    """The naive server, under the same web server as ours; its port."""
    return _naive(city, f"naive-{threads}", _granian, threads)


def naive_as_usual(city: LiveCity, threads: int) -> int | None:
    """The naive server under gunicorn, as Flask's own pages tell to deploy it; its port, None where that is missing."""
    return _naive(city, f"usual-{threads}", _gunicorn, threads) if find_spec("gunicorn") else None


def _naive(city: LiveCity, name: str, server: Callable[[int, int], list[str]], threads: int) -> int:
    port = city.ports.setdefault(name, free_port())
    city.start(name, [*server(port, threads), "bench.live_rank.naive:app"], core=SERVER_CORE)
    city.wait(port, "/alive")
    return port


def _granian(port: int, threads: int) -> list[str]:
    return granian(port, "wsgi", "--blocking-threads", str(threads))


def _gunicorn(port: int, threads: int) -> list[str]:
    how = ["--worker-class", "gthread", "--threads", str(threads), "--backlog", "4096", "--log-level", "error"]
    return [sys.executable, "-m", "gunicorn", "--bind", f"127.0.0.1:{port}", *how]


@contextmanager
def nginx(city: LiveCity) -> Iterator[int | None]:
    """An nginx serving a file of 64 bytes on a core of its own; None where it is not installed."""
    if which("nginx") is None:
        yield None
        return
    folder = city.folder
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
        city.wait(port, "/rank")
        yield port
    finally:
        process.terminate()
        process.wait()

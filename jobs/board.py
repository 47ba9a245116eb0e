"""The engine's process: `python -m jobs.board`; a keeper starts it again whenever it dies.

One engine leads, wherever it runs: it holds an advisory lock of the record, so the lock goes with it. The others relay
what it sends through Valkey, and try for the lock once a second.
"""

import fcntl
import hashlib
import os
import signal
import sys
import time
from pathlib import Path
from types import FrameType

import redis
from sqlalchemy import Connection, text
from sqlalchemy.exc import SQLAlchemyError

from backend.foundation.clock import monotonic
from backend.foundation.database import db
from backend.foundation.keeper import keep
from backend.foundation.logging import log
from backend.zhongkao.board.between_hosts import Relay, Sender, connect
from backend.zhongkao.board.engine import Engine

TICK = 0.2
IDLE_TICK = 1.0
REST = 9
"""For each second it computes the engine rests nine: it shares its machine with those who keep the choices (A58)."""
LEADS_LOCK = 1805
TRIES_TO_LEAD_AFTER = 1.0
PAUSE_AFTER_FAULT = 0.5


class Stopped(Exception):
    """The process was told to end."""


def main() -> None:
    """Follow or relay until told to stop."""
    from backend.app import create_app  # noqa: PLC0415  # the keeper needs none of this
    from backend.settings import read_settings  # noqa: PLC0415

    def stop(_signal: int, _frame: FrameType | None) -> None:
        raise Stopped

    settings = read_settings(os.environ)
    app = create_app(settings)
    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    namespace = hashlib.sha256(settings.keys.blind_index).hexdigest()[:12]
    try:
        with app.app_context():
            _only_writer_of(settings.board)
            _work(settings.board, settings.redis_url, namespace)
    except Stopped:
        return


def _only_writer_of(root: Path) -> None:
    """Wait until no other engine of this host writes the folder; the lock lasts as long as the process."""
    root.mkdir(parents=True, exist_ok=True, mode=0o700)
    handle = os.open(root / "writer.lock", os.O_RDWR | os.O_CREAT, 0o600)
    fcntl.flock(handle, fcntl.LOCK_EX)


def _work(root: Path, valkey: str, namespace: str) -> None:
    relay = Relay(connect(valkey), namespace, root)
    tried_at = float("-inf")
    while True:
        try:
            if monotonic() - tried_at >= TRIES_TO_LEAD_AFTER:
                tried_at = monotonic()
                _try_to_lead(Engine(root, Sender(connect(valkey), namespace)))
            relay.tick()
        except (SQLAlchemyError, redis.RedisError) as error:
            log(__name__).warning("ranks-grow-old", fault=str(error)[:300])
            db.session.remove()
            time.sleep(PAUSE_AFTER_FAULT)
        time.sleep(TICK)


def _try_to_lead(engine: Engine) -> None:
    """Lead if nobody does. The lock's connection is thrown away afterwards: in the pool it would keep the lock."""
    with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        try:
            if _leads(connection):
                _lead(connection, engine)
        finally:
            connection.invalidate()


def _leads(connection: Connection) -> bool:
    return bool(connection.execute(text("SELECT pg_try_advisory_lock(:lock, 0)"), {"lock": LEADS_LOCK}).scalar_one())


def _lead(connection: Connection, engine: Engine) -> None:
    """Tick until the database is gone; the lock's connection is asked each time, so that nobody leads without it."""
    log(__name__).info("leads")
    while True:
        began, computed = monotonic(), time.process_time()
        connection.execute(text("SELECT 1"))
        engine.tick()
        time.sleep(rest_after(monotonic() - began, time.process_time() - computed, is_needed=engine.is_needed))


def rest_after(took: float, computed: float, *, is_needed: bool) -> float:
    """Seconds until the next look, after one that took so long and computed that much of it; a second at the most.

    Five looks a second at a prefecture, two at a million candidates.
    """
    return max(0.0, (TICK if is_needed else IDLE_TICK) - took, min(REST * computed, IDLE_TICK))


if __name__ == "__main__":
    if "--once" in sys.argv:
        main()
    else:
        keep([sys.executable, "-m", "jobs.board", "--once"])

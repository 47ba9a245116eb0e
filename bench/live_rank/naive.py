"""What one would write first: a Flask route that asks SQL or a sorted set for each rank, one transaction a change."""

import os
import threading
from typing import Any

import psycopg
import redis
from flask import Flask, request

from backend.foundation.clock import now
from backend.identity.candidate_tokens import read_candidate_token
from backend.settings import read_settings

RANK = """
SELECT c.unit_id, 1 + (SELECT count(*) FROM bench_held b WHERE b.unit_id = c.unit_id AND b.standing < c.standing) AS rank
FROM bench_held c WHERE c.candidate_id = %s
"""
"""With an index on (unit_id, standing): the best that SQL can be given for this question."""

_settings = read_settings(os.environ)
_of_thread = threading.local()
_sets = redis.Redis.from_url(_settings.redis_url)
app = Flask(__name__)


def _who() -> int:
    token = read_candidate_token(request.headers["Authorization"].removeprefix("Bearer "), _settings.keys.tokens, now())
    if token is None:
        raise PermissionError
    return token.candidate_id


def _connection() -> "psycopg.Connection[tuple[Any, ...]]":
    """A connection a thread, prepared statements included: no pool is faster."""
    if not hasattr(_of_thread, "connection"):
        _of_thread.connection = psycopg.connect(_settings.database_url, autocommit=True, prepare_threshold=1)
    kept: psycopg.Connection[tuple[Any, ...]] = _of_thread.connection
    return kept


@app.get("/alive")
def alive() -> dict[str, str]:
    """The process answers."""
    return {"state": "alive"}


@app.get("/sql")
def by_sql() -> dict[str, Any]:
    """The rank by a count."""
    unit, rank = _connection().execute(RANK, (_who(),)).fetchone()  # type: ignore[misc]
    return {"unit": unit, "rank": rank}


@app.get("/sorted-set")
def by_sorted_set() -> dict[str, Any]:
    """The rank by ZREVRANK."""
    who = str(_who())
    unit = _sets.hget("held", who)
    rank = _sets.zrevrank(f"unit:{int(unit or 0)}", who)
    return {"unit": int(unit or 0), "rank": int(rank or 0) + 1}


@app.put("/api/exam/choices/general")
def change() -> dict[str, Any]:
    """One transaction: the change, its line in a log, the new rank."""
    who, unit = _who(), int(request.get_json()["unit"].rpartition("U")[2])
    connection = _connection()
    with connection.transaction():
        connection.execute("UPDATE bench_held SET unit_id = %s WHERE candidate_id = %s", (unit, who))
        connection.execute("INSERT INTO bench_log (candidate_id, unit_id) VALUES (%s, %s)", (who, unit))
        rank = connection.execute(RANK, (who,)).fetchone()[1]  # type: ignore[index]
    return {"unit": unit, "rank": rank}

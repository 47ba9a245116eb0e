"""All ranks of everybody: ours in numpy beside one SQL window query over the same choices."""

import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import psycopg

from backend.zhongkao.rules.live_ranks import all_ranks, levels_of
from sunroll.embedded import database, postgresql
from tests.board_builders import Painted

SIZES = (20_000, 200_000, 1_000_000)
UNITS = 300
WINDOW = """
SELECT count(*), sum(place), sum(level) FROM (
  SELECT rank() OVER (PARTITION BY unit ORDER BY standing) AS place,
         count(*) OVER (PARTITION BY unit, standing) AS level FROM held) AS everybody
"""


def measure() -> list[str]:
    """Lines of Markdown."""
    lines = [
        f"## All ranks of everybody, {UNITS} units",
        "",
        "| candidates | SQL window query ms | numpy ms | ratio | tick with publishing ms |",
        "|---:|---:|---:|---:|---:|",
    ]
    with (
        tempfile.TemporaryDirectory(prefix="sunroll-bench-ranks-", ignore_cleanup_errors=True) as folder,
        postgresql(Path(folder) / "postgresql") as server,
        psycopg.connect(database(server, "ranks")) as connection,
    ):
        lines += [_line(connection, people) for people in SIZES]
    return lines


def _line(connection: "psycopg.Connection[tuple[int, ...]]", people: int) -> str:
    chance = np.random.default_rng(people)
    standing = np.sort(chance.integers(0, people // 3, people))
    choice = chance.integers(1, UNITS + 1, people).astype(np.uint16)
    plan = np.full(UNITS + 1, people // UNITS, dtype=np.uint32)
    level_from, _ = levels_of(standing)
    connection.execute("DROP TABLE IF EXISTS held")
    connection.execute("CREATE TABLE held (unit smallint, standing int)")
    with connection.cursor().copy("COPY held FROM STDIN") as copy:
        for unit, place in zip(choice.tolist(), standing.tolist(), strict=True):
            copy.write_row((unit, place))
    connection.execute("CREATE INDEX ON held (unit, standing)")
    connection.execute("ANALYZE held")
    told = connection.execute(WINDOW).fetchone()
    ours = all_ranks(choice, level_from, plan)
    if told != (people, int(ours.rank.sum(dtype=np.int64)), int(ours.level_with.sum(dtype=np.int64))):
        raise ValueError(f"the two disagree: {told}")
    sql = _median(lambda: connection.execute(WINDOW).fetchone(), 3)
    numpy_ms = _median(lambda: all_ranks(choice, level_from, plan), 15)
    with tempfile.TemporaryDirectory(dir="/dev/shm", prefix="sunroll-bench-") as shared:
        painted = Painted(Path(shared), people, [people // UNITS] * UNITS)
        painted.board.choice[:] = choice
        tick = _median(painted.publish, 7)
    return f"| {people:,} | {sql:.1f} | {numpy_ms:.2f} | {sql / numpy_ms:.0f} | {tick:.1f} |"


def _median(work: Callable[[], object], times: int) -> float:
    taken = []
    for _ in range(times):
        began = time.perf_counter()
        work()
        taken.append((time.perf_counter() - began) * 1000)
    return statistics.median(taken)

"""All ranks of everybody: ours in numpy beside one SQL window query over the same choices."""

import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import psycopg

from backend.zhongkao.rules.live_ranks import all_ranks, levels_of
from bench.live_rank.scale import UNITS, Scale
from bench.live_rank.targets import at_least, at_most
from sunroll.embedded import database, postgresql
from tests.board_builders import Painted
from tests.live_city import ROOT

WINDOW = """
SELECT count(*), sum(place), sum(level) FROM (
  SELECT rank() OVER (PARTITION BY unit ORDER BY standing) AS place,
         count(*) OVER (PARTITION BY unit, standing) AS level FROM held) AS everybody
"""
READING = """
import sys, time
from pathlib import Path
from backend.zhongkao.board.boards import Boards
from backend.zhongkao.board.standing import standing_json
boards, people, turn = Boards(Path(sys.argv[1])), int(sys.argv[2]), 0
while True:
    for _ in range(50):
        turn = (turn + 7919) % people
        standing_json(boards.seat(turn + 1))
    time.sleep(0.001)
"""
BARS = {20_000: (1.0, 25.0, 2.0), 200_000: (None, None, 10.0), 1_000_000: (25.0, 20.0, None)}
"""Candidates: most ms for all ranks, how many times faster than SQL, most ms for a tick that publishes while serving."""


@dataclass(frozen=True)
class Taken:
    """Milliseconds of many goes."""

    median: float
    p99: float


def measure(scale: Scale) -> list[str]:
    """Lines of Markdown."""
    lines = [
        f"## All ranks of everybody, {UNITS} units",
        "",
        "A tick computes all ranks and publishes the version in shared memory while another process reads ranks from it.",
        "",
        "| candidates | SQL window query, median ms | slowest | numpy, median ms | p99 | SQL / numpy | tick, median ms | p99 |",
        "|---:|---:|---:|---:|---:|---:|---:|---:|",
    ]
    targets = list[str]()
    with (
        tempfile.TemporaryDirectory(prefix="sunroll-bench-ranks-", ignore_cleanup_errors=True) as folder,
        postgresql(Path(folder) / "postgresql") as server,
        psycopg.connect(database(server, "ranks")) as connection,
    ):
        for people in scale.everybody:
            sql, ours, tick = _times(connection, people)
            ratio = sql.median / ours.median
            lines.append(
                f"| {people:,} | {sql.median:.1f} | {sql.p99:.1f} | {ours.median:.2f} | {ours.p99:.2f} | {ratio:.0f} "
                f"| {tick.median:.1f} | {tick.p99:.1f} |"
            )
            targets += _targets(people, ours.median, ratio, tick.median)
    return [*lines, "", *targets]


def _targets(people: int, ours: float, ratio: float, tick: float) -> Iterator[str]:
    for_all, faster, publishing = BARS.get(people, (None, None, None))
    if for_all and faster:
        yield at_most(f"all {people:,} ranks, ms", ours, for_all)
        yield at_least(f"all {people:,} ranks, times faster than SQL", ratio, faster)
    if publishing:
        yield at_most(f"a tick that publishes {people:,} ranks while they are read, ms", tick, publishing)


def _times(connection: "psycopg.Connection[tuple[int, ...]]", people: int) -> tuple[Taken, Taken, Taken]:
    """The SQL query, all ranks in numpy, a whole tick. Raises ValueError where SQL and numpy disagree."""
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
    sql = _taken(lambda: connection.execute(WINDOW).fetchone(), 5)
    numpy_ms = _taken(lambda: all_ranks(choice, level_from, plan), 100)
    with tempfile.TemporaryDirectory(dir="/dev/shm", prefix="sunroll-bench-") as shared:
        painted = Painted(Path(shared), people, [people // UNITS] * UNITS)
        painted.board.choice[:] = choice
        with _read_by_another(Path(shared), people):
            tick = _taken(painted.publish, 50)
    return sql, numpy_ms, tick


@contextmanager
def _read_by_another(shared: Path, people: int) -> Iterator[None]:
    """Somebody reads one rank after the other, for half of a core."""
    reading = subprocess.Popen([sys.executable, "-c", READING, str(shared), str(people)], cwd=ROOT)
    time.sleep(1)
    try:
        if reading.poll() is not None:
            raise ValueError("nobody reads the board that is published")
        yield
    finally:
        reading.kill()
        reading.wait()


def _taken(work: Callable[[], object], times: int) -> Taken:
    taken = []
    for _ in range(times):
        began = time.perf_counter()
        work()
        taken.append((time.perf_counter() - began) * 1000)
    ordered = sorted(taken)
    return Taken(ordered[len(ordered) // 2], ordered[len(ordered) * 99 // 100])

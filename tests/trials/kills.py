"""Kill -9 at random under load: no acknowledged change is lost, each exists once, and every rank shown was true (P1, P18).

`python -m tests.trials.kills [ACKS]`: phones choose without pause while web server, engine, push, the exam's worker, the
sweeper, a backend of PostgreSQL (which makes the whole server recover), PostgreSQL itself, Valkey, and all of them at
once are killed and come back. At the end the band is closed by the worker, the record is compared with what the phones
were told, and what watchers were shown or sent with the ranks that the rules give for the version named. The large trial goes in
rounds of ten thousand with a database of their own; stopped in between, the same command goes on.
"""

import asyncio
import contextlib
import os
import random
import signal
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from backend.foundation import clock
from backend.foundation.database import db
from backend.foundation.tasks import put_task
from backend.foundation.unit_of_work import unit_of_work
from backend.zhongkao.move_standing_orders import put_next_round
from backend.zhongkao.rows import ExamBand, ExamSession, StandingOrder
from tests.live_city import LiveCity, live_city
from tests.trials.crowd import PEOPLE, UNITS, Trial, choose, listen, watch
from tests.trials.kill_checks import lost_or_doubled, untrue, wrongly_closed
from tests.trials.progress import Progress
from tests.trials.servers import Server

WATCHERS, LISTENERS = 4, 4
LISTS = 40
LIST_LENGTH = 8
ACKS_A_KILL = 1000
ACKS_A_ROUND = 10_000
LOOKS_EVERY = 0.02
CLOSES_WITHIN = 240.0
EVERY_VICTIM = ("web", "board", "push", "worker", "sweeper", "database", "postmaster", "valkey", "everything")


def run(folder: Path, acks: int, connections: int, seed: int, kill_of: tuple[str, ...]) -> tuple[Trial, list[str]]:
    """The trial and everything that was wrong: an empty list where the promises held."""
    with live_city(folder) as city:
        servers = {
            "postmaster": Server("postgres", str(folder / "postgresql")),
            "valkey": Server("valkey-server", city.environ["REDIS_URL"].rpartition(":")[2].partition("/")[0]),
        }
        totals = [random.Random(seed + who).randrange(30000, 70000, 50) for who in range(PEOPLE)]
        city.list_session(totals, [PEOPLE // UNITS] * UNITS)
        lists = _leave_lists(city, random.Random(seed))
        city.engine()
        city.push()
        city.start("worker", [sys.executable, "-m", "jobs.worker", "exam", "--once"])
        city.start("sweeper", [sys.executable, "-m", "jobs.schedule"])
        city.web()
        try:
            trial = asyncio.run(_story(city, servers, acks, connections, random.Random(seed), kill_of, lists))
            _close(city)
            return trial, [*lost_or_doubled(city, trial), *untrue(city, trial), *wrongly_closed(city)]
        finally:
            db.session.remove()
            db.engine.dispose()
            for server in servers.values():
                server.stop()


def _leave_lists(city: LiveCity, chance: random.Random) -> set[int]:
    """Some leave a list and sleep: their places in the order. The worker moves them."""
    assert city.listed is not None
    lists = set(chance.sample(range(PEOPLE), LISTS))
    with unit_of_work():
        for who in lists:
            db.session.add(
                StandingOrder(
                    session_id=city.listed.session,
                    candidate_id=city.listed.candidates[who],
                    units=chance.sample(city.listed.units, LIST_LENGTH),
                    given_at=clock.now(),
                )
            )
        put_next_round(city.listed.session, clock.now())
    return lists


def _close(city: LiveCity) -> None:
    """The band closes now; the worker's task does it. Raises TimeoutError."""
    assert city.listed is not None
    band = city.listed.bands[0]
    _wait_for_the_database()
    with unit_of_work():
        db.session.get_one(ExamBand, band).close_at = clock.now()
        db.session.get_one(ExamSession, city.listed.session).edition += 1
        put_task("close-exam-band", f"{band}/trial", {"band_id": band}, due_at=clock.now())
    until = time.monotonic() + CLOSES_WITHIN
    while time.monotonic() < until:
        with unit_of_work():
            if db.session.get_one(ExamBand, band, populate_existing=True).closed_at is not None:
                return
        time.sleep(0.2)
    raise TimeoutError("the band is not closed")


def _wait_for_the_database() -> None:
    """The last kill may have been PostgreSQL's: it recovers first. Raises TimeoutError."""
    until = time.monotonic() + CLOSES_WITHIN
    while time.monotonic() < until:
        with contextlib.suppress(DBAPIError), unit_of_work():
            db.session.execute(text("SELECT 1"))
            return
        time.sleep(0.2)
    raise TimeoutError("the database does not answer")


async def _story(  # what one round is made of
    city: LiveCity,
    servers: dict[str, Server],
    acks: int,
    connections: int,
    chance: random.Random,
    kill_of: tuple[str, ...],
    lists: set[int],
) -> Trial:
    trial, tokens, stopped = Trial(), city.tokens(), asyncio.Event()
    began = time.monotonic()
    by_hand = [who for who in range(PEOPLE) if who not in lists]
    choosing = [
        asyncio.create_task(choose(city, trial, tokens, by_hand[each::connections], acks, seed=chance.random()))
        for each in range(connections)
    ]
    others = [asyncio.create_task(watch(city, trial, tokens, stopped, each)) for each in range(WATCHERS)]
    others += [asyncio.create_task(listen(city, trial, tokens, stopped, WATCHERS + each)) for each in range(LISTENERS)]
    every = min(ACKS_A_KILL, acks // (len(kill_of) + 1))
    others.append(asyncio.create_task(_kill(city, servers, trial, chance, stopped, kill_of, every)))
    await asyncio.gather(*choosing)
    stopped.set()
    await asyncio.gather(*others)
    trial.seconds = time.monotonic() - began
    return trial


async def _kill(  # what one round is made of
    city: LiveCity,
    servers: dict[str, Server],
    trial: Trial,
    chance: random.Random,
    stopped: asyncio.Event,
    kill_of: tuple[str, ...],
    every: int,
) -> None:
    """Each in turn, in an order drawn anew each time round, whenever so many more changes are acknowledged."""
    waiting: list[str] = []
    due = every
    while not stopped.is_set():
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(stopped.wait(), LOOKS_EVERY * (1 + chance.random()))
            return
        for server in servers.values():
            server.keep_running()
        if len(trial.acks) < due:
            continue
        due = len(trial.acks) + every
        waiting = waiting or chance.sample(kill_of, len(kill_of))
        victim = waiting.pop()
        _kill_one(city, servers, chance, victim)
        trial.kills[victim] += 1


def _kill_one(city: LiveCity, servers: dict[str, Server], chance: random.Random, victim: str) -> None:
    if victim == "database":
        _kill_backend(chance)
        return
    names = [victim] if victim != "everything" else [*city.running, *servers]
    for name in names:
        if name in servers:
            servers[name].kill()
        else:
            city.kill(name)
    for name in names:
        if name in servers:
            servers[name].start()
        else:
            city.again(name)


def _kill_backend(chance: random.Random) -> None:
    """One backend dies; PostgreSQL throws everybody out and recovers from its log."""
    with contextlib.suppress(DBAPIError), unit_of_work():
        found = db.session.execute(
            text("SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()")
        )
        pids = list(found.scalars())
        if pids:
            with contextlib.suppress(ProcessLookupError):
                os.kill(chance.choice(pids), signal.SIGKILL)
    db.session.remove()


def main() -> int:
    """The large trial; 0 where nothing was wrong. Told to stop, it ends what it started."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    acks = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    rounds = -(-acks // ACKS_A_ROUND)
    progress = Progress(f"kills-{acks}")
    while (number := len(progress.done)) < rounds:
        with tempfile.TemporaryDirectory(prefix="sunroll-kills-") as folder:
            trial, faults = run(Path(folder), min(acks, ACKS_A_ROUND), 48, 20310715 + number, EVERY_VICTIM)
        found = {
            "acks": len(trial.acks),
            "seconds": round(trial.seconds),
            "refused": trial.refused,
            "kills": trial.kills,
            "broken": trial.broken,
            "shown": len(trial.shown),
            "versions": len({told["version"] for _, _, told in trial.shown}),
            "oldest_ms": trial.oldest_ms,
            "faults": faults,
        }
        progress.add(found, f"round {number + 1} of {rounds}: {found | {'faults': len(faults)}}")
    faults = [fault for one in progress.done for fault in one["faults"]]
    told = [
        f"{_sum(progress, 'acks')} changes acknowledged in {_sum(progress, 'seconds')} s; refused: {_count(progress, 'refused')}",
        f"killed: {_count(progress, 'kills')}; answers that broke off and were asked again: {_count(progress, 'broken')}",
        f"{_sum(progress, 'shown')} standings shown in {_sum(progress, 'versions')} versions",
        f"the oldest shown: {max(one['oldest_ms'] for one in progress.done)} ms",
        f"lost, doubled or untrue: {len(faults)}",
        *faults[:20],
    ]
    sys.stdout.write("\n".join(told) + "\n")
    progress.end()
    return 1 if faults else 0


def _sum(progress: Progress, what: str) -> int:
    return sum(one[what] for one in progress.done)


def _count(progress: Progress, what: str) -> dict[str, int]:
    total: Counter[str] = Counter()
    for one in progress.done:
        total.update(one[what])
    return dict(total)


if __name__ == "__main__":
    sys.exit(main())

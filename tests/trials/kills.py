"""Kill -9 at random under load: no acknowledged change is lost, each exists once, and every rank shown was true (P1, P18).

`python -m tests.trials.kills [ACKS]`: phones choose without pause while web server, engine, push, a backend of
PostgreSQL (which makes the whole server recover) and Valkey are killed. At the end the record is compared with what
the phones were told, and what watchers were shown with the ranks that the rules give for the version they named.
"""

import asyncio
import contextlib
import json
import os
import random
import signal
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from backend.foundation.database import db
from backend.foundation.unit_of_work import unit_of_work
from backend.zhongkao.rules.standing import places_in_unit
from tests.live_city import LiveCity, live_city
from tests.live_phones import Answer, Phone

PEOPLE, UNITS = 2000, 30
WATCHERS = 4
MOST_VERSIONS_CHECKED = 150
ACKS_A_KILL = 1000
LOOKS_EVERY = 0.02


@dataclass
class Trial:
    """What was asked, told, shown and killed."""

    acks: list[tuple[int, str, Answer]] = field(default_factory=list)
    refused: Counter[str] = field(default_factory=Counter)
    broken: Counter[str] = field(default_factory=Counter)
    shown: list[tuple[int, int, dict[str, Any]]] = field(default_factory=list)
    kills: Counter[str] = field(default_factory=Counter)
    seconds: float = 0.0
    oldest_ms: int = 0


def run(folder: Path, acks: int, connections: int, seed: int, kill_of: tuple[str, ...]) -> tuple[Trial, list[str]]:
    """The trial and everything that was wrong: an empty list where the promises held."""
    with live_city(folder) as city:
        totals = [random.Random(seed + who).randrange(30000, 70000, 50) for who in range(PEOPLE)]
        city.list_session(totals, [PEOPLE // UNITS] * UNITS)
        city.engine()
        city.push()
        city.web(threads=16)
        trial = asyncio.run(_story(city, acks, connections, random.Random(seed), kill_of))
        time.sleep(1.5)
        return trial, [*lost_or_doubled(city, trial), *untrue(city, trial)]


async def _story(city: LiveCity, acks: int, connections: int, chance: random.Random, kill_of: tuple[str, ...]) -> Trial:
    trial, tokens, stopped = Trial(), city.tokens(), asyncio.Event()
    began = time.monotonic()
    choosing = [
        asyncio.create_task(_choose(city, trial, tokens, range(each, PEOPLE, connections), acks, seed=chance.random()))
        for each in range(connections)
    ]
    others = [asyncio.create_task(_watch(city, trial, tokens, stopped, each)) for each in range(WATCHERS)]
    every = min(ACKS_A_KILL, acks // (len(kill_of) + 1))
    others.append(asyncio.create_task(_kill(city, trial, chance, stopped, kill_of, every)))
    await asyncio.gather(*choosing)
    stopped.set()
    await asyncio.gather(*others)
    trial.seconds = time.monotonic() - began
    return trial


async def _choose(city: LiveCity, trial: Trial, tokens: list[str], mine: range, acks: int, *, seed: float) -> None:
    chance, phone = random.Random(seed), Phone(lambda: city.ports["web"])
    while len(trial.acks) < acks:
        who, unit = chance.choice(mine), f"general-1/U{chance.randrange(UNITS) + 1:04d}"
        answer = await phone.choose(tokens[who], unit)
        if answer.status == 200:
            trial.acks.append((who, unit, answer))
        else:
            trial.refused[answer.said.get("code", str(answer.status))] += 1
    trial.broken.update(phone.broken)
    phone.drop()


async def _watch(city: LiveCity, trial: Trial, tokens: list[str], stopped: asyncio.Event, watcher: int) -> None:
    """Look at somebody's rank again and again; versions shown to one watcher never fall."""
    phone, chance = Phone(lambda: city.ports["web"]), random.Random(watcher)
    while not stopped.is_set():
        who = chance.randrange(PEOPLE)
        try:
            status, said = await phone.ask("GET", "/api/exam/standing", tokens[who])
        except (OSError, EOFError, TimeoutError):
            phone.drop()
            await asyncio.sleep(0.05)
            continue
        if status == 200:
            told = json.loads(said)
            trial.shown.append((watcher, who, told))
            trial.oldest_ms = max(trial.oldest_ms, told["age_ms"])
        await asyncio.sleep(0.02)
    phone.drop()


async def _kill(
    city: LiveCity, trial: Trial, chance: random.Random, stopped: asyncio.Event, kill_of: tuple[str, ...], every: int
) -> None:
    """Each in turn, in an order drawn anew each time round, whenever so many more changes are acknowledged."""
    waiting: list[str] = []
    due = every
    while not stopped.is_set():
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(stopped.wait(), LOOKS_EVERY * (1 + chance.random()))
            return
        if len(trial.acks) < due:
            continue
        due = len(trial.acks) + every
        waiting = waiting or chance.sample(kill_of, len(kill_of))
        victim = waiting.pop()
        if victim in city.running:
            city.kill(victim)
            city.again(victim)
        elif victim == "database":
            _kill_backend(chance)
        elif victim == "valkey":
            _kill_valkey(city)
        trial.kills[victim] += 1


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


def _kill_valkey(city: LiveCity) -> None:
    """Valkey dies once and stays dead: nothing that was promised depends on it."""
    for stat in Path("/proc").glob("[0-9]*/cmdline"):
        with contextlib.suppress(OSError):
            command = stat.read_text()
            port = city.environ["REDIS_URL"].rpartition(":")[2].partition("/")[0]
            if "valkey-server" in command and port in command:
                os.kill(int(stat.parent.name), signal.SIGKILL)


def lost_or_doubled(city: LiveCity, trial: Trial) -> list[str]:
    """P1: every acknowledgement is in the record once, with what was told; what is held follows from the last of each."""
    assert city.listed is not None
    faults = []
    with unit_of_work():
        found = db.session.execute(
            text("SELECT id, candidate_id, unit_id, request_key, version, refused FROM exam_change ORDER BY id")
        ).all()
        held = dict(db.session.execute(text("SELECT candidate_id, unit_id FROM exam_choice")).all())
        codes = dict(db.session.execute(text("SELECT id, code FROM exam_unit")).all())
    by_key = Counter(row.request_key for row in found)
    rows = {row.request_key: row for row in found}
    for who, unit, answer in trial.acks:
        row = rows.get(answer.key)
        told = (city.listed.candidates[who], unit, answer.said["receipt"], answer.said["version"])
        kept = None if row is None else (row.candidate_id, codes[row.unit_id], f"ZK{row.id:010d}", row.version)
        if kept != told or row is None or row.refused is not None:
            faults.append(f"told {told}, kept {kept}")
    faults += [f"key {key} stands {count} times" for key, count in by_key.items() if count > 1]
    newest = {row.candidate_id: row.unit_id for row in sorted(found, key=lambda row: row.version) if not row.refused}
    faults += [f"candidate {who} holds {held[who]}, not {unit}" for who, unit in newest.items() if held[who] != unit]
    return faults


def untrue(city: LiveCity, trial: Trial) -> list[str]:
    """P18: each rank shown is that of the rules in the version named; nobody saw time go back."""
    faults, last = [], dict.fromkeys(range(WATCHERS), 0)
    for watcher, _, told in trial.shown:
        if told["version"] < last[watcher]:
            faults.append(f"version {told['version']} after {last[watcher]}")
        last[watcher] = max(last[watcher], told["version"])
    versions = sorted({told["version"] for _, _, told in trial.shown})
    step = max(1, len(versions) // MOST_VERSIONS_CHECKED)
    oracle = {version: _places(city, version) for version in versions[::step]}
    for _, who, told in trial.shown:
        if told["version"] in oracle:
            expected = oracle[told["version"]].get(who, (None, None, 0))
            if (told["unit"], told["rank"], told["level_with"]) != expected:
                faults.append(f"version {told['version']}: shown {told['unit'], told['rank']}, true {expected}")
    return faults


def _places(city: LiveCity, version: int) -> dict[int, tuple[str, int, int]]:
    """Everybody's unit, rank and equals in a version, from the record by the rules alone."""
    assert city.listed is not None
    listed = city.listed
    with unit_of_work():
        found = db.session.execute(
            text(
                "SELECT DISTINCT ON (c.candidate_id) c.candidate_id, u.code FROM board_version v "
                "JOIN exam_change c ON c.session_id = v.session_id JOIN exam_unit u ON u.id = c.unit_id "
                "WHERE v.version = :version AND c.refused IS NULL "
                "AND pg_visible_in_snapshot(c.written_in::text::xid8, v.cut::pg_snapshot) "
                "ORDER BY c.candidate_id, c.version DESC"
            ),
            {"version": version},
        ).all()
    place_of = {candidate: place for place, candidate in enumerate(listed.candidates)}
    standing_of = {str(place): standing for place, standing in enumerate(listed.standings)}
    holders: dict[str, list[str]] = {}
    for row in found:
        holders.setdefault(row.code, []).append(str(place_of[row.candidate_id]))
    return {
        int(who): (unit, place.rank, place.level_with)
        for unit, held in holders.items()
        for who, place in places_in_unit(held, standing_of, listed.plans[0]).items()
    }


def main() -> int:
    """The large trial; 0 where nothing was wrong. Told to stop, it ends what it started."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    acks = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    with tempfile.TemporaryDirectory(prefix="sunroll-kills-") as folder:
        trial, faults = run(Path(folder), acks, 48, 20310715, ("web", "board", "push", "database", "valkey"))
    versions = {told["version"] for _, _, told in trial.shown}
    told = [
        f"{len(trial.acks)} changes acknowledged in {trial.seconds:.0f} s; refused: {dict(trial.refused)}",
        f"killed: {dict(trial.kills)}; answers that broke off and were asked again: {dict(trial.broken)}",
        f"{len(trial.shown)} standings shown in {len(versions)} versions, the oldest {trial.oldest_ms} ms",
        f"lost, doubled or untrue: {len(faults)}",
        *faults[:20],
    ]
    sys.stdout.write("\n".join(told) + "\n")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())

"""Families register in the chat while workers and Valkey are killed: nothing is lost or doubled (P8, P17; A28, C01).

`python -m tests.trials.chatting [FAMILIES]` starts the whole service with a city, lets every family with WeChat go from
its first word to its receipts through the real encrypted callbacks, and kills a worker or Valkey every few seconds. At
the end what the families were told is compared with the record: each message taken once, each receipt one child.
"""

import random
import signal
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg
import requests

import rehearsal.chatting
import sunroll.stack
from bots.mailbox import undone
from bots.webhook import LETTERS
from rehearsal.chatting_crowd import figures_of, talk
from rehearsal.season_crowd import families_in
from rehearsal.season_kills import BACK_WITHIN_S, kill_worker
from rehearsal.season_pictures import Pool, draw_pool
from sunroll.commands.run import set_up
from sunroll.stack import Stack, running
from tests.trials.servers import Server

BANNER, SEED = "150603", "chatting"
CITY_OF_EACH = 1.4
"""Families of the city for each that talks: some have no WeChat, some have a helper."""
TALKS_AT_ONCE = 16
WORKERS = ("pictures", "checks", "notices", "decisions")
KILLS_EVERY = (4.0, 10.0)
MESSAGES_A_KILL = 40
"""Messages that come between two kills: on a busy machine a worker that just begins is not killed again and again."""
VALKEY_AWAY = 3.0
SETTLES_WITHIN = 600.0
ANSWERED_WITHIN = 600.0
"""Seconds after which a family counts as not answered; how long it waited is told anyway."""
STARTS_WITHIN = 600.0
"""Seconds in which everything is started: a trial shares its machine."""
TELLS_EVERY = 25

MISSING_TASKS = (
    """SELECT count(*) FROM task WHERE done_at IS NULL AND gave_up_at IS NULL AND due_at <= clock_timestamp()"""
)
GIVEN_UP = "SELECT kind || ': ' || coalesce(last_fault, '') FROM task WHERE gave_up_at IS NOT NULL"
UNFINISHED = "SELECT count(*) FROM notice WHERE state IN ('ready', 'sending', 'unknown') AND code <> 'login-code'"
INBOX = "SELECT count(*) FROM wx_inbox"
CHILDREN = "SELECT count(*) FROM child"
APPLICATIONS = "SELECT receipt FROM application WHERE state <> 'draft'"


@dataclass
class Trial:
    """What the families were told, what was killed, and what the record holds afterwards."""

    families: Sequence[Mapping[str, Any]]
    outcomes: list[dict[str, Any]] = field(default_factory=list)
    kills: Counter[str] = field(default_factory=Counter)
    not_back: list[str] = field(default_factory=list)
    pushed: int = 0
    unanswered: int = 0
    seconds: float = 0.0
    record: dict[str, Any] = field(default_factory=dict)


def run(folder: Path, count: int) -> Trial:
    """The trial with so many families."""
    sunroll.stack.STARTS_WITHIN = STARTS_WITHIN
    rehearsal.chatting.ANSWERED_WITHIN_S = ANSWERED_WITHIN
    with running(folder, round(count * CITY_OF_EACH) + 4, SEED, BANNER, usual_ports=False) as stack:
        set_up(stack, [BANNER])
        everybody = families_in(folder / "city" / "families.jsonl").values()
        chosen = [one for one in everybody if one["guardian"]["openid"] and not one.get("helper")][:count]
        trial, stopped = Trial(chosen), threading.Event()
        valkey = Server("valkey-server", stack.environ["REDIS_URL"].rpartition(":")[2].partition("/")[0])
        killer = threading.Thread(target=_kill, args=(trial, valkey, stack.address("WECHAT"), stopped))
        began = time.monotonic()
        killer.start()
        try:
            _talk(trial, stack, folder)
        finally:
            stopped.set()
            killer.join()
        trial.seconds = time.monotonic() - began
        _settle(stack)
        trial.record = _record_of(stack)
        counts = _pushed(stack.address("WECHAT"))
        trial.pushed, trial.unanswered = counts.get("pushed", 0), counts.get("unanswered", 0)
        valkey.stop()
        return trial


def _talk(trial: Trial, stack: Stack, folder: Path) -> None:
    """Every family's whole talk; a line every so many."""
    draw_pool(folder / "pictures", trial.families)
    pool, platform = Pool(folder / "pictures"), stack.address("WECHAT")
    with ThreadPoolExecutor(TALKS_AT_ONCE) as threads:
        for outcome in threads.map(lambda family: talk(platform, family, pool), trial.families):
            trial.outcomes.append(outcome)
            if len(trial.outcomes) % TELLS_EVERY == 0:
                _say(f"{len(trial.outcomes)} of {len(trial.families)} families, killed so far: {dict(trial.kills)}")


def _kill(trial: Trial, valkey: Server, platform: str, stopped: threading.Event) -> None:
    """A worker, drawn at random, or Valkey, every few seconds and after so many more messages."""
    chance, due = random.Random(SEED), MESSAGES_A_KILL
    while not stopped.wait(chance.uniform(*KILLS_EVERY)):
        pushed = _pushed(platform).get("pushed", 0)
        if pushed < due:
            continue
        due = pushed + MESSAGES_A_KILL
        victim = chance.choice((*WORKERS, "valkey"))
        if victim == "valkey":
            valkey.kill()
            stopped.wait(VALKEY_AWAY)
            valkey.start()
        else:
            kill = kill_worker(victim)
            if kill is None:
                continue
            if kill.back_ms is None:
                trial.not_back.append(victim)
        trial.kills[victim] += 1
    valkey.keep_running()


def _pushed(platform: str) -> dict[str, int]:
    """What the platform counts of its callbacks; nothing where it does not answer."""
    try:
        counts: dict[str, int] = requests.get(f"{platform}/figures", timeout=60).json()["callbacks"]
    except requests.RequestException:
        return {}
    return counts


def _settle(stack: Stack) -> None:
    """Wait until nothing is due and no letter lies on disk, at most ten minutes."""
    until = time.monotonic() + SETTLES_WITHIN
    with _database(stack) as connection:
        while time.monotonic() < until:
            waits = _one(connection, MISSING_TASKS) + _one(connection, UNFINISHED) + _letters_of(stack)
            if not waits:
                return
            time.sleep(1)


def _database(stack: Stack) -> "psycopg.Connection[Any]":
    return psycopg.connect(stack.environ["DATABASE_URL"], autocommit=True)


def _one(connection: "psycopg.Connection[Any]", question: str) -> int:
    found = connection.execute(question).fetchone()  # type: ignore[call-overload]  # our own constant text
    return int(found[0])


def _letters_of(stack: Stack) -> int:
    folder = Path(stack.environ["SUNROLL_UPLOADS"]).parent / LETTERS
    return sum(len(undone(path.read_bytes())) for path in folder.glob("*.letters"))


def _record_of(stack: Stack) -> dict[str, Any]:
    with _database(stack) as connection:
        rows = {"inbox": INBOX, "children": CHILDREN, "undone tasks": MISSING_TASKS, "unfinished notices": UNFINISHED}
        counted: dict[str, Any] = {name: _one(connection, question) for name, question in rows.items()}
        counted["given up"] = [row[0] for row in connection.execute(GIVEN_UP)]
        counted["receipts"] = [row[0] for row in connection.execute(APPLICATIONS)]
    return {**counted, "letters on disk": _letters_of(stack)}


def faults_of(trial: Trial) -> list[str]:
    """Everything that was lost, doubled, or not answered; an empty list where the promises held."""
    figures, record = figures_of(trial.outcomes), trial.record
    children = sum(len(one["children"]) for one in trial.families)
    told = Counter(receipt for one in trial.outcomes for receipt in one["receipts"])
    faults = list(figures["faults"])
    faults += [f"receipt {receipt} told to {count} families" for receipt, count in told.items() if count > 1]
    expected = {
        "children registered": (record["children"], children),
        "receipts told": (len(told), children),
        "receipts told twice in one talk": (figures["told_twice"], 0),
        "messages taken": (record["inbox"], trial.pushed),
        "messages without an answer in time": (trial.unanswered, 0),
        "letters left on disk": (record["letters on disk"], 0),
        "tasks left undone": (record["undone tasks"], 0),
        "notices without an end": (record["unfinished notices"], 0),
    }
    faults += [f"{what}: {found}, not {wanted}" for what, (found, wanted) in expected.items() if found != wanted]
    faults += [f"given up: {task}" for task in record["given up"]]
    if Counter(record["receipts"]) != told:
        faults.append(f"receipts on record {len(record['receipts'])}, told {len(told)}, and not the same")
    return [*faults, *(f"{queue}: no worker within {BACK_WITHIN_S:.0f} s" for queue in trial.not_back)]


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def main() -> int:
    """The trial; 0 where nothing was wrong. Told to stop, it ends what it started."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 2000
    with tempfile.TemporaryDirectory(prefix="sunroll-chatting-") as folder:
        trial = run(Path(folder), count)
    faults, figures = faults_of(trial), figures_of(trial.outcomes)
    _say(
        f"{len(trial.outcomes)} families, {figures['receipts']} receipts, {trial.pushed} messages in "
        f"{trial.seconds:.0f} s; longest wait {figures['longest_wait_ms']} ms, median of the longest "
        f"{figures['median_of_longest_waits_ms']} ms"
    )
    _say(f"killed: {dict(trial.kills)}; lost, doubled or unanswered: {len(faults)}")
    for fault in faults[:20]:
        _say(fault)
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())

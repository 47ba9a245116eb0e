"""Families register in the chat while everything is killed: nothing is lost or doubled (P8, P17; A28, C01).

`python -m tests.trials.chatting [FAMILIES]` starts the whole service with a city, lets every family with WeChat go from
its first word to its receipts through the real encrypted callbacks, and kills workers, sweeper, web server, the bots
themselves and Valkey, each in turn, every few seconds. At the end what the families were told is compared with the
record: each message taken once, each receipt one child. The large trial goes in rounds of five hundred families with a
city of their own; stopped in between, the same command goes on.
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

import requests

import rehearsal.chatting
import sunroll.stack
from bots.webhook import LETTERS
from bots.wechat.inbound import Inbound
from rehearsal.chatting_crowd import figures_of, talk
from rehearsal.season_crowd import families_in
from rehearsal.season_kills import BACK_WITHIN_S, kill_kept
from rehearsal.season_pictures import Pool, draw_pool
from sunroll.commands.run import set_up
from sunroll.stack import Stack, running
from tests.trials.chat_record import ChatRecord
from tests.trials.progress import Progress
from tests.trials.servers import Server

BANNER = "150603"
FAMILIES_A_ROUND = 500
CITY_OF_EACH = 1.4
"""Families of the city for each that talks: some have no WeChat, some have a helper."""
TALKS_AT_ONCE = 16
WORKERS = ("pictures", "readings", "checks", "notices", "decisions")
KEPT = {queue: ("jobs.worker", queue, "--once") for queue in WORKERS} | {
    "bots": ("bots.wsgi:app",),
    "web": ("backend.rsgi:door",),
    "sweeper": ("jobs.schedule",),
}
"""What is killed besides Valkey: words in its command line."""
KILLS_EVERY = (8.0, 20.0)
MESSAGES_A_KILL = 40
"""Messages that come between two kills: on a busy machine a worker that just begins is not killed again and again."""
VALKEY_AWAY = 3.0
ANSWERED_WITHIN = 600.0
"""Seconds after which a family counts as not answered; how long it waited is told anyway."""
STARTS_WITHIN = 600.0
"""Seconds in which everything is started: a trial shares its machine."""
TELLS_EVERY = 25
SUMS = ("families", "receipts", "messages", "repeated", "seconds")


@dataclass
class Trial:
    """What the families were told, what was killed, and what the record holds afterwards."""

    families: Sequence[Mapping[str, Any]]
    outcomes: list[dict[str, Any]] = field(default_factory=list)
    kills: Counter[str] = field(default_factory=Counter)
    not_back: list[str] = field(default_factory=list)
    pushed: int = 0
    unanswered: list[int] = field(default_factory=list)
    lost_events: int = 0
    seconds: float = 0.0
    record: dict[str, Any] = field(default_factory=dict)


def run(folder: Path, count: int, seed: str) -> Trial:
    """The trial with so many families."""
    sunroll.stack.STARTS_WITHIN = STARTS_WITHIN
    rehearsal.chatting.ANSWERED_WITHIN_S = ANSWERED_WITHIN
    with running(folder, round(count * CITY_OF_EACH) + 4, seed, BANNER, usual_ports=False) as stack:
        set_up(stack, [BANNER])
        everybody = families_in(folder / "city" / "families.jsonl").values()
        chosen = [one for one in everybody if one["guardian"]["openid"] and not one.get("helper")][:count]
        trial, stopped = Trial(chosen), threading.Event()
        valkey = Server("valkey-server", stack.environ["REDIS_URL"].rpartition(":")[2].partition("/")[0])
        killer = threading.Thread(
            target=_kill, args=(trial, valkey, stack.address("WECHAT"), stopped, random.Random(seed))
        )
        began = time.monotonic()
        killer.start()
        try:
            _talk(trial, stack, folder)
        finally:
            stopped.set()
            killer.join()
        trial.seconds = time.monotonic() - began
        record = ChatRecord(stack.environ["DATABASE_URL"], Path(stack.environ["SUNROLL_UPLOADS"]).parent / LETTERS)
        record.settle()
        trial.record = record.read()
        figures = _figures(stack.address("WECHAT"))
        counts, trial.unanswered = figures["callbacks"], figures["unanswered"]
        trial.pushed, trial.lost_events = counts.get("pushed", 0), counts.get("unanswered events", 0)
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


def _kill(trial: Trial, valkey: Server, platform: str, stopped: threading.Event, chance: random.Random) -> None:
    """Each in turn, in an order drawn anew each time round, every few seconds and after so many more messages."""
    waiting: list[str] = []
    due = MESSAGES_A_KILL
    while not stopped.wait(chance.uniform(*KILLS_EVERY)):
        pushed = _pushed(platform)
        if pushed < due:
            continue
        due = pushed + MESSAGES_A_KILL
        waiting = waiting or chance.sample([*KEPT, "valkey"], len(KEPT) + 1)
        victim = waiting.pop()
        if victim == "valkey":
            valkey.kill()
            stopped.wait(VALKEY_AWAY)
            valkey.start()
        else:
            kill = kill_kept(victim, KEPT[victim])
            if kill is None or kill.back_ms is None:
                trial.not_back.append(victim)
                continue
        trial.kills[victim] += 1
    valkey.keep_running()


def _pushed(platform: str) -> int:
    """How many callbacks the platform has pushed so far; none where it does not answer."""
    try:
        return int(_figures(platform)["callbacks"].get("pushed", 0))
    except requests.RequestException:
        return 0


def _figures(platform: str) -> dict[str, Any]:
    """What the platform counts of its callbacks, and the numbers of the messages that nobody answered in time."""
    figures: dict[str, Any] = requests.get(f"{platform}/figures", timeout=60).json()
    return figures


def lost_messages(trial: Trial) -> list[int]:
    """The messages that nobody answered in time, that are not on record, and that no family said once more.

    One that was kept before the bots died, or whose answer was lost on its way, is on record: it had its effect, its
    answer comes as a message of its own, and a family that heard this answer first need not repeat it.
    """
    repeated = {number for one in trial.outcomes for number in one["repeated"]}
    unsaid = [number for number in trial.unanswered if number not in repeated]
    keys = {number: Inbound("", "", "text", 0, {"MsgId": str(number)}).dedupe_key.hex() for number in unsaid}
    return [number for number, key in keys.items() if key not in trial.record["inbox"]]


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
        "messages neither on record nor repeated": (lost_messages(trial), []),
        "letters left on disk": (record["letters on disk"], 0),
        "tasks left undone": (record["undone tasks"], 0),
        "notices without an end": (record["unfinished notices"], 0),
    }
    faults += [f"{what}: {found}, not {wanted}" for what, (found, wanted) in expected.items() if found != wanted]
    taken, unanswered = len(record["inbox"]), len(trial.unanswered)
    if not trial.pushed - unanswered - trial.lost_events <= taken <= trial.pushed:
        faults.append(f"messages taken: {taken} of {trial.pushed}, {unanswered} of them not answered")
    faults += [f"given up: {task}" for task in record["given up"]]
    if Counter(record["receipts"]) != told:
        faults.append(f"receipts on record {len(record['receipts'])}, told {len(told)}, and not the same")
    return [*faults, *(f"{name}: not back within {BACK_WITHIN_S:.0f} s" for name in trial.not_back)]


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def main() -> int:
    """The trial; 0 where nothing was wrong. Told to stop, it ends what it started."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    families = int(sys.argv[1]) if len(sys.argv) > 1 else 2000
    progress = Progress(f"chatting-{families}")
    rounds = -(-families // FAMILIES_A_ROUND)
    for number in range(len(progress.done), rounds):
        count = min(FAMILIES_A_ROUND, families - number * FAMILIES_A_ROUND)
        with tempfile.TemporaryDirectory(prefix="sunroll-chatting-") as folder:
            trial = run(Path(folder), count, f"chatting-{number}")
        found = _found(trial)
        progress.add(found, f"round {number + 1} of {rounds}: {found | {'faults': len(found['faults'])}}")
    _say(f"together: {_together(progress.done)}")
    faults = [fault for one in progress.done for fault in one["faults"]]
    _say("\n".join([f"lost, doubled or unanswered: {len(faults)}", *faults[:20]]))
    progress.end()
    return 1 if faults else 0


def _found(trial: Trial) -> dict[str, Any]:
    """What one round came to, as plain JSON."""
    figures = figures_of(trial.outcomes)
    return {
        "families": figures["families"],
        "receipts": figures["receipts"],
        "messages": trial.pushed,
        "unanswered": len(trial.unanswered),
        "repeated": sum(len(one["repeated"]) for one in trial.outcomes),
        "seconds": round(trial.seconds),
        "longest_wait_ms": figures["longest_wait_ms"],
        "median_of_longest_waits_ms": figures["median_of_longest_waits_ms"],
        "kills": dict(trial.kills),
        "faults": faults_of(trial),
    }


def _together(rounds: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """The sums of all rounds, and the longest wait."""
    kills: Counter[str] = Counter()
    for one in rounds:
        kills.update(one["kills"])
    added = {what: sum(one[what] for one in rounds) for what in SUMS}
    return added | {"longest_wait_ms": max(one["longest_wait_ms"] for one in rounds), "kills": dict(kills)}


if __name__ == "__main__":
    sys.exit(main())

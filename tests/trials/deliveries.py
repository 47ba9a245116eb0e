"""Messages delivered three times each while the database fails and processes die: `python -m tests.trials.deliveries [3000]`.

Every message is a tip-off of its own, so that its effects can be counted: none lost, none doubled. Between deliveries
the bots' process is abandoned as a kill leaves it (its letters stay on disk) and another takes over. Told to stop, the
trial goes on next time with the part that was not done.
"""

import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from http import HTTPStatus
from pathlib import Path
from random import Random
from typing import Any
from unittest import mock

from sqlalchemy import select
from sqlalchemy.exc import OperationalError

import bots.webhook
from backend.foundation.database import db
from backend.foundation.doors import Application
from backend.notices.rows import InboxRow
from backend.results.rows import Tipoff
from bots.webhook import LETTERS, Webhook, serve
from sunroll.embedded import make_keys, postgresql, valkey
from tests.callback_builders import Platform, platform_of
from tests.conftest import environ_for_tests
from tests.database_of_its_own import own_app
from tests.trials.chat_record import letters_in
from tests.trials.progress import Progress

DELIVERIES, CALLERS = 3, 6
A_PART = 300
SETTLES_WITHIN = 300.0
FAULT_SHARE, RESTARTS = 0.15, 5
STORY = "某学校开学前收赞助费，编号"


@dataclass
class Found:
    """What a trial came to; all but `accepted`, `faults` and `restarts` must be 0."""

    accepted: int = 0
    missing: int = 0
    doubled: int = 0
    answers_differ: int = 0
    forgeries_taken: int = 0
    faults: int = 0
    restarts: int = 0
    on_disk: int = 0
    slowest_ms: int = 0


class Weather:
    """Lets a share of the attempts fail as an outage does: before their effect, or after it with the answer lost."""

    def __init__(self, seed: str) -> None:
        self.faults = 0
        self._chance = Random(seed)
        self._real = bots.webhook.take_callback

    def take(self, *told: Any, **more: Any) -> str:
        """An attempt, perhaps a failed one."""
        strikes = self._chance.random() < FAULT_SHARE
        if strikes:
            self.faults += 1
            raise OperationalError("", {}, Exception("the server closed the connection"))
        return self._real(*told, **more)


def trial(services: Mapping[str, str], name: str, messages: int) -> Found:
    """One trial on a database of its own."""
    found, weather, chance = Found(), Weather(name), Random(name)
    with own_app(dict(services), name) as (service, _), tempfile.TemporaryDirectory() as folder:
        service.config["UPLOADS"] = Path(folder) / "uploads"
        platforms = [platform_of(service, f"o-{name}-{number}") for number in range(messages)]
        _share(platforms, platforms[0])
        with ThreadPoolExecutor(CALLERS) as callers:
            list(callers.map(lambda platform: platform.says("举报"), platforms))
        contents = [one.content(Content=f"{STORY}{number}") for number, one in enumerate(platforms)]
        deliveries = [number for number in range(messages) for _ in range(DELIVERIES)]
        chance.shuffle(deliveries)
        answers: defaultdict[int, set[str]] = defaultdict(set)
        with mock.patch.object(bots.webhook, "take_callback", weather.take):
            for part in range(RESTARTS):
                _deliver(platforms, contents, deliveries[part::RESTARTS], answers, found)
                found.forgeries_taken += _forge(platforms[chance.randrange(messages)], contents[0])
                _abandon(service, platforms)
                found.restarts += 1
        webhook = platforms[0].webhook
        if webhook is not None:
            webhook.reception.start()
            found.on_disk = _letters_left(service.config["UPLOADS"].parent / LETTERS, SETTLES_WITHIN)
            webhook.reception.stop()
        _count(service, messages, found)
        found.answers_differ = sum(len(said - {""}) > 1 for said in answers.values())
        found.faults = weather.faults
    return found


def _letters_left(folder: Path, seconds: float) -> int:
    """How many letters still wait for their effect on disk, in whosever file, once none does or the time is over."""
    ends = time.monotonic() + seconds
    while (left := letters_in(folder)) and time.monotonic() < ends:
        time.sleep(0.2)
    return left


def _share(platforms: list[Platform], one: Platform) -> None:
    for platform in platforms:
        platform.app, platform.webhook = one.app, one.webhook


def _deliver(
    platforms: list[Platform], contents: list[bytes], part: list[int], answers: dict[int, set[str]], found: Found
) -> None:
    def deliver(number: int) -> tuple[int, int, str, float]:
        began = time.monotonic()
        answer = platforms[number].post(contents[number])
        waited = (time.monotonic() - began) * 1000
        text = platforms[number].reply(answer) if answer.status_code == HTTPStatus.OK else ""
        return number, answer.status_code, text, waited

    with ThreadPoolExecutor(CALLERS) as callers:
        for number, status, text, waited in callers.map(deliver, part):
            if status == HTTPStatus.OK:
                answers[number].add(text)
            found.slowest_ms = max(found.slowest_ms, round(waited))
    found.accepted = len(answers)


def _forge(platform: Platform, content: bytes) -> int:
    """A callback with another signature, and one from an hour ago: how many were taken."""
    old = platform.post(content, timestamp=str(int(time.time()) - 3600)).status_code
    other = platform.envelopes.encrypt(content)
    query = platform.query(other) | {"msg_signature": "0" * 40}
    forged = platform.app.test_client().post("/wechat", query_string=query, data=b"<xml><Encrypt>x</Encrypt></xml>")
    return sum(status == HTTPStatus.OK for status in (old, forged.status_code))


def _abandon(service: Application, platforms: list[Platform]) -> None:
    """The process is gone as a kill leaves it: nothing is finished, its files lose their lock, another takes over."""
    gone = platforms[0].webhook
    if gone is not None:
        gone.reception.stop()
    webhook = Webhook(service, 60.0)
    for platform in platforms:
        platform.app, platform.webhook = serve(service, webhook), webhook
    webhook.reception.start()


def _count(service: Application, messages: int, found: Found) -> None:
    with service.app_context():
        told = Counter(db.session.execute(select(Tipoff.receipt)).scalars())
        rows = len(list(db.session.execute(select(InboxRow.id)).scalars()))
        db.session.remove()
    effects = sum(told.values())
    found.missing = max(0, messages - effects) + max(0, 2 * messages - rows)
    found.doubled = max(0, effects - messages)


def main() -> int:
    """The trial in the size of the first argument, in parts; exit 1 where anything is lost or doubled."""
    messages = int(sys.argv[1]) if len(sys.argv) > 1 else 3000
    progress = Progress(f"deliveries-{messages}")
    parts = -(-messages // A_PART)
    with tempfile.TemporaryDirectory(prefix="sunroll-deliveries-") as kept, ExitStack() as servers:
        folder = Path(kept)
        server = servers.enter_context(postgresql(folder / "postgresql"))
        bell = servers.enter_context(valkey(folder / "valkey"))
        make_keys(folder / "keys.json")
        environ = environ_for_tests(server.replace("/postgres?", "/sunroll_tests?"), bell, folder)
        for part in range(len(progress.done), parts):
            found = trial(environ, f"deliveries_{part}", min(A_PART, messages - part * A_PART))
            progress.add(asdict(found), f"part {part + 1} of {parts}: {found}")
    whole = total(Found(**found) for found in progress.done)
    sys.stdout.write(f"{whole}\n")
    progress.end()
    return 1 if whole.missing or whole.on_disk or whole.doubled or whole.answers_differ or whole.forgeries_taken else 0


def total(found: Iterable[Found]) -> Found:
    """What several trials came to together; `slowest_ms` is that of the slowest."""
    whole = Found()
    for one in found:
        slowest = max(whole.slowest_ms, one.slowest_ms)
        whole = Found(**{name: count + asdict(one)[name] for name, count in asdict(whole).items()})
        whole.slowest_ms = slowest
    return whole


if __name__ == "__main__":
    sys.exit(main())

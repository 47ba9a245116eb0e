"""Closings under fire: wishes within two seconds around the close, killed servers and workers, wrong clocks (P3).

`python -m tests.trials.closings [CLOSINGS] [WISHES]`. The phones' side stamps arrivals as the trusted proxy does, with
a true clock; the two web servers behind it are five seconds fast and five slow, and one of them is killed meanwhile. The
closing is the task of two workers, one of them on a fast host; one is killed around the moment at which it closes. Nothing that
arrived at the close or later may be accepted, nothing that was acknowledged may be missing in the frozen set, nothing
may enter after the closing event. The large trial goes on where it was stopped.
"""

import asyncio
import random
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from sqlalchemy import text

from backend.foundation import clock
from backend.foundation.database import db
from backend.foundation.tasks import put_task
from backend.foundation.unit_of_work import unit_of_work
from backend.zhongkao.close_band import frozen_set
from backend.zhongkao.rows import ExamBand
from tests.live_city import LiveCity, live_city
from tests.live_phones import Answer, Phone
from tests.trials.progress import Progress

UNITS = 12
AROUND = 2.0
LISTED_BEFORE = 3.0
"""Seconds that a new session has before its first wish: the engine publishes it, the servers look for it."""
NEVER_IN_TIME = frozenset({"outside-band-window", "unknown-candidate"})
"""What nobody may be answered who was in time."""
GRACE_SECONDS = 5
CONNECTIONS = 64
SKEWS = {"fast": "5", "slow": "-5"}
WORKERS = {"worker": "0", "fast-worker": "5"}
CLOSES_WITHIN = 120.0
A_ROUND = 5


@dataclass
class Closing:
    """One band's end: its session, when it closes, and every wish with its arrival stamp."""

    session: int
    band: int
    close_at: float
    wishes: list[tuple[int, float, Answer]] = field(default_factory=list)
    unknown: int = 0
    kills: int = 0
    seconds: float = 0.0

    def outcomes(self) -> Counter[str]:
        """How many wishes ended how."""
        return Counter("accepted" if one.status == 200 else one.said.get("code", "?") for _, _, one in self.wishes)


def run(folder: Path, closings: int, wishes: int, seed: int) -> tuple[list[Closing], list[str]]:
    """The closings and everything that was wrong: an empty list where the promise held."""
    chance, done, faults = random.Random(seed), list[Closing](), list[str]()
    with live_city(folder, SUNROLL_TRUSTED_PROXY="1") as city:
        city.engine()
        for name, skew in SKEWS.items():
            city.web(name, answers=False, target="tests.trials.skewed_web:door", SKEW_SECONDS=skew)
        for name, skew in WORKERS.items():
            command = [sys.executable, "-m", "tests.trials.skewed_worker"]
            city.start(name, command, SKEW_SECONDS=skew)
        city.start("sweeper", [sys.executable, "-m", "jobs.schedule"])
        for number in range(closings):
            for name in SKEWS:
                city.wait(city.ports[name], "/alive")
            closing = asyncio.run(_one(city, wishes, chance, f"general-{number}"))
            done.append(closing)
            faults += [f"closing {number}: {fault}" for fault in broken_promises(city, closing)]
    return done, faults


async def _one(city: LiveCity, wishes: int, chance: random.Random, code: str) -> Closing:
    people = max(CONNECTIONS, wishes // 5)
    _forget_earlier()
    listed = city.list_session([50000] * people, [people // UNITS] * UNITS, code=code, grace_seconds=GRACE_SECONDS)
    tokens = city.tokens()
    closes = clock.now() + timedelta(seconds=AROUND + LISTED_BEFORE)
    with unit_of_work():
        db.session.execute(text("UPDATE exam_band SET close_at = :closes"), {"closes": closes})
        db.session.execute(text("UPDATE exam_session SET edition = edition + 1"))
        due_at = closes + timedelta(seconds=GRACE_SECONDS)
        put_task("close-exam-band", f"{listed.bands[0]}/trial", {"band_id": listed.bands[0]}, due_at=due_at)
    closing = Closing(listed.session, listed.bands[0], closes.timestamp())
    await asyncio.sleep(max(0.0, closing.close_at - AROUND - time.time()))
    crowd = [
        _choose(city, closing, tokens, range(each, people, CONNECTIONS), wishes // CONNECTIONS, chance.random(), code)
        for each in range(CONNECTIONS)
    ]
    killing = asyncio.create_task(_kill(city, closing, chance))
    ending = asyncio.create_task(_close(closing))
    await asyncio.gather(*crowd, killing, ending)
    return closing


def _forget_earlier() -> None:
    with unit_of_work():
        db.session.execute(text("UPDATE exam_session SET state = 'closed' WHERE state = 'listed'"))
        db.session.execute(text("UPDATE exam_session SET state = 'published' WHERE state = 'closed'"))


async def _choose(
    city: LiveCity, closing: Closing, tokens: Sequence[str], mine: range, wishes: int, seed: float, code: str
) -> None:
    """Wishes that reach the proxy at random instants around the close; those that must wait for others keep their stamp."""
    chance = random.Random(seed)
    phone = Phone(lambda: city.ports[chance.choice(list(SKEWS))])
    for at in sorted(closing.close_at + chance.uniform(-AROUND, AROUND) for _ in range(wishes)):
        await asyncio.sleep(max(0.0, at - time.time()))
        who, unit = chance.choice(mine), f"{code}/U{chance.randrange(UNITS) + 1:04d}"
        arrived = round(at, 3)
        try:
            answer = await phone.choose(tokens[who], unit, extra=f"X-Sunroll-Arrived: {arrived:.3f}\r\n", give_up=45)
        except TimeoutError:
            closing.unknown += 1
            await phone.drop()
        else:
            closing.wishes.append((who, arrived, answer))
    await phone.drop()


async def _kill(city: LiveCity, closing: Closing, chance: random.Random) -> None:
    """One of the two web servers dies around the close with everything it had begun, one worker around the closing."""
    for names, around, spread in ((SKEWS, 0.0, 1.0), (WORKERS, GRACE_SECONDS + 1.0, 1.5)):
        victim = chance.choice(list(names))
        at = closing.close_at + around + chance.uniform(-spread, spread)
        await asyncio.sleep(max(0.0, at - time.time()))
        city.kill(victim)
        closing.kills += 1
        city.again(victim)


async def _close(closing: Closing) -> None:
    """Wait for the closing event. Raises TimeoutError."""
    until = closing.close_at + GRACE_SECONDS + CLOSES_WITHIN
    while time.time() < until:
        with unit_of_work():
            if db.session.get_one(ExamBand, closing.band, populate_existing=True).closed_at is not None:
                closing.seconds = time.time() - closing.close_at
                return
        await asyncio.sleep(0.2)
    raise TimeoutError(f"band {closing.band} is not closed after {CLOSES_WITHIN:.0f} s")


def broken_promises(city: LiveCity, closing: Closing) -> list[str]:
    """Everything about this closing that P3 forbids."""
    assert city.listed is not None
    faults = []
    with unit_of_work():
        last, holders = db.session.execute(
            text("SELECT last_change_id, holders FROM exam_closing WHERE band_id = :band"), {"band": closing.band}
        ).one()
        kept = db.session.execute(
            text(
                "SELECT id, candidate_id, unit_id, version, request_key, arrived_at, refused FROM exam_change "
                "WHERE session_id = :session ORDER BY id"
            ),
            {"session": closing.session},
        ).all()
        frozen = frozen_set(db.session.get_one(ExamBand, closing.band))
    accepted = {row.request_key: row for row in kept if row.refused is None}
    close_ms = round(closing.close_at * 1000)
    for row in accepted.values():
        if round(row.arrived_at.timestamp() * 1000) >= close_ms:
            faults.append(f"{row.id} arrived at the close or later and was accepted")
        if row.id > last:
            faults.append(f"{row.id} entered after the closing event ({last})")
    for _who, arrived, answer in closing.wishes:
        if answer.status == 200 and answer.key not in accepted:
            faults.append(f"acknowledged {answer.said['receipt']} is not in the record")
        late = round(arrived * 1000) >= close_ms
        if late and answer.status == 200:
            faults.append(f"{answer.key} arrived at the close or later and was told that it was accepted")
        if not late and (code := answer.said.get("code")) in NEVER_IN_TIME:
            faults.append(f"{answer.key} arrived {close_ms - arrived * 1000:.0f} ms before the close: {code}")
    newest = {row.candidate_id: row for row in sorted(accepted.values(), key=lambda row: row.version)}
    if len(newest) != holders or len(frozen) != holders:
        faults.append(f"{len(newest)} hold something by the log, {holders} by the closing, {len(frozen)} in the set")
    return faults


def main() -> int:
    """The large trial; 0 where nothing was wrong. Told to stop, it ends what it started."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    closings = int(sys.argv[1]) if len(sys.argv) > 1 else 50
    wishes = int(sys.argv[2]) if len(sys.argv) > 2 else 10_000  # the second argument
    progress = Progress(f"closings-{closings}-{wishes}")
    while (number := len(progress.done)) < -(-closings // A_ROUND):
        with tempfile.TemporaryDirectory(prefix="sunroll-closings-") as folder:
            done, faults = run(Path(folder), min(A_ROUND, closings - number * A_ROUND), wishes, 20310715 + number)
        found = {
            "closings": len(done),
            "answered": sum(len(one.wishes) for one in done),
            "outcomes": sum((one.outcomes() for one in done), Counter[str]()),
            "kills": sum(one.kills for one in done),
            "unknown": sum(one.unknown for one in done),
            "latest_s": round(max(one.seconds for one in done), 1),
            "faults": faults,
        }
        progress.add(found, f"round {number + 1}: {found | {'faults': len(faults)}}")
    faults = [fault for one in progress.done for fault in one["faults"]]
    total = sum((Counter(one["outcomes"]) for one in progress.done), Counter[str]())
    closed, answered, kills, unknown = (
        sum(one[what] for one in progress.done) for what in ("closings", "answered", "kills", "unknown")
    )
    told = [
        f"{closed} closings, {answered} wishes answered: {dict(total)}",
        f"web servers and workers killed {kills} times; never answered: {unknown}",
        f"latest closing {max(one['latest_s'] for one in progress.done)} s after the close (grace {GRACE_SECONDS} s)",
        f"promises broken: {len(faults)}",
        *faults[:20],
    ]
    sys.stdout.write("\n".join(told) + "\n")
    progress.end()
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())

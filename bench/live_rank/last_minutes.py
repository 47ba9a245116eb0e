"""The last minutes of a band: 20,000 candidates poll, some listen, 5 % switch; how old are the ranks that phones see.

Ten minutes are pressed into one: the same number of switches in a tenth of the time, polls every two to five seconds
as the server asks for them.
"""

import asyncio
import json
import random
import time
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime

import uvloop

from bench.live_rank.stage import UNITS, Stage
from tests.live_phones import Phone

SECONDS = 40
POLLERS = 20_000
CONNECTIONS = 200
LISTENERS = 2_000
SWITCHING = 0.05


@dataclass
class Seen:
    """What phones saw: ages and answering times in ms, statuses, and events that listeners heard."""

    ages: list[int] = field(default_factory=list)
    took: list[float] = field(default_factory=list)
    changes: list[float] = field(default_factory=list)
    statuses: Counter[int] = field(default_factory=Counter)
    heard: list[int] = field(default_factory=list)


def measure(on: Stage) -> list[str]:
    """Lines of Markdown."""
    city = on.city
    if "board" not in city.running:
        city.engine()
    city.web("minutes", threads=64)
    city.push("push")
    tokens = on.tokens.read_text().split()
    seen = uvloop.run(_play(city.ports["minutes"], city.ports["push"], tokens))
    asked = sum(seen.statuses.values())
    crowd = f"{POLLERS:,} candidates polling through {CONNECTIONS} connections, {LISTENERS:,} listening"
    told = f"{asked / SECONDS:,.0f} polls a second, {len(seen.changes)} changes, {len(seen.heard)} pushed standings"
    lines = [
        f"## The last minutes of a band: {crowd}, {int(POLLERS * SWITCHING):,} switching, in {SECONDS} s",
        "",
        "| figure | p50 | p99 | largest |",
        "|---|---:|---:|---:|",
        _row("age of the rank in a poll's answer, ms", [float(age) for age in seen.ages]),
        _row("age of the rank when push brings it, ms", [float(age) for age in seen.heard]),
        _row("time to the answer of a poll, ms", seen.took),
        _row("time to the answer of a change (with its rank), ms", seen.changes),
        "",
        f"{told}; statuses {dict(seen.statuses)}.",
    ]
    for name in ("minutes", "push"):
        city.kill(name)
    return lines


def _row(name: str, figures: list[float]) -> str:
    if not figures:
        return f"| {name} | – | – | – |"
    ordered = sorted(figures)
    return (
        f"| {name} | {ordered[len(ordered) // 2]:.1f} | {ordered[len(ordered) * 99 // 100]:.1f} | {ordered[-1]:.1f} |"
    )


async def _play(web: int, push: int, tokens: list[str]) -> Seen:
    seen, until = Seen(), time.monotonic() + SECONDS
    polling = [_poll(web, tokens[each:POLLERS:CONNECTIONS], seen, until, each) for each in range(CONNECTIONS)]
    switching = [_switch(web, tokens[each:POLLERS:16], seen, until, each) for each in range(16)]
    listening = [_listen(push, token, seen, until) for token in tokens[:LISTENERS]]
    await asyncio.gather(*polling, *switching, *listening)
    return seen


async def _poll(port: int, tokens: list[str], seen: Seen, until: float, seed: int) -> None:
    """Each token asks every 2 to 5 s: this connection carries its share of all candidates' polls."""
    chance, phone, tags = random.Random(seed), Phone(lambda: port), dict[str, str]()
    pause = 3.5 / len(tokens)
    await asyncio.sleep(chance.random() * pause)
    while time.monotonic() < until:
        token = chance.choice(tokens)
        began = time.perf_counter()
        tag = f"If-None-Match: {tags[token]}\r\n" if token in tags else ""
        try:
            status, said = await phone.ask("GET", "/api/exam/standing", token, b"", tag)
        except (OSError, EOFError, TimeoutError):
            seen.statuses[0] += 1
            await phone.drop()
            continue
        taken = time.perf_counter() - began
        seen.statuses[status] += 1
        seen.took.append(taken * 1000)
        if status == 200:  # noqa: PLR2004  # HTTP
            seen.ages.append(json.loads(said)["age_ms"])
        await asyncio.sleep(max(0.0, pause - taken))
    await phone.drop()


async def _switch(port: int, tokens: list[str], seen: Seen, until: float, seed: int) -> None:
    chance, phone = random.Random(seed), Phone(lambda: port)
    pause = SECONDS / (POLLERS * SWITCHING / 16)
    while time.monotonic() < until:
        began = time.perf_counter()
        unit = f"general-1/U{chance.randrange(UNITS) + 1:04d}"
        answer = await phone.choose(chance.choice(tokens), unit)
        seen.changes.append((time.perf_counter() - began) * 1000)
        seen.statuses[answer.status] += 1
        await asyncio.sleep(max(0.0, pause - (time.perf_counter() - began)))
    await phone.drop()


async def _listen(port: int, token: str, seen: Seen, until: float) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(f"GET /push/events?token={token} HTTP/1.1\r\n\r\n".encode())
    try:
        while (left := until - time.monotonic()) > 0:
            line = await asyncio.wait_for(reader.readline(), left)
            if line.startswith(b"data: "):
                told = json.loads(line[6:])
                if told.get("standing"):
                    seen.heard.append(_age(told["published_at"]))
    except TimeoutError:
        pass
    writer.close()


def _age(published_at: str) -> int:
    return round((time.time() - datetime.fromisoformat(published_at).timestamp()) * 1000)

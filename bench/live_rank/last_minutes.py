"""The last ten minutes of a band at the size of a year (A58): 20,000 candidates poll or listen, 5 % switch; how old are the ranks that phones see.

Every candidate who polls asks each two to five seconds, as the server tells phones to; the rest hold a stream open.
Those who switch do so once, more and more of them towards the end: a quarter in the last tenth of the time.
"""

import asyncio
import json
import random
import time
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from itertools import count, cycle

import uvloop

from bench.live_rank.scale import UNITS
from bench.live_rank.stage import Stage
from bench.live_rank.targets import at_most
from tests.live_phones import Phone, hang_up

CONNECTIONS, SWITCHBOARD = 200, 16
EVERY_SECONDS = 3.5
SWITCHING = 0.05
OLDEST_MS = 1000.0


@dataclass
class Seen:
    """What phones saw until the band's end: ages and answering times in ms, statuses, streams that broke."""

    began: float
    until: float
    ages: list[float] = field(default_factory=list)
    took: list[float] = field(default_factory=list)
    changes: list[float] = field(default_factory=list)
    statuses: Counter[int] = field(default_factory=Counter)
    heard: list[float] = field(default_factory=list)
    broken: int = 0


def measure(on: Stage) -> list[str]:
    """Lines of Markdown."""
    city, scale = on.city, on.scale
    if "board" not in city.running:
        city.engine()
    web, push = city.web("minutes"), city.push("push")
    on.wait_for_ranks(web)
    seen = uvloop.run(_play(web, push, on.tokens.read_text().split(), scale.listeners, scale.minutes_seconds))
    for name in ("minutes", "push"):
        city.kill(name)
    asked = sum(seen.statuses.values())
    crowd = f"{scale.people - scale.listeners:,} candidates polling, {scale.listeners:,} listening"
    statuses = dict(sorted(seen.statuses.items()))
    told = f"{asked / scale.minutes_seconds:,.0f} requests a second, {len(seen.changes)} changes"
    return [
        f"## The last {scale.minutes_seconds} s of a band: {crowd}, {len(seen.changes):,} switching",
        "",
        "| figure | p50 | p99 | largest |",
        "|---|---:|---:|---:|",
        _row("age of the rank that a poll brings, its whole way included, ms", seen.ages),
        _row("age of the rank that push brings, ms", seen.heard),
        _row("time to the answer of a poll, ms", seen.took),
        _row("time to the answer of a change (with its rank), ms", seen.changes),
        "",
        f"{told}, {len(seen.heard):,} standings pushed, {seen.broken} streams broken; statuses {statuses}.",
        "",
        at_most("age of a polled rank, p99 ms", _p99(seen.ages), OLDEST_MS),
        at_most("age of a pushed rank, p99 ms", _p99(seen.heard), OLDEST_MS),
    ]


def _p99(figures: list[float]) -> float:
    return sorted(figures)[len(figures) * 99 // 100] if figures else float("nan")


def _row(name: str, figures: list[float]) -> str:
    if not figures:
        return f"| {name} | – | – | – |"
    return f"| {name} | {sorted(figures)[len(figures) // 2]:.1f} | {_p99(figures):.1f} | {max(figures):.1f} |"


async def _play(web: int, push: int, tokens: list[str], listeners: int, seconds: int) -> Seen:
    began = time.monotonic()
    seen = Seen(began, began + seconds)
    chance = random.Random(len(tokens))
    listening, polling = tokens[:listeners], tokens[listeners:]
    switching = chance.sample(tokens, round(len(tokens) * SWITCHING))
    await asyncio.gather(
        *(_poll(web, polling[each::CONNECTIONS], seen, each) for each in range(min(CONNECTIONS, len(polling)))),
        *(_switch(web, switching[each::SWITCHBOARD], seen, each) for each in range(SWITCHBOARD)),
        *(_listen(push, token, seen) for token in listening),
    )
    return seen


async def _poll(port: int, tokens: list[str], seen: Seen, seed: int) -> None:
    """One connection carries the polls of its share of candidates, each asking again with the tag it was given."""
    chance, phone, tags = random.Random(seed), Phone(lambda: port), dict[str, str]()
    pause = EVERY_SECONDS / len(tokens)
    due = seen.began + chance.random() * EVERY_SECONDS
    for token in cycle(tokens):
        due += pause * chance.uniform(0.6, 1.4)
        await asyncio.sleep(max(0.0, due - time.monotonic()))
        if time.monotonic() >= seen.until:
            break
        began = time.perf_counter()
        tag = f"If-None-Match: {tags[token]}\r\n" if token in tags else ""
        try:
            status, _ = await phone.ask("GET", "/api/exam/standing", token, b"", tag)
        except (OSError, EOFError, TimeoutError):
            seen.statuses[0] += 1
            await phone.drop()
            continue
        taken = (time.perf_counter() - began) * 1000
        seen.statuses[status] += 1
        seen.took.append(taken)
        if status in {200, 304}:
            tags[token] = phone.headers["etag"]
            seen.ages.append(int(phone.headers["sunroll-age-ms"]) + taken)
    await phone.drop()


async def _switch(port: int, tokens: list[str], seen: Seen, seed: int) -> None:
    chance, phone = random.Random(seed), Phone(lambda: port)
    span = seen.until - seen.began
    for due, token in sorted((seen.began + span * chance.random() ** (1 / 3), token) for token in tokens):
        await asyncio.sleep(max(0.0, due - time.monotonic()))
        began = time.perf_counter()
        answer = await phone.choose(token, f"general-1/U{chance.randrange(UNITS) + 1:04d}")
        seen.changes.append((time.perf_counter() - began) * 1000)
        seen.statuses[answer.status] += 1
    await phone.drop()


async def _listen(port: int, token: str, seen: Seen) -> None:
    """A stream to the band's end. What it is told first is no news, and its age is how long nothing changed."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(f"GET /push/events?token={token} HTTP/1.1\r\n\r\n".encode())
    try:
        async with asyncio.timeout(seen.until - time.monotonic()):
            for number in count():
                told = await _next_standing(reader)
                if number:
                    seen.heard.append(_age(told["published_at"]))
    except TimeoutError:
        pass
    except (OSError, EOFError):
        seen.broken += 1
    await hang_up(writer)


async def _next_standing(reader: asyncio.StreamReader) -> dict[str, str]:
    """The next message that brings a standing. Raises EOFError where the stream ends."""
    while line := await reader.readline():
        if line.startswith(b"data: ") and b'"standing":{' in line:
            told: dict[str, str] = json.loads(line[6:])
            return told
    raise EOFError


def _age(published_at: str) -> float:
    return (time.time() - datetime.fromisoformat(published_at).timestamp()) * 1000

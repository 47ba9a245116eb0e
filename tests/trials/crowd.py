"""The crowd of a trial: phones that choose without pause, that look at ranks, and that are sent them by push."""

import asyncio
import json
import random
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from tests.live_city import LiveCity
from tests.live_phones import Answer, Phone, hang_up

PEOPLE, UNITS = 2000, 30


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


async def choose(city: LiveCity, trial: Trial, tokens: list[str], mine: list[int], acks: int, *, seed: float) -> None:
    chance, phone = random.Random(seed), Phone(lambda: city.ports["web"])
    while len(trial.acks) < acks:
        who, unit = chance.choice(mine), f"general-1/U{chance.randrange(UNITS) + 1:04d}"
        answer = await phone.choose(tokens[who], unit)
        if answer.status == 200:
            trial.acks.append((who, unit, answer))
        else:
            trial.refused[answer.said.get("code", str(answer.status))] += 1
    trial.broken.update(phone.broken)
    await phone.drop()


async def watch(city: LiveCity, trial: Trial, tokens: list[str], stopped: asyncio.Event, watcher: int) -> None:
    """Look at somebody's rank again and again; versions shown to one watcher never fall."""
    phone, chance = Phone(lambda: city.ports["web"]), random.Random(watcher)
    while not stopped.is_set():
        who = chance.randrange(PEOPLE)
        try:
            status, said = await phone.ask("GET", "/api/exam/standing", tokens[who])
        except (OSError, EOFError, TimeoutError):
            await phone.drop()
            await asyncio.sleep(0.05)
            continue
        if status == 200:
            told = json.loads(said)
            trial.shown.append((watcher, who, told))
            trial.oldest_ms = max(trial.oldest_ms, told["age_ms"])
        await asyncio.sleep(0.02)
    await phone.drop()


async def listen(city: LiveCity, trial: Trial, tokens: list[str], stopped: asyncio.Event, listener: int) -> None:
    """Hear one's own rank by push; whenever the line breaks, come again."""
    who = random.Random(listener).randrange(PEOPLE)
    while not stopped.is_set():
        try:
            reader, writer = await asyncio.open_connection("127.0.0.1", city.ports["push"])
        except OSError:
            await asyncio.sleep(0.05)
            continue
        try:
            writer.write(f"GET /push/events?token={tokens[who]} HTTP/1.1\r\n\r\n".encode())
            while not stopped.is_set() and (line := await asyncio.wait_for(reader.readline(), 1.0)):
                told = json.loads(line[6:]) if line.startswith(b"data: ") else {}
                if told.get("standing"):
                    trial.shown.append((listener, who, told["standing"]))
        except (OSError, TimeoutError):
            await asyncio.sleep(0.05)
        finally:
            await hang_up(writer)

"""Phones that choose, in one event loop: each wish under its own key, sent again until it is answered."""

import asyncio
import json
import secrets
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

HOST = "127.0.0.1"
ANSWERS_WITHIN = 15.0
PAUSE = 0.05


@dataclass(frozen=True)
class Answer:
    """What a phone was told: HTTP status, parsed body, the key it asked under and how often it had to ask."""

    status: int
    said: dict[str, Any]
    key: str
    tries: int


async def hang_up(writer: asyncio.StreamWriter) -> None:
    """Close a line; that the other side broke it first is no fault."""
    writer.close()
    with suppress(OSError):
        await writer.wait_closed()


@dataclass
class Phone:
    """One keep-alive connection, made anew whenever it breaks; `port` is asked for each connection."""

    port: Callable[[], int]
    reader: asyncio.StreamReader | None = None
    writer: asyncio.StreamWriter | None = None
    broken: list[str] = field(default_factory=list)
    headers: dict[str, str] = field(default_factory=dict)
    """Of the last answer, named in small letters."""

    async def ask(self, method: str, path: str, token: str, body: bytes = b"", extra: str = "") -> tuple[int, bytes]:
        """One request. Raises OSError, EOFError or TimeoutError where it is not known what became of it."""
        if self.writer is None:
            self.reader, self.writer = await asyncio.open_connection(HOST, self.port())
        assert self.reader is not None
        head = (
            f"{method} {path} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {token}\r\n"
            f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n{extra}\r\n"
        )
        self.writer.write(head.encode() + body)
        async with asyncio.timeout(ANSWERS_WITHIN):
            status, _, rest = (await self.reader.readuntil(b"\r\n\r\n")).decode("latin-1").partition("\r\n")
            lines = (line.partition(":") for line in rest.split("\r\n") if line)
            self.headers = {name.lower(): value.strip() for name, _, value in lines}
            length = self.headers.get("content-length", "0")
            said = await self.reader.readexactly(int(length))
        return int(status[9:12]), said

    async def drop(self) -> None:
        """Let the connection go, and wait until it is gone."""
        writer = self.writer
        self.reader = self.writer = None
        if writer is not None:
            await hang_up(writer)

    async def choose(self, token: str, unit: str, *, extra: str = "", give_up: float = 120.0) -> Answer:
        """Choose until there is an answer that is none of “it is not known”; always under the same key."""
        key, tries = secrets.token_hex(12), 0
        body = json.dumps({"unit": unit}).encode()
        async with asyncio.timeout(give_up):
            while True:
                tries += 1
                try:
                    wanted = f"Idempotency-Key: {key}\r\n{extra}"
                    status, said = await self.ask("PUT", "/api/exam/choices/general", token, body, wanted)
                except (OSError, EOFError, TimeoutError) as fault:
                    self.broken.append(type(fault).__name__)
                    await self.drop()
                    await asyncio.sleep(PAUSE)
                    continue
                told = json.loads(said) if said else {}
                if status < 500 or told.get("code") in {"closed-before-kept", "paused"}:
                    return Answer(status, told, key, tries)
                self.broken.append(str(status))
                await asyncio.sleep(PAUSE)

"""A client of the service's door without a server: requests as RSGI tells them, answers as the tests of Flask read them."""

import asyncio
import json as text
from collections.abc import AsyncIterator, Coroutine, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, TypeVar
from urllib.parse import unquote

from werkzeug.datastructures import Headers as Found

from backend.foundation.behind_door import Headers

PIECE = 65_536
Answer = TypeVar("Answer")


@dataclass
class Told:
    """An answer."""

    status_code: int
    headers: Found
    data: bytes

    @property
    def content_type(self) -> str:
        """What the answer is."""
        return self.headers.get("content-type", "")

    @property
    def text(self) -> str:
        """The body as text."""
        return self.data.decode()

    @cached_property
    def json(self) -> Any:
        """The body as JSON."""
        return text.loads(self.data)


@dataclass(frozen=True)
class Lines:
    """The headers of a request, line by line."""

    lines: Headers

    def get(self, key: str, default: str = "") -> str:
        """The first value of the name."""
        return next((value for name, value in self.lines if name == key), default)

    def items(self) -> Headers:
        """Every line."""
        return self.lines


@dataclass
class Request:
    """A request as the server tells it."""

    method: str
    path: str
    query_string: str
    headers: Lines
    http_version: str = "1.1"
    scheme: str = "http"
    client: str = "127.0.0.1:50000"
    server: str = "127.0.0.1:8000"


@dataclass
class Conversation:
    """The body that is read, and the answer that is given."""

    body: bytes
    pieces_read: int = 0
    told: list[Told] = field(default_factory=list)

    async def __call__(self) -> bytes:
        """The body whole."""
        self.pieces_read += 1
        return self.body

    async def __aiter__(self) -> AsyncIterator[bytes]:
        """The body piece by piece."""
        for begin in range(0, len(self.body), PIECE):
            self.pieces_read += 1
            yield self.body[begin : begin + PIECE]

    def response_bytes(self, status: int, headers: Headers, body: bytes) -> None:
        """Keep the answer."""
        self.told.append(Told(status, Found(headers), body))


def in_a_loop_of_its_own(asked: Coroutine[Any, Any, Answer]) -> Answer:
    """What the coroutine returns; in a thread, for a browser's tests leave a loop running in theirs."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, asked).result()


class DoorClient:
    """Asks a door (`__rsgi__`) and returns what it answers; `last` is the conversation behind the newest answer."""

    def __init__(self, door: Any) -> None:
        self._door = door
        self.last = Conversation(b"")

    def get(self, address: str, *, headers: Mapping[str, str] | None = None) -> Told:
        """GET."""
        return self.ask("GET", address, headers=headers)

    def put(self, address: str, *, json: Any, headers: Mapping[str, str] | None = None) -> Told:
        """PUT with a body of JSON."""
        whole = {"Content-Type": "application/json"} | dict(headers or {})
        return self.ask("PUT", address, text.dumps(json).encode(), headers=whole)

    def ask(
        self,
        method: str,
        address: str,
        body: bytes = b"",
        *,
        headers: Mapping[str, str] | None = None,
        more: Headers | None = None,
        sized: bool = True,
    ) -> Told:
        """Without `sized` the body comes in chunks of unknown number; `more` are lines of names that come twice."""
        path, _, question = address.partition("?")
        lines = [("host", "127.0.0.1:8000"), *((name.lower(), value) for name, value in (headers or {}).items())]
        lines += more or []
        if body and sized:
            lines.append(("content-length", str(len(body))))
        request = Request(method, unquote(path), question, Lines(lines))
        self.last = Conversation(body)
        in_a_loop_of_its_own(self._door.__rsgi__(request, self.last))
        (told,) = self.last.told
        return told

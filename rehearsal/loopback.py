"""A small HTTP/1.1 server on asyncio for the simulated city: loopback only, keep-alive, thousands of waiting requests.

It is no server for the internet: no TLS, no chunked requests, bodies up to 16 MiB. It exists because a simulated
department must be able to keep some thousand questions waiting, which costs a thread each in `http.server`.
"""

import asyncio
import json
import logging
import os
import re
import sys
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

HOST = "127.0.0.1"
MOST_HEAD = 64 * 1024
MOST_BODY = 16 * 1024 * 1024
IDLE_SECONDS = 75
NEW_CONNECTIONS_WAITING = 1024
REQUEST_LINE_PARTS = 3

log = logging.getLogger("rehearsal")


class Refused(Exception):
    """The request cannot be answered; `status` is the HTTP status, the text says why."""

    def __init__(self, status: int, why: str) -> None:
        super().__init__(why)
        self.status = status


@dataclass(frozen=True)
class Request:
    """One request: `path` as it came over the wire, `query` decoded (the last of equal names), header names in lower case."""

    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes

    def json(self) -> Any:
        """The body as JSON. Raises Refused 400 where it is none."""
        try:
            return json.loads(self.body)
        except ValueError as error:
            raise Refused(400, f"the body is not JSON: {error}") from error

    def json_object(self) -> dict[str, Any]:
        """The body as a JSON object. Raises Refused 400 where it is none."""
        value = self.json()
        if not isinstance(value, dict):
            raise Refused(400, "the body is not a JSON object")
        return value

    @property
    def wants_page(self) -> bool:
        """Whether a browser asks (Accept names text/html), so that a page is the better answer than JSON."""
        return "text/html" in self.headers.get("accept", "")


@dataclass(frozen=True)
class Answer:
    """One answer; Content-Length and Connection are added on the way out."""

    body: bytes = b""
    status: int = 200
    kind: str = "application/json; charset=utf-8"
    headers: Mapping[str, str] = field(default_factory=dict)


def json_answer(value: Any, status: int = 200, headers: Mapping[str, str] | None = None) -> Answer:
    """`value` as JSON with real characters."""
    return Answer(json.dumps(value, ensure_ascii=False).encode(), status, headers=headers or {})


PAGES = Path(__file__).parent / "pages"
KINDS = {".html": "text/html", ".css": "text/css", ".js": "text/javascript"}


def page_file(name: str) -> Answer:
    """A file of rehearsal/pages. Raises Refused 404 where there is none of that name."""
    file = PAGES / Path(name).name
    if file.suffix not in KINDS or not file.is_file():
        raise Refused(404, f"there is no page {name}")
    kind = f"{KINDS[file.suffix]}; charset=utf-8"
    return Answer(file.read_bytes(), kind=kind, headers={"Cache-Control": "no-store"})


Handler = Callable[..., Awaitable[Answer]]


class Site:
    """Routes and their handlers; `{name}` in a pattern is one path segment and becomes an argument of the handler."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._routes: list[tuple[str, re.Pattern[str], Handler]] = []
        self.at_start: list[Callable[[], Awaitable[None]]] = []
        self.route("GET", "/health", self._health)
        self.route("GET", "/pages/{name}", self._page)

    def route(self, method: str, pattern: str, handler: Handler) -> None:
        """Answer requests of this method and path by `handler(request, **segments)`."""
        expression = re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", pattern)
        self._routes.append((method, re.compile(expression), handler))

    async def _health(self, request: Request) -> Answer:
        return json_answer({"name": self.name, "ok": True})

    async def _page(self, request: Request, name: str) -> Answer:
        return page_file(name)

    async def answer(self, request: Request) -> Answer:
        """The answer of the first route that fits; 404 and 405 where none does, 500 where the handler broke."""
        path_is_known = False
        for method, expression, handler in self._routes:
            found = expression.fullmatch(request.path)
            if not found:
                continue
            path_is_known = True
            if method == request.method:
                segments = {name: unquote(value) for name, value in found.groupdict().items()}
                return await self._handled(handler, request, segments)
        status = 405 if path_is_known else 404
        return json_answer({"error": f"{self.name} has no {request.method} {request.path}"}, status)

    async def _handled(self, handler: Handler, request: Request, segments: dict[str, str]) -> Answer:
        try:
            return await handler(request, **segments)
        except Refused as refusal:
            return json_answer({"error": str(refusal)}, refusal.status)
        except Exception:
            log.exception("%s broke on %s %s", self.name, request.method, request.path)
            return json_answer({"error": f"{self.name} broke; its log tells where"}, 500)

    async def start(self, port: int) -> asyncio.Server:
        """Listen on loopback; port 0 takes any free one."""
        server = await asyncio.start_server(
            self._serve, HOST, port, limit=MOST_HEAD, backlog=NEW_CONNECTIONS_WAITING, reuse_address=True
        )
        for begin in self.at_start:
            await begin()
        return server

    async def run(self, port: int) -> None:
        """Listen until the process ends."""
        server = await self.start(port)
        log.info("%s listens on http://%s:%s", self.name, HOST, port)
        async with server:
            await server.serve_forever()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while await self._serve_one(reader, writer):
                pass
        except (ConnectionError, asyncio.IncompleteReadError, TimeoutError, asyncio.CancelledError):
            pass
        finally:
            writer.close()

    async def _serve_one(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        """Answer one request; whether the connection stays open for another."""
        try:
            request = await asyncio.wait_for(read_request(reader), IDLE_SECONDS)
        except Refused as refusal:
            await send(writer, json_answer({"error": str(refusal)}, refusal.status), keep=False)
            return False
        if request is None:
            return False
        keep = request.headers.get("connection", "").lower() != "close"
        await send(writer, await self.answer(request), keep=keep)
        return keep


async def read_request(reader: asyncio.StreamReader) -> Request | None:
    """The next request of a connection, or None at its end. Raises Refused where it is no HTTP/1.1 we take."""
    try:
        head = await reader.readuntil(b"\r\n\r\n")
    except asyncio.IncompleteReadError:
        return None
    except asyncio.LimitOverrunError as error:
        raise Refused(431, "the head of the request is longer than 64 KiB") from error
    lines = head.decode("latin-1").split("\r\n")
    parts = lines[0].split(" ")
    if len(parts) != REQUEST_LINE_PARTS:
        raise Refused(400, "the first line is no HTTP request")
    headers = {
        name.strip().lower(): value.strip() for name, _, value in (line.partition(":") for line in lines[1:] if line)
    }
    if "transfer-encoding" in headers:
        raise Refused(411, "send a Content-Length; chunked bodies are not taken")
    length = headers.get("content-length", "0")
    if not length.isdigit() or int(length) > MOST_BODY:
        raise Refused(413, f"a body of {length} bytes is not taken")
    target = urlsplit(parts[1])
    body = await reader.readexactly(int(length))
    return Request(parts[0], target.path, dict(parse_qsl(target.query, keep_blank_values=True)), headers, body)


async def send(writer: asyncio.StreamWriter, answer: Answer, *, keep: bool) -> None:
    """Write one answer."""
    headers = {
        "Content-Type": answer.kind,
        "Content-Length": str(len(answer.body)),
        "Connection": "keep-alive" if keep else "close",
        **answer.headers,
    }
    head = f"HTTP/1.1 {answer.status} {HTTPStatus(answer.status).phrase}\r\n"
    head += "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    writer.write(head.encode("latin-1") + b"\r\n" + answer.body)
    await writer.drain()


def settings_of(name: str, *needed: str) -> dict[str, str]:
    """The named environment variables. Leaves with exit code 2 and the names of those that are missing."""
    missing = [variable for variable in needed if not os.environ.get(variable)]
    if missing:
        print(f"{name}: set the environment variables {', '.join(missing)}", file=sys.stderr)
        raise SystemExit(2)
    return {variable: os.environ[variable] for variable in needed}

"""The request that opens a push connection: who is asking, for a socket or for events, from which version on."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import parse_qs, urlsplit

from backend.identity.candidate_tokens import CandidateToken
from push.frames import accept_key

SOCKET, EVENTS, ALIVE = "/push", "/push/events", "/alive"
REASONS = {200: "OK", 400: "Bad Request", 401: "Unauthorized", 404: "Not Found", 431: "Too Large", 503: "Busy"}
Doorkeeper = Callable[[str], tuple[CandidateToken | None, int, str]]
"""Given a token: whom it speaks for (None: nobody), after how many ms to come again, the origin that may read events."""


class Refused(Exception):
    """The connection is not opened; `status` and `said` tell why."""

    def __init__(self, status: int, said: str) -> None:
        super().__init__(said)
        self.status = status
        self.said = said


@dataclass(frozen=True, slots=True)
class Asked:
    """An accepted request, with the bytes that answer it."""

    token: CandidateToken
    is_socket: bool
    since: int | None
    answer: bytes


def ask(head: bytes, doorkeeper: Doorkeeper) -> Asked:
    """Read the request. Raises Refused."""
    try:
        first, *lines = head.decode("ascii").split("\r\n")
        method, target, _ = first.split(" ")
        headers = {name.strip().lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
        address = urlsplit(target)
        said = {name: values[0] for name, values in parse_qs(address.query).items()}
    except ValueError as error:
        raise Refused(400, "this is no HTTP request") from error
    if address.path == ALIVE:
        raise Refused(200, "alive")
    if method != "GET" or address.path not in {SOCKET, EVENTS}:
        raise Refused(404, "there is nothing here")
    bearer = headers.get("authorization", "")
    token, come_again, origin = doorkeeper(bearer.removeprefix("Bearer ") if bearer else said.get("token", ""))
    if token is None:
        raise Refused(401, "log in first")
    if address.path == SOCKET:
        return Asked(token, is_socket=True, since=_number(said.get("since")), answer=_upgrade(headers))
    since = _number(headers.get("last-event-id") or said.get("since"))
    return Asked(token, is_socket=False, since=since, answer=_events(come_again, origin))


def _upgrade(headers: dict[str, str]) -> bytes:
    key = headers.get("sec-websocket-key", "")
    if headers.get("upgrade", "").lower() != "websocket" or headers.get("sec-websocket-version") != "13" or not key:
        raise Refused(400, "ask for a WebSocket, version 13")
    return (
        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        f"Sec-WebSocket-Accept: {accept_key(key)}\r\n\r\n"
    ).encode()


def _events(come_again_ms: int, origin: str) -> bytes:
    return (
        "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream; charset=utf-8\r\nCache-Control: no-store\r\n"
        f"X-Accel-Buffering: no\r\nAccess-Control-Allow-Origin: {origin}\r\nConnection: keep-alive\r\n\r\n"
        f"retry: {come_again_ms}\n\n"
    ).encode()


def refusal(refused: Refused, come_again_ms: int) -> bytes:
    """The answer to a request that opens nothing."""
    body = json.dumps({"status": refused.status, "detail": refused.said}).encode()
    return (
        f"HTTP/1.1 {refused.status} {REASONS[refused.status]}\r\nContent-Type: application/json\r\n"
        f"Content-Length: {len(body)}\r\nCache-Control: no-store\r\nRetry-After: {1 + come_again_ms // 1000}\r\n"
        "Connection: close\r\n\r\n"
    ).encode() + body


def _number(text: str | None) -> int | None:
    return int(text) if text and text.isascii() and text.isdecimal() and len(text) < 18 else None  # noqa: PLR2004  # fits 64 bits

"""One connected phone or browser: its handshake, what it was sent last, and what it may still be sent."""

import asyncio
import json
from typing import Protocol, cast

from backend.identity.candidate_tokens import CandidateToken
from push import frames
from push.handshake import Refused, ask, refusal
from push.messages import State

MOST_UNSENT = 16 * 1024
HANDSHAKE_WITHIN = 10.0
LARGEST_REQUEST = 8192
LOGGED_OUT = 4401


class Hall(Protocol):
    """Where phones are taken in."""

    def doorkeeper(self, text: str) -> tuple[CandidateToken | None, int, str]:
        """As `handshake.Doorkeeper`."""

    def come_again_ms(self) -> int:
        """After how many ms somebody who is turned away comes again."""

    def enter(self, phone: "Phone") -> None:
        """Its request was good: tell it where its holder stands."""

    def leave(self, phone: "Phone") -> None:
        """Its connection is gone."""

    def catch_up(self, phone: "Phone", since: int | None) -> None:
        """It has version `since`: tell it what is newer."""


class Phone(asyncio.Protocol):
    """A connection from its first byte to its last."""

    __slots__ = (
        "_hall",
        "_incoming",
        "_request",
        "_timer",
        "is_slow",
        "is_socket",
        "sent",
        "since",
        "token",
        "transport",
    )

    def __init__(self, hall: Hall) -> None:
        self._hall = hall
        self._request: bytearray | None = bytearray()
        self._incoming: frames.Incoming | None = None
        self._timer: asyncio.TimerHandle | None = None
        self.transport: asyncio.Transport | None = None
        self.token: CandidateToken | None = None
        self.is_socket = False
        self.is_slow = False
        self.sent: State | None = None
        self.since: int | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Wait for the request, but not for ever."""
        self.transport = cast("asyncio.Transport", transport)
        self.transport.set_write_buffer_limits(high=MOST_UNSENT)
        self._timer = asyncio.get_running_loop().call_later(HANDSHAKE_WITHIN, self.hang_up)

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget the phone."""
        self._stop_timer()
        self._hall.leave(self)
        self.transport = None

    def pause_writing(self) -> None:
        """It reads more slowly than it is told: nothing is queued for it, and later it is told the newest only."""
        self.is_slow = True

    def resume_writing(self) -> None:
        """It has caught up."""
        self.is_slow = False

    def data_received(self, data: bytes) -> None:
        """The request, then frames of a socket; whoever listens to events says nothing more."""
        if self._request is None:
            if self.is_socket:
                self._take_frames(data)
            return
        self._request += data
        if b"\r\n\r\n" in self._request:
            raw, self._request = bytes(self._request), None
            self._stop_timer()
            self._welcome(raw)
        elif len(self._request) > LARGEST_REQUEST:
            self._turn_away(Refused(431, "the request is too large"))

    def _welcome(self, raw: bytes) -> None:
        head, _, rest = raw.partition(b"\r\n\r\n")
        try:
            asked = ask(head, self._hall.doorkeeper)
        except Refused as refused:
            self._turn_away(refused)
            return
        self.token, self.is_socket, self.since = asked.token, asked.is_socket, asked.since
        self._write(asked.answer)
        self._hall.enter(self)
        if self.is_socket and rest:
            self._take_frames(rest)

    def _turn_away(self, refused: Refused) -> None:
        self._stop_timer()
        self._write(refusal(refused, self._hall.come_again_ms()))
        if self.transport is not None:
            self.transport.close()

    def _take_frames(self, data: bytes) -> None:
        if self._incoming is None:
            self._incoming = frames.Incoming()
        try:
            for opcode, payload in self._incoming.feed(data):
                self._take(opcode, payload)
        except frames.Broken as broken:
            self.say_goodbye(broken.code)
            return
        if not self._incoming.raw and self._incoming.begun is None:
            self._incoming = None

    def _take(self, opcode: int, payload: bytes) -> None:
        if opcode == frames.PING:
            self._write(frames.frame(frames.PONG, payload))
        elif opcode == frames.CLOSE:
            self.say_goodbye(int.from_bytes(payload[:2], "big") if len(payload) > 1 else 1000)
        elif opcode == frames.TEXT:
            self._hall.catch_up(self, _since(payload))

    def tell(self, message: bytes, version: int) -> None:
        """Send one message: a text frame, or an event whose id is the version."""
        if self.is_socket:
            self._write(frames.frame(frames.TEXT, message))
        else:
            self._write(b"id: %d\ndata: %s\n\n" % (version, message))

    def say_goodbye(self, code: int, reason: str = "") -> None:
        """Close with a code; a browser's stream simply ends and comes back by itself."""
        if self.is_socket:
            self._write(frames.close_frame(code, reason))
        if self.transport is not None:
            self.transport.close()

    def hang_up(self) -> None:
        """End at once, whatever is still unsent."""
        if self.transport is not None:
            self.transport.abort()

    def _write(self, data: bytes) -> None:
        if self.transport is not None and not self.transport.is_closing():
            self.transport.write(data)

    def _stop_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None


def _since(payload: bytes) -> int:
    """The version a phone says it has; -1 for anything that is none, which makes it start over."""
    try:
        said = json.loads(payload)
        since = said["since"]
    except (ValueError, KeyError, TypeError):
        return -1
    return since if isinstance(since, int) and not isinstance(since, bool) and since >= 0 else -1

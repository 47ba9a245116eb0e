"""Boards between hosts, through Valkey: the leading engine sends what each holds, the others compute the same ranks.

A value is set whole, so a host takes over one whole version or none. Nothing here is a duty: where Valkey is away the
sender goes on, and hosts that hear nothing say how old their figures are.
"""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import redis

from backend.foundation import clock
from backend.foundation.logging import log
from backend.zhongkao.board.boards import write_index
from backend.zhongkao.board.frames import Frames
from backend.zhongkao.board.live_board import LiveBoard, fixed_from_book
from backend.zhongkao.board.publish import Publisher

SILENT_AFTER_FAULT_S = 2.0
BOOK_LIVES_S = 24 * 3600


def connect(address: str) -> "redis.Redis":
    """A connection that gives up quickly: ranks wait for nobody."""
    return redis.Redis.from_url(address, socket_timeout=1, socket_connect_timeout=1)


class Sender:
    """The leader's side."""

    def __init__(self, client: "redis.Redis", namespace: str) -> None:
        self._client = client
        self._name = f"sunroll:board:{namespace}"
        self._silent_until = 0.0
        self._books: dict[int, int] = {}

    def version(self, board: LiveBoard, version: int, book: int, at: int, ended: list[int]) -> None:
        """Send a version; the book goes before the first version that names it."""
        if clock.monotonic() < self._silent_until:
            return
        session = board.fixed.said["session"]
        front = json.dumps({"version": version, "book": book, "at": at, "ended": ended}).encode()
        state = len(front).to_bytes(4, "little") + front + board.choice.tobytes() + board.changes.tobytes()
        try:
            if self._books.get(session) != book:
                self._client.set(f"{self._name}:{session}:book:{book}", b"".join(board.book_parts(book)), BOOK_LIVES_S)
                self._books[session] = book
            self._client.set(f"{self._name}:{session}:state", state)
        except redis.RedisError as error:
            self._fault(error)

    def beat(self, sessions: Sequence[int], at: int, ahead: int) -> None:
        """Say which sessions have boards, and that their newest versions are the record's state at this instant."""
        if clock.monotonic() < self._silent_until:
            return
        try:
            said = {"sessions": list(sessions), "confirmed_at": at, "ahead": ahead}
            self._client.set(f"{self._name}:beat", json.dumps(said))
        except redis.RedisError as error:
            self._fault(error)

    def _fault(self, error: redis.RedisError) -> None:
        self._silent_until = clock.monotonic() + SILENT_AFTER_FAULT_S
        self._books.clear()
        log(__name__).warning("other-hosts-not-told", fault=str(error))


class Relay:
    """The side of a host whose engine does not lead: publishes under `root` what the leader sent."""

    def __init__(self, client: "redis.Redis", namespace: str, root: Path) -> None:
        self._client = client
        self._name = f"sunroll:board:{namespace}"
        self._root = root
        self._boards: dict[int, tuple[int, LiveBoard, Publisher, Frames]] = {}
        self._index: list[int] | None = None

    def tick(self) -> int:
        """Take over every newer version; how many there were. Raises redis.RedisError where Valkey is away."""
        beat = self._client.get(f"{self._name}:beat")
        if beat is None:
            return 0
        said = json.loads(beat)
        fresh = sum(self._take(session) for session in said["sessions"])
        for session in said["sessions"]:
            if session in self._boards:
                self._boards[session][2].confirm(said["confirmed_at"], said["ahead"])
        if self._index != said["sessions"]:
            self._index = said["sessions"]
            write_index(self._root, said["sessions"])
        return fresh

    def _take(self, session: int) -> bool:
        state = self._bytes(f"{session}:state")
        if state is None:
            return False
        front, choice, changes = _opened(state)
        known = self._boards.get(session)
        if known is None or known[0] != front["book"]:
            known = self._begin(session, front["book"], known)
            if known is None:
                return False
            self._boards[session] = known
        _, board, publisher, frames = known
        if publisher.version >= front["version"]:
            return False
        board.choice[:] = np.frombuffer(choice, dtype=np.uint16)
        board.changes[:] = np.frombuffer(changes, dtype=np.uint32)
        ranks = board.ranks()
        version, book, at = front["version"], front["book"], front["at"]
        publisher.snapshot(version, board.snapshot_parts(version, book, at, ranks, front["ended"]), book)
        frames.keep(version, at, board.choice, ranks.rank)
        return True

    def _begin(
        self, session: int, book: int, known: tuple[int, LiveBoard, Publisher, Frames] | None
    ) -> tuple[int, LiveBoard, Publisher, Frames] | None:
        raw = self._bytes(f"{session}:book:{book}")
        if raw is None:
            return None
        folder = self._root / str(session)
        publisher = known[2] if known else Publisher(folder)
        publisher.book(book, [raw])
        board = LiveBoard(fixed_from_book(memoryview(raw)))
        return book, board, publisher, Frames(folder, board.fixed.said["order"], len(board.choice))

    def _bytes(self, name: str) -> bytes | None:
        found = self._client.get(f"{self._name}:{name}")
        return bytes(found) if isinstance(found, bytes) else None


def _opened(state: bytes) -> tuple[dict[str, Any], bytes, bytes]:
    length = int.from_bytes(state[:4], "little")
    front = json.loads(state[4 : 4 + length])
    body = state[4 + length :]
    people = len(body) // 6
    return front, body[: 2 * people], body[2 * people :]

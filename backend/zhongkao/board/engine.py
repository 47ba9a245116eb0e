"""The engine: follows the record, recomputes every rank several times a second, publishes numbered snapshots.

It writes nothing that anybody was promised. It can lose everything and be refilled from the record, and while it or
the database is away readers keep the last version and say how old it is.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol

from sqlalchemy import Connection, insert

from backend.foundation import clock
from backend.foundation.database import db
from backend.foundation.unit_of_work import unit_of_work
from backend.zhongkao.board import record
from backend.zhongkao.board.boards import write_index
from backend.zhongkao.board.frames import Frames
from backend.zhongkao.board.live_board import LiveBoard
from backend.zhongkao.board.publish import Publisher
from backend.zhongkao.board.rows import BoardVersion

LOOKS_ROUND_MS = 1000
"""How often an engine asks which sessions are listed, whether fixed facts changed and which log-ins ended."""


class Telling(Protocol):
    """Whoever brings versions to other hosts."""

    def version(self, board: LiveBoard, version: int, book: int, at: int, ended: list[int]) -> None:
        """A version was published on this host."""

    def beat(self, sessions: Sequence[int], at: int, ahead: int) -> None:
        """The newest versions of these sessions were the record's state at `at`."""


@dataclass
class Followed:
    """One session as the engine follows it."""

    session_id: int
    board: LiveBoard
    publisher: Publisher
    frames: Frames
    fingerprint: tuple[Any, ...]
    cut: record.Look
    book: int = 0
    ended: list[int] = field(default_factory=list)
    is_new: bool = True


class Engine:
    """Follows every listed session of the record and publishes under `root`."""

    def __init__(self, root: Path, tell: Telling | None = None) -> None:
        self._root = root
        self._tell = tell
        self._followed: dict[int, Followed] = {}
        self._index: list[int] | None = None
        self._looked_round_at = float(-LOOKS_ROUND_MS)

    @property
    def is_needed(self) -> bool:
        """Whether any session is listed; where none is, looking once a second is enough."""
        return bool(self._followed)

    def tick(self) -> int:
        """Publish every board whose record changed; the number of versions published. One transaction."""
        with unit_of_work():
            connection = db.session.connection()
            moment = clock.now()
            self._look_round(connection, moment)
            changed = [one for one in self._followed.values() if self._follow(connection, one)]
            fresh = [(one, self._number(connection, one, moment)) for one in changed]
        at = round(moment.timestamp() * 1000)
        for one, version in fresh:
            self._publish(one, version, at)
        ahead = round((at - clock.machine_milliseconds()) / 1000)
        for one in self._followed.values():
            one.publisher.confirm(at, ahead)
        if self._tell is not None:
            self._tell.beat(list(self._followed), at, ahead)
        if self._index != list(self._followed):
            self._index = list(self._followed)
            write_index(self._root, self._index)
        return len(fresh)

    def _look_round(self, connection: Connection, moment: datetime) -> None:
        monotonic = clock.monotonic() * 1000
        if monotonic - self._looked_round_at < LOOKS_ROUND_MS:
            return
        listed = record.listed_sessions(connection)
        ended = record.ended_logins(connection, moment) if listed else []
        followed = {}
        for session in listed:
            known = self._followed.get(session)
            fingerprint = record.fingerprint(connection, session)
            if known is None or known.fingerprint != fingerprint:
                known = self._begin(connection, session, fingerprint, known)
            known.is_new = known.is_new or known.ended != ended
            known.ended = ended
            followed[session] = known
        self._followed = followed
        self._looked_round_at = monotonic

    def _begin(
        self, connection: Connection, session: int, fingerprint: tuple[Any, ...], known: Followed | None
    ) -> Followed:
        """Read a session whole; its publisher stays the one it had."""
        board = LiveBoard(record.fixed_facts(connection, session))
        look = record.everything_held(connection, session)
        board.apply(look.held)
        folder = self._root / str(session)
        publisher = known.publisher if known else Publisher(folder, newest=record.newest_version(connection, session))
        return Followed(
            session, board, publisher, Frames(folder, board.fixed.said["order"], len(board.choice)), fingerprint, look
        )

    def _follow(self, connection: Connection, one: Followed) -> bool:
        """Take over what changed; whether there is something new to publish."""
        look = record.changed_since(connection, one.session_id, one.cut.horizon)
        moved = one.board.apply(look.held)
        one.cut = look
        return bool(moved) or one.is_new

    def _number(self, connection: Connection, one: Followed, moment: datetime) -> int:
        row = insert(BoardVersion).values(session_id=one.session_id, published_at=moment, cut=one.cut.cut)
        version: int = connection.execute(row.returning(BoardVersion.version)).scalar_one()
        return version

    def _publish(self, one: Followed, version: int, at: int) -> None:
        if one.book == 0:
            one.book = version
            one.publisher.book(version, one.board.book_parts(version))
        ranks = one.board.ranks()
        one.publisher.snapshot(version, one.board.snapshot_parts(version, one.book, at, ranks, one.ended), one.book)
        one.frames.keep(version, at, one.board.choice, ranks.rank)
        one.is_new = False
        if self._tell is not None:
            self._tell.version(one.board, version, one.book, at, one.ended)

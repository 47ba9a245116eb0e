"""All boards of this host: which sessions are listed, and the newest version of each. Asks the file system, nothing else."""

import json
from dataclasses import dataclass
from pathlib import Path

from backend.foundation.clock import machine_milliseconds
from backend.zhongkao.board.layout import NotABoard
from backend.zhongkao.board.publish import UNFINISHED
from backend.zhongkao.board.reading import Reader, View

INDEX = "index.json"
LOOKS_AGAIN_AFTER_MS = 500


@dataclass(frozen=True, slots=True)
class Seat:
    """Where a candidate stands: the board's version, the position in it, and how old the figures are."""

    view: View
    position: int
    confirmed_at: int
    server_time: int

    @property
    def age_ms(self) -> int:
        """How long ago the figures were last known to be the record's state, by the service's clock."""
        return max(0, self.server_time - self.confirmed_at)


def write_index(root: Path, sessions: list[int]) -> None:
    """Say which sessions have a board, the one listed last first; readers see the old list or the new one."""
    root.mkdir(parents=True, exist_ok=True)
    unfinished = root / f"{INDEX}{UNFINISHED}"
    unfinished.write_text(json.dumps({"sessions": sessions}), encoding="utf-8")
    unfinished.rename(root / INDEX)


class Boards:
    """The boards under one folder. What it knows of files it looks at again twice a second."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._readers: dict[int, tuple[int, Reader]] = {}
        self._order: list[int] = []
        self._looked_at = -LOOKS_AGAIN_AFTER_MS

    def sessions(self) -> list[int]:
        """The sessions that have a board, the one listed last first. Who asks during the first look looks, too."""
        moment = machine_milliseconds()
        if abs(moment - self._looked_at) >= LOOKS_AGAIN_AFTER_MS:
            self._look()
            self._looked_at = moment
        return self._order

    @property
    def clock_ahead(self) -> int:
        """By how many seconds the rehearsal's clock runs ahead, as the engine says; 0 in production."""
        for each in self.sessions():
            found = self._readers.get(each)
            if found is not None:
                return found[1].clock_ahead
        return 0

    def reader(self, session_id: int) -> Reader | None:
        """The board of the session, None where none is published on this host."""
        self.sessions()
        found = self._readers.get(session_id)
        return found[1] if found else None

    def seat(self, candidate_id: int, session_id: int | None = None) -> Seat | None:
        """Where the candidate stands in that session, or in the one listed last that he is in."""
        order = self.sessions()
        for each in order if session_id is None else [session_id]:
            found = self._readers.get(each)
            if found is None:
                continue
            reader = found[1]
            confirmed_at = reader.confirmed_at
            view = reader.view()
            position = None if view is None else view.book.position_of(candidate_id)
            if view is not None and position is not None:
                return Seat(view, position, confirmed_at, self.now(reader))
        return None

    def now(self, reader: Reader) -> int:
        """The service's clock in ms since 1970: the machine's, moved as the board's head says (a rehearsal)."""
        return machine_milliseconds() + reader.clock_ahead * 1000

    def _look(self) -> None:
        try:
            order = [int(each) for each in json.loads((self._root / INDEX).read_bytes())["sessions"]]
        except (FileNotFoundError, ValueError, KeyError):
            self._order, self._readers = [], {}
            return
        readers: dict[int, tuple[int, Reader]] = {}
        for session in order:
            folder = self._root / str(session)
            try:
                inode = (folder / "head").stat().st_ino
                known = self._readers.get(session)
                readers[session] = known if known and known[0] == inode else (inode, Reader(folder))
            except (FileNotFoundError, NotABoard):
                continue
        self._readers = readers
        self._order = [session for session in order if session in readers]

"""Read a board: never a lock, never SQL, and always one whole version. Threads of a process may share a reader."""

import mmap
from bisect import bisect_left
from pathlib import Path
from typing import Any

from backend.zhongkao.board import layout
from backend.zhongkao.rules.live_ranks import NO_UNIT
from backend.zhongkao.rules.standing import Place

TRIES = 8


class Book:
    """What is fixed while a session is listed: who is in it in which order, its units and bands."""

    def __init__(self, raw: memoryview) -> None:
        self.front = layout.preface_of(layout.BOOK_MAGIC, raw)
        self.said = layout.said_in(self.front, raw)
        columns = layout.columns_in(self.front, raw, layout.book_columns(self.front))
        self.ids, self.places = columns["ids"], columns["places"]
        self.level_from, self.level_to = columns["level_from"], columns["level_to"]
        self.totals, self.bands = columns["totals"], columns["bands"]
        self.units: list[dict[str, Any]] = self.said["units"]
        self.number_of = {unit["code"]: number for number, unit in enumerate(self.units) if number != NO_UNIT}

    def position_of(self, candidate_id: int) -> int | None:
        """The candidate's place in the global order, None for somebody who is not in the session."""
        at = bisect_left(self.ids, candidate_id)
        if at == len(self.ids) or self.ids[at] != candidate_id:
            return None
        place: int = self.places[at]
        return place


class View:
    """One version, whole and immutable; it stays readable as long as somebody holds it."""

    def __init__(self, front: layout.Preface, raw: memoryview, book: Book) -> None:
        columns = layout.columns_in(front, raw, layout.snapshot_columns(front))
        self.front, self.book = front, book
        self.version, self.published_at = self.front.version, self.front.at
        self.starts, self.chosen, self.admitted = columns["starts"], columns["chosen"], columns["admitted"]
        self.lowest, self.choice, self.rank = columns["lowest"], columns["choice"], columns["rank"]
        self.level_with, self.changes, self.holders = columns["level_with"], columns["changes"], columns["holders"]
        self._ended = columns["ended"]
        self.written: dict[tuple[int, int], bytes] = {}
        """What was written for holders of a unit in a band: kept here, so that it ends with the version."""

    def has_ended(self, login_id: int) -> bool:
        """Whether this log-in was ended before its time."""
        at = bisect_left(self._ended, login_id)
        return at < len(self._ended) and self._ended[at] == login_id

    def holders_of(self, unit: int) -> memoryview:
        """The positions that hold the unit, best first."""
        return self.holders[self.starts[unit] : self.starts[unit + 1]]

    def place_in(self, position: int, unit: int) -> Place:
        """The place he has in the unit, or would have if he moved there and nobody else did (what-if)."""
        plan = self.book.units[unit]["plan"]
        if self.choice[position] == unit:
            rank = self.rank[position]
            return Place(rank, self.level_with[position], rank <= plan)
        holders = self.holders_of(unit)
        better = bisect_left(holders, self.book.level_from[position])
        level_with = bisect_left(holders, self.book.level_to[position], better) - better + 1
        return Place(better + 1, level_with, better < plan)


class Reader:
    """The newest version of one board's folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._head = _mapped(folder / "head").cast("Q")
        if len(self._head) != layout.HEAD.size // 8 or self._head[0] != layout.HEAD_MAGIC:
            raise layout.NotABoard(f"{folder}/head is no head of a board")
        self._signed = self._head.cast("B").cast("q")
        self._view: View | None = None
        self._book: Book | None = None

    @property
    def confirmed_at(self) -> int:
        """When the newest version was last known to be the record's state (ms); read it before `view`, never after."""
        at: int = self._signed[layout.CONFIRMED_AT]
        return at

    @property
    def clock_ahead(self) -> int:
        """By how many seconds the rehearsal's clock runs ahead of the machine's; 0 in production."""
        seconds: int = self._signed[layout.CLOCK_AHEAD]
        return seconds

    def view(self) -> View | None:
        """The newest whole version, None before the first. A file that went away meanwhile: the head names a newer one."""
        for _ in range(TRIES):
            version = self._head[layout.VERSION]
            view = self._view
            if view is not None and view.version == version:
                return view
            if not version:
                return None
            try:
                self._view = view = self._opened(version)
            except FileNotFoundError:
                continue
            return view
        return self._view

    def _opened(self, version: int) -> View:
        raw = _mapped(self.folder / f"snapshot-{version}")
        front = layout.preface_of(layout.SNAPSHOT_MAGIC, raw)
        book = self._book
        if book is None or book.front.book != front.book:
            self._book = book = Book(_mapped(self.folder / f"book-{front.book}"))
        return View(front, raw, book)


def _mapped(path: Path) -> memoryview:
    with path.open("rb") as file:
        return memoryview(mmap.mmap(file.fileno(), 0, prot=mmap.PROT_READ))

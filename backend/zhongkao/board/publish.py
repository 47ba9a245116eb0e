"""Publish a board into a folder of shared memory: immutable numbered files, and one small head that names the newest.

A file gets its final name only once it is whole, and the head names it only after that. So whoever is killed between
any two instructions here leaves readers with the version before, whole.
"""

import mmap
import os
from collections.abc import Iterable
from pathlib import Path

from backend.zhongkao.board import layout

KEPT = 16
"""Snapshots that stay behind the newest: a reader that looked at the head has seconds to open what it named."""
UNFINISHED = ".unfinished"


class Publisher:
    """The one writer of one board's folder."""

    def __init__(self, folder: Path, newest: int | None = None) -> None:
        """`newest` is the highest number the record knows: files of a higher one belong to another record and go."""
        folder.mkdir(parents=True, exist_ok=True)
        self.folder = folder
        if newest is not None and max([0, *_numbers(folder, "snapshot")]) > newest:
            for foreign in folder.iterdir():
                foreign.unlink(missing_ok=True)
        for left in folder.glob(f"*{UNFINISHED}"):
            left.unlink(missing_ok=True)
        self._head = self._open_head()
        self._snapshots = sorted(_numbers(folder, "snapshot"))
        self._books = sorted(_numbers(folder, "book"))

    @property
    def version(self) -> int:
        """The newest version published here, 0 before the first."""
        return self._head[layout.VERSION]

    def book(self, number: int, parts: Iterable[bytes | memoryview]) -> None:
        """Write a book; snapshots published after this may name it."""
        self._write(f"book-{number}", parts)
        self._books.append(number)

    def snapshot(self, version: int, parts: Iterable[bytes | memoryview], book: int) -> None:
        """Write a snapshot and let the head name it. Versions only rise: an older one than the present is passed over."""
        if version <= self.version:
            return
        self._write(f"snapshot-{version}", parts)
        self._head[layout.VERSION] = version
        self._snapshots.append(version)
        while len(self._snapshots) > KEPT:
            (self.folder / f"snapshot-{self._snapshots.pop(0)}").unlink(missing_ok=True)
        while len(self._books) > 1 and self._books[0] < book and self._kept_longer_than(book):
            (self.folder / f"book-{self._books.pop(0)}").unlink(missing_ok=True)

    def _kept_longer_than(self, book: int) -> bool:
        """Whether every snapshot that is still here was made with this book: its number is the version it began with."""
        return bool(self._snapshots) and self._snapshots[0] >= book

    def confirm(self, at: int, clock_ahead: int) -> None:
        """Say that the newest version was still the record's state at `at` (ms since 1970) by a clock so many seconds ahead."""
        signed = self._head.cast("B").cast("q")
        signed[layout.CLOCK_AHEAD] = clock_ahead
        signed[layout.CONFIRMED_AT] = at

    def _write(self, name: str, parts: Iterable[bytes | memoryview]) -> None:
        unfinished = self.folder / f"{name}{UNFINISHED}"
        handle = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        try:
            for part in parts:
                left = memoryview(part)
                while left.nbytes:
                    left = left[os.write(handle, left) :]
        finally:
            os.close(handle)
        unfinished.rename(self.folder / name)

    def _open_head(self) -> memoryview:
        path = self.folder / "head"
        if not path.exists() or path.stat().st_size != layout.HEAD.size:
            self._write("head", [layout.HEAD.pack(layout.HEAD_MAGIC, 0, 0, 0)])
        with path.open("r+b") as file:
            return memoryview(mmap.mmap(file.fileno(), layout.HEAD.size)).cast("Q")


def _numbers(folder: Path, kind: str) -> list[int]:
    return [int(path.name.removeprefix(f"{kind}-")) for path in folder.glob(f"{kind}-*") if path.suffix != UNFINISHED]

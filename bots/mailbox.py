"""Letters kept on this machine's disk until their effect stands in the database, so that none is lost meanwhile (P1, P17).

A letter is durable when `keep` returns: many letters share one flush. Each process writes files of its own, held by a
lock; what a killed process left is taken over by whoever finds the lock free. Bytes in, bytes out: the caller seals.
"""

from __future__ import annotations

import fcntl
import os
import struct
import uuid
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from threading import Condition

KEPT, DONE = b"K", b"D"
_HEAD = struct.Struct(">cQII")
"""What a record is, its letter's number, the length and the CRC-32 of its bytes."""
LARGEST_FILE = 4 * 1024 * 1024


class MailboxUnwritable(Exception):
    """The disk does not take the letter: it is not accepted."""


@dataclass
class _Letter:
    number: int
    record: bytes
    state: str = ""


@dataclass
class _File:
    """One file of this process: how long its good part is, and which of its letters wait for their effect."""

    path: Path
    handle: int
    length: int = 0
    waiting: set[int] = field(default_factory=set)


class Mailbox:
    """The letters of one process in `folder`, which is made where there is none."""

    def __init__(self, folder: Path, largest_file: int = LARGEST_FILE) -> None:
        self._folder = folder
        self._largest = largest_file
        self._turn = Condition()
        self._pending: list[_Letter] = []
        self._is_writing = False
        self._next = 1
        self._files: list[_File] = []

    def keep(self, *letters: bytes) -> list[int]:
        """The numbers under which these letters are kept; they survive a power cut once this returns.

        Raises MailboxUnwritable, and then none of them is kept.
        """
        with self._turn:
            mine = [_Letter(number, _record(KEPT, number, told)) for number, told in enumerate(letters, self._next)]
            self._next += len(mine)
            self._pending += mine
            while any(not letter.state for letter in mine):
                if self._is_writing:
                    self._turn.wait()
                else:
                    self._write_pending()
            if any(letter.state == "lost" for letter in mine):
                raise MailboxUnwritable(str(self._folder))
            return [letter.number for letter in mine]

    def _write_pending(self) -> None:
        """Write everything that waits with one flush; the lock is free meanwhile, so that others may join the next one."""
        batch, self._pending = self._pending, []
        self._is_writing = True
        self._turn.release()
        try:
            state = "kept" if self._flushed(batch) else "lost"
        finally:
            self._turn.acquire()
            self._is_writing = False
        for letter in batch:
            letter.state = state
        self._turn.notify_all()

    def _flushed(self, batch: Sequence[_Letter]) -> bool:
        try:
            file = self._present()
            told = b"".join(letter.record for letter in batch)
            _write_all(file.handle, told, file.length)
            os.fdatasync(file.handle)
        except OSError:
            return False
        file.length += len(told)
        file.waiting |= {letter.number for letter in batch}
        return True

    def _present(self) -> _File:
        """The file that is written to now; a new one where there is none or it has grown too large."""
        if not self._files or self._files[-1].length >= self._largest:
            self._files.append(_new_file(self._folder))
            for file in [one for one in self._files[:-1] if not one.waiting]:
                self._files.remove(file)
                _remove(file.path, file.handle)
        return self._files[-1]

    def done(self, number: int) -> None:
        """The letter's effect stands. Not flushed: a letter found again after a crash meets its effect in the database."""
        with self._turn:
            while self._is_writing:
                self._turn.wait()
            file = next((one for one in self._files if number in one.waiting), None)
            if file is None:
                return
            file.waiting.discard(number)
            if not file.waiting and file is not self._files[-1]:
                self._files.remove(file)
                _remove(file.path, file.handle)
                return
            told = _record(DONE, number, b"")
            try:
                _write_all(file.handle, told, file.length)
            except OSError:
                return
            file.length += len(told)

    def waiting(self) -> int:
        """How many letters of this process wait for their effect."""
        with self._turn:
            return sum(len(file.waiting) for file in self._files)

    def left_behind(self) -> Iterator[tuple[list[bytes], Abandoned]]:
        """The letters of processes that have died, file by file; remove a file once its letters are kept anew."""
        mine = {file.path for file in self._files}
        for path in sorted(self._folder.glob("*.letters")) if self._folder.is_dir() else ():
            if path in mine:
                continue
            try:
                handle = os.open(path, os.O_RDWR)
            except OSError:
                continue
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                os.close(handle)
                continue
            yield undone(path.read_bytes()), Abandoned(path, handle)

    def close(self) -> None:
        """Let the files go; one without waiting letters is removed."""
        with self._turn:
            for file in self._files:
                if file.waiting:
                    os.close(file.handle)
                else:
                    _remove(file.path, file.handle)
            self._files = []


@dataclass(frozen=True)
class Abandoned:
    """A file whose process has died, held by this one now."""

    path: Path
    handle: int

    def remove(self) -> None:
        """Delete it: its letters are kept elsewhere."""
        _remove(self.path, self.handle)

    def leave(self) -> None:
        """Let it lie for another process."""
        os.close(self.handle)


def undone(told: bytes) -> list[bytes]:
    """The letters in a file's bytes whose effect was not marked, in order; a torn end was never acknowledged."""
    letters: dict[int, bytes] = {}
    at = 0
    while at + _HEAD.size <= len(told):
        kind, number, length, check = _HEAD.unpack_from(told, at)
        body = told[at + _HEAD.size : at + _HEAD.size + length]
        if len(body) < length or zlib.crc32(body) != check:
            break
        if kind == KEPT:
            letters[number] = body
        else:
            letters.pop(number, None)
        at += _HEAD.size + length
    return list(letters.values())


def _record(kind: bytes, number: int, told: bytes) -> bytes:
    return _HEAD.pack(kind, number, len(told), zlib.crc32(told)) + told


def _new_file(folder: Path) -> _File:
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = folder / f"{uuid.uuid4().hex}.letters"
    unseen = path.with_suffix(".new")
    handle = os.open(unseen, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
    fcntl.flock(handle, fcntl.LOCK_EX)
    unseen.rename(path)
    inside = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(inside)
    finally:
        os.close(inside)
    return _File(path, handle)


def _write_all(handle: int, told: bytes, offset: int) -> None:
    while told:
        written = os.pwrite(handle, told, offset)
        told, offset = told[written:], offset + written


def _remove(path: Path, handle: int) -> None:
    path.unlink(missing_ok=True)
    os.close(handle)

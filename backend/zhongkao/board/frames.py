"""A candidate's own history: everybody's unit and rank once a minute, appended to a file in shared memory.

A frame is written whole by one write; readers take whole frames only. As long as the same people stand in the same
order, it is the same file, over restarts of the engine and new books.
"""

import os
import struct
from dataclasses import dataclass
from pathlib import Path

from backend.zhongkao.rules.live_ranks import Choices, Counts

EVERY_MS = 60_000
CANDIDATES_A_MINUTE = 200_000
"""Larger boards keep a frame less often, so that a day's history stays below two gigabytes of memory."""
_FRONT = struct.Struct("<Qq")


@dataclass(frozen=True, slots=True)
class Moment:
    """What a candidate's board showed at one time: the unit's number (0 = none) and his rank there (0 = none)."""

    version: int
    at: int
    unit: int
    rank: int


def frame_size(people: int) -> int:
    """Bytes of a frame: its front, 32-bit ranks, 16-bit units, padded to eight."""
    return _FRONT.size + -(-6 * people // 8) * 8


class Frames:
    """The writer, in the engine."""

    def __init__(self, folder: Path, order: str, people: int) -> None:
        self._file = folder / f"frames-{order}"
        self._people = people
        self._every = EVERY_MS * max(1, people // CANDIDATES_A_MINUTE)
        self._kept_at = -self._every

    def keep(self, version: int, at: int, choice: Choices, rank: Counts) -> None:
        """Append a frame where the last one is old enough."""
        if at // self._every == self._kept_at // self._every:
            return
        size = frame_size(self._people)
        handle = os.open(self._file, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            whole = os.fstat(handle).st_size // size * size
            body = _FRONT.pack(version, at) + rank.tobytes() + choice.tobytes()
            os.pwrite(handle, body.ljust(size, b"\0"), whole)
        finally:
            os.close(handle)
        self._kept_at = at


def moments_of(folder: Path, order: str, people: int, position: int) -> list[Moment]:
    """What the candidate at this position was shown, minute by minute, since people stood in this order."""
    try:
        handle = os.open(folder / f"frames-{order}", os.O_RDONLY)
    except FileNotFoundError:
        return []
    try:
        size = frame_size(people)
        found = []
        for start in range(0, os.fstat(handle).st_size // size * size, size):
            version, at = _FRONT.unpack(os.pread(handle, _FRONT.size, start))
            (rank,) = struct.unpack("<I", os.pread(handle, 4, start + _FRONT.size + 4 * position))
            (unit,) = struct.unpack("<H", os.pread(handle, 2, start + _FRONT.size + 4 * people + 2 * position))
            found.append(Moment(version, at, unit, rank))
        return found
    finally:
        os.close(handle)

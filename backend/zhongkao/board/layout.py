"""The bytes of a board in shared memory: head, book and snapshot, as docs/formats/live-rank.md describes them."""

import json
import struct
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

HEAD_MAGIC = int.from_bytes(b"SRHEAD1\0", "little")
HEAD = struct.Struct("<QQqq")
VERSION, CONFIRMED_AT, CLOCK_AHEAD = 1, 2, 3
BOOK_MAGIC = b"SRBOOK1\0"
SNAPSHOT_MAGIC = b"SRSNAP1\0"
_FIXED = struct.Struct("<8sQQqIIIII4x")
_WRITE = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
ALIGN = 8
Code = Literal["H", "I", "Q"]
WIDTH: dict[Code, int] = {"H": 2, "I": 4, "Q": 8}
Column = npt.NDArray[np.uint16] | npt.NDArray[np.uint32] | npt.NDArray[np.uint64]


class NotABoard(ValueError):
    """The file is not what its name says, or not whole."""


@dataclass(frozen=True, slots=True)
class Preface:
    """What stands at the front of book and snapshot. `people`, `units`, `held` and `ended` size the columns."""

    version: int
    book: int
    at: int
    people: int
    units: int
    held: int
    ended: int
    said: int


def book_columns(front: Preface) -> list[tuple[str, Code, int]]:
    """Name, code and length of the columns of a book; `ids` ascend, `places` are their positions, the rest by position."""
    people = front.people
    return [
        ("ids", "Q", people),
        ("places", "I", people),
        ("level_from", "I", people),
        ("level_to", "I", people),
        ("totals", "I", people),
        ("bands", "H", people),
    ]


def snapshot_columns(front: Preface) -> list[tuple[str, Code, int]]:
    """Name, code and length of the columns of a snapshot: by unit, by position, the holders, the log-ins that ended."""
    units, people = front.units, front.people
    return [
        ("starts", "I", units + 1),
        ("chosen", "I", units),
        ("admitted", "I", units),
        ("lowest", "I", units),
        ("choice", "H", people),
        ("rank", "I", people),
        ("level_with", "I", people),
        ("changes", "I", people),
        ("holders", "I", front.held),
        ("ended", "Q", front.ended),
    ]


def _padded(length: int) -> int:
    return -(-length // ALIGN) * ALIGN


def compact(said: Mapping[str, Any]) -> bytes:
    """JSON as boards and their answers carry it: without spaces, names in their own letters."""
    return _WRITE(said).encode()


def parts_of(
    magic: bytes, front: Preface, said: Mapping[str, Any], columns: Sequence[Column]
) -> list[bytes | memoryview]:
    """The file in pieces, ready to be written one after the other: preface, JSON, padded columns."""
    text = compact(said) if said else b""
    fixed = _FIXED.pack(
        magic, front.version, front.book, front.at, front.people, front.units, front.held, front.ended, len(text)
    )
    pieces: list[bytes | memoryview] = [fixed, text, bytes(_padded(len(text)) - len(text))]
    for column in columns:
        raw = np.ascontiguousarray(column).view(np.uint8).data
        pieces += [raw, bytes(_padded(raw.nbytes) - raw.nbytes)]
    return pieces


def preface_of(magic: bytes, raw: memoryview) -> Preface:
    """The preface of a book or snapshot. Raises NotABoard where it is none."""
    if len(raw) < _FIXED.size:
        raise NotABoard("the file ends inside its preface")
    found, *numbers = _FIXED.unpack_from(raw)
    if found != magic:
        raise NotABoard(f"the file begins with {found!r}, not with {magic!r}")
    return Preface(*numbers)


def said_in(front: Preface, raw: memoryview) -> dict[str, Any]:
    """The JSON behind the preface."""
    told: dict[str, Any] = json.loads(bytes(raw[_FIXED.size : _FIXED.size + front.said]))
    return told


def columns_in(front: Preface, raw: memoryview, columns: Iterable[tuple[str, Code, int]]) -> dict[str, memoryview]:
    """The columns as views into `raw`, nothing copied. Raises NotABoard where a byte is missing."""
    where = _FIXED.size + _padded(front.said)
    views: dict[str, memoryview] = {}
    for name, code, length in columns:
        size = WIDTH[code] * length
        if where + size > len(raw):
            raise NotABoard(f"the file ends inside its column {name!r}")
        views[name] = raw[where : where + size].cast(code)
        where += _padded(size)
    return views

"""Files of the offline commands: read with every fault told at once, written whole or not at all (contracts 0)."""

import csv
import io
import json
import os
import re
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NoReturn

from backend.fairness.strict_json import CONTROL, parse_strict

BAD_INPUT = 2
LONGEST_CELL = 2**31 - 1
NEEDS_QUOTES = re.compile(r'[,"\r\n]')
HAS_NUL = "has a NUL character"


class BadInput(Exception):
    """The input has faults; `faults` are the lines to print, one a fault, each `FILE:WHERE: what is wrong`."""

    def __init__(self, faults: Sequence[str]) -> None:
        super().__init__("\n".join(faults))
        self.faults = list(faults)


@dataclass
class Faults:
    """Collects what is wrong with one file; `where` is a line number or a JSON pointer."""

    file: str
    found: list[tuple[int, str]] = field(default_factory=list)

    def at(self, where: int | str, what: str) -> None:
        """Note a fault at a line number (CSV) or a JSON pointer."""
        order = where if isinstance(where, int) else 0
        separator = ":" if isinstance(where, int) else ": "
        self.found.append((order, f"{self.file}{separator}{where or '/'}: {what}"))

    def raise_if_any(self) -> None:
        """Raise BadInput with every fault found so far, in the order of the file."""
        if self.found:
            raise BadInput([text for _, text in sorted(self.found, key=lambda fault: fault[0])])


@dataclass(frozen=True)
class Row:
    """One data row of a CSV file: its line number (the header is line 1) and its cells by column."""

    line: int
    cells: dict[str, str]

    def __getitem__(self, column: str) -> str:
        return self.cells[column]


def utf8_option(given: str) -> str:
    """The bytes of a text option read as UTF-8, whatever the machine's locale is; as given where they are none."""
    try:
        return os.fsencode(given).decode("utf-8")
    except UnicodeError:
        return given


def read_text(path: Path) -> str:
    """The file's text: UTF-8, a BOM dropped. Raises BadInput where it cannot be read, is no UTF-8, or holds NUL."""
    text = _decoded(path)
    if "\0" in text:
        lines = enumerate(text.split("\n"), 1)
        raise BadInput([f"{path}:{number}: {HAS_NUL}" for number, line in lines if "\0" in line])
    return text


def _decoded(path: Path) -> str:
    try:
        data = path.read_bytes()
    except OSError as error:
        raise BadInput([f"{path}: cannot be read: {error.strerror}"]) from error
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        raise BadInput([f"{path}:{line}: is not UTF-8 (byte {error.start})"]) from error


def read_csv(
    path: Path,
    required: Sequence[str],
    optional: Sequence[str] = (),
    allows: Callable[[str], bool] | None = None,
) -> tuple[list[str], list[Row], Faults]:
    """The header, the rows and the faults found so far; cells are trimmed.

    Columns must be `required`, may be `optional` or any name for which `allows` is true; order is free. Faults of
    the header raise BadInput at once, faults of rows are collected (such rows are left out), so that the caller adds
    its own and raises all of them together. Empty lines are passed over.
    """
    faults = Faults(str(path))
    csv.field_size_limit(LONGEST_CELL)
    header: list[str] | None = None
    rows: list[Row] = []
    for start, cells in _numbered(_decoded(path), faults):
        if header is None:
            header = [cell.strip() for cell in cells]
            _check_header(header, start, required, optional, allows, faults)
        elif any("\0" in cell for cell in cells):
            faults.at(start, HAS_NUL)
        elif len(cells) != len(header):
            faults.at(start, f"has {len(cells)} cells, the header has {len(header)}")
        else:
            rows.append(Row(start, {name: cell.strip() for name, cell in zip(header, cells, strict=True)}))
    if header is None:
        faults.at(1, f"has no header; the columns are {','.join(required)}")
        faults.raise_if_any()
    return header or [], rows, faults


def _numbered(text: str, faults: Faults) -> Iterator[tuple[int, list[str]]]:
    """Each row that is not empty, with the line it begins at; a row that is no CSV is a fault, a header raises it."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    has_header = False
    while True:
        start = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            faults.at(start, f"is not CSV: {error}")
            if not has_header:
                faults.raise_if_any()
            continue
        if cells:
            has_header = True
            yield start, cells


def _check_header(
    header: list[str],
    line: int,
    required: Sequence[str],
    optional: Sequence[str],
    allows: Callable[[str], bool] | None,
    faults: Faults,
) -> None:
    for name in required:
        if name not in header:
            faults.at(line, f"the column {name!r} is missing")
    for name in dict.fromkeys(header):
        if header.count(name) > 1:
            faults.at(line, f"the column {name!r} stands twice")
        if name not in required and name not in optional and not (allows and allows(name)):
            faults.at(line, f"the column {name!r} is unknown")
    faults.raise_if_any()


def read_json(path: Path) -> Any:
    """The parsed JSON. Numbers must be integers; duplicate keys, NUL, NaN and broken JSON raise BadInput."""
    value, found = read_json_with_faults(path)
    faults = Faults(str(path))
    for pointer, what in found:
        faults.at(pointer, what)
    faults.raise_if_any()
    return value


def read_json_with_faults(path: Path) -> tuple[Any, list[tuple[str, str]]]:
    """The parsed JSON and its faults as (pointer, sentence), so that a command tells them together with its own.

    The faults are those of `strict_json.parse_strict`; a file that is no JSON at all raises BadInput.
    """
    text = read_text(path)
    try:
        return parse_strict(text)
    except json.JSONDecodeError as error:
        raise BadInput([f"{path}:{error.lineno}: is not JSON: {error.msg}"]) from error
    except ValueError as error:
        raise BadInput([f"{path}:1: is not JSON that can be read: {error}"]) from error


def csv_bytes(header: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    r"""The rows as CSV bytes: `\n` line ends, quoted only where needed (RFC 4180: comma, quote, line break)."""
    lines = [",".join(map(_cell, row)) or '""' for row in (header, *rows)]
    return "".join(f"{line}\n" for line in lines).encode()


def _cell(value: object) -> str:
    text = "" if value is None else str(value)
    if NEEDS_QUOTES.search(text):
        return '"' + text.replace('"', '""') + '"'
    return text


def write_whole(path: Path, data: bytes) -> None:
    """Write the file whole or not at all: temporary file beside it, fsync, rename. Raises BadInput where it cannot.

    A device or a pipe is written to and never replaced; of a link the file behind it is replaced.
    """
    if is_device(path):
        _write_through(path, data)
        return
    place = path.resolve() if path.is_symlink() else path
    try:
        handle, temporary = tempfile.mkstemp(prefix=f".{place.name}.", dir=place.parent)
    except OSError as error:
        raise BadInput([f"{path}: cannot be written: {error.strerror}"]) from error
    try:
        with os.fdopen(handle, "wb") as out:
            out.write(data)
            out.flush()
            os.fsync(out.fileno())
        Path(temporary).chmod(0o644)
        Path(temporary).replace(place)
    except OSError as error:
        Path(temporary).unlink(missing_ok=True)
        raise BadInput([f"{path}: cannot be written: {error.strerror}"]) from error
    _sync_folder(place.parent)


def is_device(path: Path) -> bool:
    """Whether something is there that is neither a file nor a folder, such as `/dev/stdout` or a pipe."""
    return path.exists() and not path.is_file() and not path.is_dir()


def _write_through(path: Path, data: bytes) -> None:
    try:
        with path.open("wb") as out:
            out.write(data)
    except OSError as error:
        raise BadInput([f"{path}: cannot be written: {error.strerror}"]) from error


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def refuse(error: BadInput) -> NoReturn:
    """Print every fault on stderr, one a line, and leave with exit code 2."""
    for fault in error.faults:
        print(fault.translate(CONTROL), file=sys.stderr)
    raise SystemExit(BAD_INPUT)

"""Tables in files: CSV as UTF-8 with a head, and Excel as departments send it; cells are texts, formulas never run."""

import csv
import io
from collections.abc import Sequence
from typing import Any

from python_calamine import CalamineError, CalamineWorkbook

EXCEL = b"PK\x03\x04"
MOST_ROWS = 100_000
LONGEST_CELL = 10_000


class TableUnreadable(Exception):
    """The bytes are no table."""


def write_csv(rows: Sequence[Sequence[str]]) -> bytes:
    """A table as CSV."""
    out = io.StringIO(newline="")
    csv.writer(out, lineterminator="\n").writerows(rows)
    return out.getvalue().encode()


def read_table(data: bytes) -> list[list[Any]]:
    """The rows of a CSV or Excel file (told by its first bytes). Raises TableUnreadable."""
    rows = _from_excel(data) if data.startswith(EXCEL) else _from_csv(data)
    if len(rows) > MOST_ROWS or any(len(str(cell)) > LONGEST_CELL for row in rows for cell in row):
        raise TableUnreadable("the table is too large")
    return rows


def _from_csv(data: bytes) -> list[list[Any]]:
    try:
        return list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""), strict=True))
    except (UnicodeDecodeError, csv.Error) as error:
        raise TableUnreadable("the file is no CSV in UTF-8") from error


def _from_excel(data: bytes) -> list[list[Any]]:
    try:
        workbook = CalamineWorkbook.from_filelike(io.BytesIO(data))
        return [list(row) for row in workbook.get_sheet_by_index(0).to_python(skip_empty_area=True)]
    except (CalamineError, OSError, ValueError, IndexError) as error:
        raise TableUnreadable("the file is no Excel workbook") from error

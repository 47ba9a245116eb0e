"""Workbooks as an official's office has them: one table a file, every text cell a text, never a formula."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import xlsxwriter

WIDEST_COLUMN = 60


def write_workbook(path: Path, title: str, header: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    """One workbook with one sheet; whole numbers stay numbers, all else is written as text."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with xlsxwriter.Workbook(path, {"strings_to_formulas": False, "strings_to_urls": False}) as book:
        sheet = book.add_worksheet(title)
        bold = book.add_format({"bold": True})
        for column, name in enumerate(header):
            sheet.write_string(0, column, name, bold)
            longest = max((len(str(row[column])) for row in rows), default=0)
            sheet.set_column(column, column, min(WIDEST_COLUMN, max(len(name), longest) + 2))
        for line, row in enumerate(rows, 1):
            for column, value in enumerate(row):
                if isinstance(value, int):
                    sheet.write_number(line, column, value)
                else:
                    sheet.write_string(line, column, str(value))

"""The export as a file for Excel or CSV, in which no cell is ever executed (promises P16)."""

import csv
import io
from collections.abc import Mapping, Sequence

import xlsxwriter

LIVE = tuple("=+-@\t\r＝＋－＠")  # full-width signs are live in some programs too


def harmless(text: str) -> str:
    """The text for a CSV cell: one that a program would run begins with an apostrophe."""
    return f"'{text}" if text.startswith(LIVE) else text


def csv_sheet(headers: Mapping[str, str], rows: Sequence[Mapping[str, str]]) -> bytes:
    """A CSV file with a BOM, as Excel opens it."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(headers.values())
    writer.writerows([[harmless(row.get(code, "")) for code in headers] for row in rows])
    return out.getvalue().encode("utf-8-sig")


def excel_sheet(headers: Mapping[str, str], rows: Sequence[Mapping[str, str]], title: str = "学籍") -> bytes:
    """An Excel file in which every cell is a text."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    sheet = book.add_worksheet(title)
    for column, header in enumerate(headers.values()):
        sheet.write_string(0, column, header)
    for line, row in enumerate(rows, start=1):
        for column, code in enumerate(headers):
            sheet.write_string(line, column, row.get(code, ""))
    sheet.freeze_panes(1, 2)
    book.close()
    return out.getvalue()

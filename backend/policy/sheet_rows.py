"""The rows of an .xlsx or .csv file as texts: what officials hand in, opened without trusting it."""

import csv
import datetime as dt
import io
import zipfile
from typing import Any

from python_calamine import CalamineError, CalamineWorkbook

LARGEST_FILE = 10 * 1024 * 1024
LARGEST_UNPACKED = 200 * 1024 * 1024
MOST_ROWS = 200_000
MOST_COLUMNS = 200
EXACT = 10**15
"""Above this a spreadsheet's number has lost digits: ID numbers must be stored as text."""


class SheetUnreadable(Exception):
    """A file that cannot be read as a sheet; the message is a Chinese sentence that says what to do."""


def sheet_rows(data: bytes, filename: str) -> list[list[str]]:
    """The rows of the first sheet of an .xlsx file, or of a .csv file in UTF-8 (with or without BOM) or GB18030.

    Every cell becomes text: whole numbers without a point, dates as YYYY-MM-DD; a number too long to be exact is
    shown as 1.50602E17, so that the check of the column says that its digits are lost. Raises `SheetUnreadable`.
    """
    if len(data) > LARGEST_FILE:
        raise SheetUnreadable("文件超过10MB，请删去多余的内容或分几次导入。")
    suffix = filename.rsplit(".", maxsplit=1)[-1].lower()
    if suffix == "xlsx":
        rows = _xlsx_rows(data)
    elif suffix == "csv":
        rows = _csv_rows(data)
    else:
        raise SheetUnreadable(f"只能导入 .xlsx 或 .csv 文件，这个文件是“{filename}”；请用表格软件另存为 .xlsx。")
    if len(rows) > MOST_ROWS or any(len(row) > MOST_COLUMNS for row in rows):
        raise SheetUnreadable(f"表格太大：最多{MOST_ROWS}行、{MOST_COLUMNS}列。")
    while rows and not any(cell.strip() for cell in rows[-1]):
        rows.pop()
    return rows


def _csv_rows(data: bytes) -> list[list[str]]:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        try:
            text = data.decode("gb18030")
        except UnicodeDecodeError as fault:
            raise SheetUnreadable("看不懂文件的文字编码，请另存为“CSV UTF-8”或 .xlsx。") from fault
    if "\x00" in text:
        raise SheetUnreadable("这不是文字表格，请另存为“CSV UTF-8”或 .xlsx。")
    try:
        return list(csv.reader(io.StringIO(text, newline=""), strict=True))
    except csv.Error as fault:
        raise SheetUnreadable(f"CSV 文件写法有误（引号没有配对等）：{fault}") from fault


def _xlsx_rows(data: bytes) -> list[list[str]]:
    _refuse_bombs(data)
    try:
        sheet = CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_index(0)
        if sheet.total_height > MOST_ROWS or sheet.total_width > MOST_COLUMNS:
            raise SheetUnreadable(f"表格太大：最多{MOST_ROWS}行、{MOST_COLUMNS}列。")
        return [[_text(cell) for cell in row] for row in sheet.to_python(skip_empty_area=False)]
    except (CalamineError, OSError, ValueError) as fault:
        raise SheetUnreadable("打不开这个 .xlsx 文件，可能已损坏或设了密码，请重新另存后再导入。") from fault


def _refuse_bombs(data: bytes) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            unpacked = sum(entry.file_size for entry in archive.infolist())
    except zipfile.BadZipFile as fault:
        raise SheetUnreadable("这不是 .xlsx 文件；老的 .xls 请用表格软件另存为 .xlsx。") from fault
    if unpacked > LARGEST_UNPACKED:
        raise SheetUnreadable("文件展开后过大，请删去多余的内容。")


def _text(cell: Any) -> str:
    if isinstance(cell, bool):
        return "是" if cell else "否"
    if isinstance(cell, float):
        if cell.is_integer():
            return str(int(cell)) if abs(cell) < EXACT else f"{cell:.5E}"
        return repr(cell)
    if isinstance(cell, int):
        return str(cell) if abs(cell) < EXACT else f"{cell:.5E}"
    if isinstance(cell, dt.datetime):
        return cell.date().isoformat() if cell.time() == dt.time() else cell.isoformat(sep=" ")
    return str(cell).strip()

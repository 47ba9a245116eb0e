"""Files that officials hand in: .xlsx and .csv become rows of text; what cannot be read is said in words."""

import datetime as dt
import io
import zipfile
from pathlib import Path

import pytest
import xlsxwriter

from backend.policy.sheet_rows import LARGEST_FILE, SheetUnreadable, sheet_rows


def workbook(path: Path, rows: list[list[object]]) -> bytes:
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        for number, row in enumerate(rows):
            for place, cell in enumerate(row):
                if isinstance(cell, dt.date):
                    sheet.write_datetime(number, place, dt.datetime.combine(cell, dt.time()), day)
                else:
                    sheet.write(number, place, cell)
    return path.read_bytes()


def test_a_workbook_becomes_texts_without_points_or_times(tmp_path: Path) -> None:
    data = workbook(
        tmp_path / "plan.xlsx",
        [
            ["学校代码", "计划人数", "日期"],
            ["150603-P01", 90, dt.date(2027, 5, 11)],
            ["", "", ""],
            [150603001001, 1.5, True],
        ],
    )
    assert sheet_rows(data, "计划.XLSX") == [
        ["学校代码", "计划人数", "日期"],
        ["150603-P01", "90", "2027-05-11"],
        ["", "", ""],
        ["150603001001", "1.5", "是"],
    ]


def test_a_row_keeps_its_number_when_the_sheet_begins_lower_down(tmp_path: Path) -> None:
    path = tmp_path / "low.xlsx"
    with xlsxwriter.Workbook(path) as book:
        book.add_worksheet().write(2, 1, "学校代码")
    assert sheet_rows(path.read_bytes(), "low.xlsx")[2][1] == "学校代码"


def test_an_id_number_stored_as_a_number_is_shown_as_spoiled(tmp_path: Path) -> None:
    """Excel keeps 15 digits: the last three of an ID number are lost."""
    data = workbook(tmp_path / "roster.xlsx", [["身份证号"], [150602201901011234]])
    assert sheet_rows(data, "roster.xlsx")[1] == ["1.50602E+17"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_a_csv_file_is_read_in_the_encodings_that_offices_use(encoding: str) -> None:
    data = '学校代码,学校名称\r\n150603-P01,"康巴什,一小"\r\n\r\n'.encode(encoding)
    assert sheet_rows(data, "schools.csv") == [["学校代码", "学校名称"], ["150603-P01", "康巴什,一小"]]


@pytest.mark.parametrize(
    ("data", "filename", "what"),
    [
        (b"a,b", "list.xls", r"只能导入 \.xlsx 或 \.csv"),
        (b"PK not a zip", "list.xlsx", "这不是 .xlsx 文件"),
        (b"\xff\xff\xff", "list.csv", "文字编码"),
        (b"a\x00b", "list.csv", "不是文字表格"),
        (b'a,"b', "list.csv", "引号"),
        (b"x" * (LARGEST_FILE + 1), "list.csv", "超过10MB"),
        (b"a" + b"," * 300, "list.csv", "表格太大"),
    ],
)
def test_what_cannot_be_read_says_what_to_do(data: bytes, filename: str, what: str) -> None:
    with pytest.raises(SheetUnreadable, match=what):
        sheet_rows(data, filename)


def test_a_zip_without_a_workbook_and_a_zip_that_swells_are_refused() -> None:
    hollow, swollen = io.BytesIO(), io.BytesIO()
    with zipfile.ZipFile(hollow, "w") as archive:
        archive.writestr("hello.txt", "x")
    with zipfile.ZipFile(swollen, "w", zipfile.ZIP_DEFLATED) as archive:
        for number in range(21):
            archive.writestr(f"xl/{number}.xml", b" " * (10 * 1024 * 1024))
    with pytest.raises(SheetUnreadable, match="打不开"):
        sheet_rows(hollow.getvalue(), "list.xlsx")
    with pytest.raises(SheetUnreadable, match="展开后过大"):
        sheet_rows(swollen.getvalue(), "list.xlsx")

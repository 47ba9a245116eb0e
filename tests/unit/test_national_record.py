"""The school record's number and fields (domain 4.1-4.3, T-4.3), and files in which no cell is executed (promises P16)."""

import csv
import io
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from backend.foundation.safe_sheets import LIVE, csv_sheet, excel_sheet, harmless
from backend.records.rules.national import (
    HEADERS,
    NATIONS,
    Pupil,
    RecordImpossible,
    SecondGuardian,
    nation_code,
    national_fields,
    national_number,
    pinyin_of,
)

PUPIL = Pupil(
    name="苏日娜",
    sex="female",
    born_on=date(2019, 10, 2),
    ethnicity="蒙古",
    id_number="15060320191002002X",
    address="新北路1号",
    household_code="150603",
    school="150603-P01",
    class_number=3,
    entered="202609",
    guardian_name="乌云",
    guardian_relation="mother",
    guardian_id_number="150603198802059946",
    is_migrant=False,
)
CELL = st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=40)
LIVE_CELL = st.builds("".join, st.tuples(st.sampled_from(LIVE), CELL))
HEAD = {"xm": "★姓名", "xzz": "★现住址"}


def test_a_number_is_made_of_the_pupils_own() -> None:
    assert national_number(PUPIL) == ("G", "G15060320191002002X")


def test_without_numbers_of_pupil_and_guardian_no_record_can_be_made() -> None:
    """T-4.3: type Z without number and a guardian without ID is refused; with the guardian's ID it is a J number."""
    unknown = replace(PUPIL, id_number=None, guardian_id_number=None)
    with pytest.raises(RecordImpossible, match="监护人"):
        national_number(unknown)
    kind, number = national_number(replace(unknown, guardian_id_number="150603198802059946"))
    assert kind == "J"
    assert len(number) == 19
    assert "198802059946" not in number


def test_the_same_pupil_has_the_same_number_and_twins_have_two() -> None:
    one = replace(PUPIL, id_number=None)
    assert national_number(one) == national_number(one)
    assert national_number(one) != national_number(replace(one, name="苏日嘎"))


def test_every_column_of_the_template_is_filled_and_required_ones_are_not_empty() -> None:
    fields = national_fields(PUPIL)
    assert set(fields) == set(HEADERS)
    assert [code for code, title in HEADERS.items() if title.startswith("★") and not fields[code]] == []
    assert (fields["xbm"], fields["mzm"], fields["csrq"], fields["cy1gxm"]) == ("2", "02", "20191002", "52")


def test_a_second_guardian_stands_beside_the_first() -> None:
    """Domain 4.1: the template has room for two members of the family; a child with one leaves the other empty."""
    told = national_fields(replace(PUPIL, second=SecondGuardian("巴特尔", "father", None)))
    assert [told[f"cy2{field}"] for field in ("xm", "gxm", "sfjhr", "sfzh")] == ["巴特尔", "51", "1", ""]
    assert {national_fields(PUPIL)[f"cy2{field}"] for field in ("xm", "gxm", "sfjhr", "sfzh")} == {""}


def test_nations_are_numbered_as_the_standard_numbers_them() -> None:
    """GB/T 3304: 01 汉, 02 蒙古, 11 满, 56 基诺; others are 97."""
    assert len(NATIONS) == len(set(NATIONS)) == 56
    assert [nation_code(name) for name in ("汉族", "蒙古", "满族", "基诺族", "穿青人")] == [
        "01",
        "02",
        "11",
        "56",
        "97",
    ]


@pytest.mark.parametrize(
    ("name", "told"),
    [("单于飞", "ShanYuFei"), ("曾子墨", "ZengZiMo"), ("乌云·其其格", "WuYunQiQiGe"), ("王小明", "WangXiaoMing")],
)
def test_surnames_are_read_as_surnames(name: str, told: str) -> None:
    assert pinyin_of(name) == told


@settings(max_examples=100, deadline=None)
@given(name=CELL | LIVE_CELL, address=CELL | LIVE_CELL)
def test_an_excel_file_holds_texts_alone_and_gives_them_back(name: str, address: str) -> None:
    data = excel_sheet(HEAD, [{"xm": name, "xzz": address}])
    rows = CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_index(0).to_python(skip_empty_area=False)
    assert rows[0] == list(HEAD.values())
    told = rows[1] if len(rows) > 1 else ["", ""]
    assert told == [name, address]


@settings(max_examples=100, deadline=None)
@given(name=CELL | LIVE_CELL, address=CELL | LIVE_CELL)
def test_no_cell_of_a_csv_file_begins_with_what_a_program_runs(name: str, address: str) -> None:
    text = csv_sheet(HEAD, [{"xm": name, "xzz": address}]).decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text, newline="")))
    assert rows[0] == list(HEAD.values())
    assert not any(cell.startswith(LIVE) for cell in rows[1])
    assert [cell.removeprefix("'") for cell in rows[1]] == [name.removeprefix("'"), address.removeprefix("'")]


@pytest.mark.parametrize("formula", ["=1+1", "+1", "-2", "@SUM(A1)", "\t=1", "\r=1", "＝1+1", "＠A"])
def test_what_a_program_would_run_is_made_harmless(formula: str) -> None:
    assert harmless(formula) == f"'{formula}"
    assert harmless("张三") == "张三"

"""Lines of former years and the points of units from sheets: read whole, or every fault told (A06, C15)."""

from hypothesis import given
from hypothesis import strategies as st

from backend.policy.rules.import_lines import read_lines
from backend.policy.rules.import_units import read_units
from backend.policy.rules.places import FormerYear, School

P01 = School("150603-P01", "康巴什一小", "primary", private=False, address="路", phone="", conditions="")
HEAD = ["学校代码", "年份", "计划人数", "录取人数", "最后录取的学位类型", "最后录取的排序条件"]
UNIT_HEAD = ["地址单元代码", "地址单元名称", "乡镇街道", "经度", "纬度"]
UNIT = ["150603001001", "新北社区", "哈巴格希街道"]


def test_a_line_is_read_with_its_keys_apart() -> None:
    lines, faults = read_lines(
        [HEAD, ["150603-P01", "2025", "120", "118", "第二类", "落户日期：2021-03-01； 住房日期：2020-01-01"]],
        [P01],
        2026,
    )
    assert faults == []
    keys = ("落户日期：2021-03-01", "住房日期：2020-01-01")
    assert lines == [FormerYear("150603-P01", 2025, 120, 118, "第二类", keys)]


def test_only_years_that_are_over_have_a_line() -> None:
    """This year's line is the published result, and nobody writes it by hand."""
    for year, is_read in (("2025", True), ("2026", False), ("1999", False)):
        lines, faults = read_lines([HEAD, ["150603-P01", year, "120", "118", "", ""]], [P01], 2026)
        assert (bool(lines), any(fault.column == "年份" for fault in faults)) == (is_read, not is_read)


def test_an_unknown_school_and_a_line_told_twice_are_faults() -> None:
    good = ["150603-P01", "2025", "120", "118", "", ""]
    _, faults = read_lines([HEAD, good, good, ["150603-P09", "2025", "1", "1", "", ""]], [P01], 2026)
    assert [(fault.row, fault.column) for fault in faults] == [(3, "年份"), (4, "学校代码")]


@given(st.integers(-180_000_000, 180_000_000), st.integers(-90_000_000, 90_000_000))
def test_the_point_of_a_unit_comes_back_to_the_millionth(east: int, north: int) -> None:
    def degrees(value: int) -> str:
        return f"{'-' if value < 0 else ''}{abs(value) // 1_000_000}.{abs(value) % 1_000_000:06d}"

    units, faults = read_units([UNIT_HEAD, [*UNIT, degrees(east), degrees(north)]], "150603")
    assert faults == []
    assert units[0].position == (east, north)


def test_a_unit_without_a_point_is_a_unit_and_half_a_point_is_a_fault() -> None:
    assert read_units([UNIT_HEAD, [*UNIT, "", ""]], "150603")[0][0].position is None
    _, faults = read_units([UNIT_HEAD, [*UNIT, "109.78", ""]], "150603")
    assert [(fault.row, fault.column) for fault in faults] == [(2, "纬度")]

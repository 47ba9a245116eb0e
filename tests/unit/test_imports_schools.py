"""Schools, plans, overflow lists and rosters from sheets: every row's faults at once, in Chinese, at their place."""

from backend.policy.rules.imports import read_overflow, read_plan, read_roster, read_schools
from backend.policy.rules.places import OverflowLine, PlanLine, School

HEAD = ["学校代码", "学校名称", "学段", "民办", "学校地址", "办学条件"]
GOOD = ["150603-P01", "康巴什一小", "小学", "", "新北路1号", "30个班"]
P01 = School("150603-P01", "康巴什一小", "primary", private=False, address="新北路1号", phone="", conditions="30个班")
P02 = School("150603-P02", "康巴什二小", "primary", private=False, address="新北路2号", phone="", conditions="")
P03 = School("150603-P03", "康巴什三小", "primary", private=False, address="新北路3号", phone="", conditions="")
J01 = School("150603-J01", "康巴什一中", "junior", private=False, address="新北路4号", phone="", conditions="")


def places(faults: list) -> list[tuple[int, str]]:
    return [(fault.row, fault.column) for fault in faults if fault.grave]


def test_a_good_sheet_of_schools_is_read_whole() -> None:
    """A07: schools and kindergartens alike."""
    schools, faults = read_schools(
        [HEAD, GOOD, ["", "", ""], ["150603-K01", "康巴什一幼", "幼儿园", "是", "新北路5号", ""]], "150603"
    )
    assert faults == []
    assert schools[1] == P01
    assert schools[0].private is True


def test_every_fault_of_every_row_is_told_at_once() -> None:
    rows = [
        HEAD,
        GOOD,
        ["150603-P01", "康巴什二小", "小学", "", "路", ""],
        ["150603-X01", "", "大学", "也许", "路", ""],
        ["150603-J01", "康巴什一中", "小学", "", "路", ""],
        ["150621-P01", "康巴什一小", "小学", "", "", ""],
    ]
    schools, faults = read_schools(rows, "150603")
    assert schools == [P01]
    assert set(places(faults)) == {
        (3, "学校代码"),
        (4, "学校代码"),
        (4, "学校名称"),
        (4, "学段"),
        (4, "民办"),
        (5, "学段"),
        (6, "学校代码"),
        (6, "学校名称"),
        (6, "学校地址"),
    }
    assert all(fault.what.endswith(("。", "）。")) for fault in faults)


def test_missing_doubled_and_unknown_columns_are_told() -> None:
    _, faults = read_schools([["学校代码", "学校代码", "备注"], GOOD])
    assert (1, "学校名称") in places(faults)
    assert (1, "学校代码") in places(faults)
    assert [fault.column for fault in faults if not fault.grave] == ["备注"]
    assert read_schools([])[1][0].what == "表格是空的：第一行应是列名。"


def test_columns_may_stand_in_any_order_and_under_known_other_names() -> None:
    rows = [["地址", "学段", "学校名称", "code"], ["路1号", "primary", "康巴什一小", "150603-P01"]]
    schools, faults = read_schools(rows)
    assert faults == []
    assert schools[0].address == "路1号"


def test_a_plan_counts_whole_seats_and_makes_classes() -> None:
    """D12b; E15: at most 45 in a primary class, 50 in a junior one."""
    plan, faults = read_plan([["学校代码", "计划人数"], ["150603-P01", "91"], ["150603-J01", "100"]], [P01, J01])
    assert faults == []
    assert plan == [PlanLine("150603-J01", 100, 2), PlanLine("150603-P01", 91, 3)]


def test_faults_of_a_plan() -> None:
    rows = [
        ["学校代码", "计划人数", "班数"],
        ["150603-P01", "90人", ""],
        ["150603-P02", "0", ""],
        ["150603-P02", "45", "1"],
        ["150603-P09", "4.5", ""],
        ["150603-J01", "", ""],
    ]
    plan, faults = read_plan(rows, [P01, P02, P03, J01])
    assert plan == []
    assert places(faults) == [
        (2, "计划人数"),
        (3, "计划人数"),
        (4, "学校代码"),
        (5, "学校代码"),
        (5, "计划人数"),
        (6, "计划人数"),
        (0, ""),
    ]
    assert "康巴什三小（150603-P03）没有招生计划" in faults[-1].what


def test_a_plan_that_makes_overlarge_classes_is_a_warning() -> None:
    """D19, E15: 大班额."""
    plan, faults = read_plan([["学校代码", "计划人数", "班数"], ["150603-P01", "46", "1"]], [P01])
    assert plan == [PlanLine("150603-P01", 46, 1)]
    assert [fault.grave for fault in faults] == [False]


def test_overflow_lists_are_unbroken_of_one_stage_and_never_the_school_itself() -> None:
    """Contracts 2: `overflow` of a school, in order."""
    head = ["学校代码", "调剂顺序", "调剂学校代码"]
    lines, faults = read_overflow(
        [head, ["150603-P01", "2", "150603-P03"], ["150603-P01", "1", "150603-P02"]], [P01, P02, P03]
    )
    assert faults == []
    assert lines == [OverflowLine("150603-P01", 1, "150603-P02"), OverflowLine("150603-P01", 2, "150603-P03")]
    rows = [
        head,
        ["150603-P01", "1", "150603-P01"],
        ["150603-P01", "2", "150603-J01"],
        ["150603-P02", "2", "150603-P01"],
        ["150603-P02", "2", "150603-P03"],
        ["150603-P02", "3", "150603-P01"],
        ["150603-P03", "一", "150603-P08"],
    ]
    _, faults = read_overflow(rows, [P01, P02, P03, J01])
    assert places(faults) == [
        (2, "调剂学校代码"),
        (3, "调剂学校代码"),
        (5, "调剂顺序"),
        (6, "调剂学校代码"),
        (7, "调剂学校代码"),
        (7, "调剂顺序"),
        (0, ""),
    ]


def wrong_if_not_18(number: str) -> str | None:
    return None if len(number) == 18 else "身份证号码应为18位，请对照身份证或户口簿逐位核对。"


def test_a_roster_keeps_children_once_and_tells_every_wrong_number() -> None:
    """D13: rosters from the schools; T-4.2: lower-case x becomes X."""
    head = ["姓名", "身份证号", "毕业学校代码", "监护人电话"]
    rows = [
        head,
        ["乌云·其其格", "15060220150101001x", "150603-P01", "13800000001"],
        ["王一", "15060220150101001X", "150603-P01", ""],
        ["", "1506022015", "150603-P77", "12345"],
        ["李二", "1.50602E+17", "150603-P01", ""],
    ]
    roster, faults = read_roster(rows, wrong_if_not_18, {"150603-P01"})
    assert [line.id_number for line in roster] == ["15060220150101001X"]
    assert set(places(faults)) == {
        (3, "身份证号"),
        (4, "身份证号"),
        (4, "毕业学校代码"),
        (4, "监护人电话"),
        (4, "姓名"),
        (5, "身份证号"),
    }
    assert "存成了数字" in faults[-1].what

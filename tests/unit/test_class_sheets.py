"""The school's sheets: every row's faults at once, no column for a class, no scores where nobody is examined (C10, D05)."""

from datetime import date

import pytest

from backend.classes.rules.pupil_sheet import read_pupil_sheet
from backend.classes.rules.teacher_sheet import read_teacher_sheet

KNOWN = {"A1": "张三", "A2": "李四"}
TEACHERS = ["工号", "姓名", "性别", "出生日期", "职称", "任教学科", "业务水平", "班主任"]


def told(faults: list[tuple[int, str, str, bool]]) -> list[tuple[int, str]]:
    return [(fault[0], fault[1]) for fault in faults if fault[3]]


def test_scores_needs_and_conflicts_of_known_children_are_read() -> None:
    rows = [
        ["回执号", "姓名", "语文成绩", "数学成绩", "特殊需要", "分开组"],
        ["A1", "张三", "98.5", "100", "是", "甲"],
        ["A2", "李四", "60", "71.25", "", "甲"],
    ]
    lines, faults = read_pupil_sheet(rows, KNOWN)
    assert faults == []
    assert [(line.no, line.special, line.apart) for line in lines] == [("A1", True, "甲"), ("A2", False, "甲")]
    assert lines[0].scores == {"score_语文": "98.5", "score_数学": "100"}


def test_pupils_from_outside_the_platform_say_who_they_are() -> None:
    head = ["编号", "姓名", "性别", "民族", "户籍地", "出生日期", "双胞胎同班组"]
    rows = [
        head,
        ["X1", "巴图", "男", "蒙古族", "康巴什区", "2014-03-15", "巴家"],
        ["X2", "巴雅", "女", "", "", "2014-3", ""],
    ]
    lines, faults = read_pupil_sheet(rows, {})
    assert [(line.no, line.sex, line.ethnicity, line.twins) for line in lines] == [("X1", "male", "蒙古", "巴家")]
    assert told(faults) == [(3, "民族"), (3, "户籍地"), (3, "出生日期")]


def test_every_row_of_a_bad_sheet_is_told_at_once() -> None:
    rows = [
        ["编号", "姓名", "总分", "双胞胎同班组"],
        ["A1", "王五", "98.555", ""],
        ["A1", "张三", "98", "x"],
        ["", "", "", ""],
        ["A2", "李四", "", ""],
    ]
    lines, faults = read_pupil_sheet(rows, KNOWN)
    assert lines == []
    assert set(told(faults)) == {(2, "姓名"), (2, "总分"), (3, "双胞胎同班组"), (5, "总分"), (0, "编号")}


def test_a_sheet_with_scores_leaves_nobody_out() -> None:
    _, faults = read_pupil_sheet([["编号", "姓名", "总分"], ["A1", "张三", "98"]], KNOWN)
    assert [fault.what for fault in faults] == ["表里有成绩，却没有“A2”这名学生；有成绩的表要包含全部学生。"]


@pytest.mark.parametrize("title", ["班级", "班号", "class", "班主任"])
def test_no_column_puts_a_pupil_into_a_class_or_to_a_teacher(title: str) -> None:
    lines, faults = read_pupil_sheet([["编号", "姓名", title], ["A1", "张三", "1"]], KNOWN)
    assert lines == []
    assert told(faults) == [(1, title)]


def test_primary_schools_take_no_scores() -> None:
    """A32 balances primary schools without scores; 严禁测试 (D05)."""
    lines, faults = read_pupil_sheet([["编号", "姓名", "总分"], ["A1", "张三", "98"]], KNOWN, takes_scores=False)
    assert (lines, told(faults)) == ([], [(1, "总分")])


def test_teachers_are_read_and_their_faults_told() -> None:
    good = ["T1", "赵老师", "女", "1985-09-01", "高级", "语文", "92", "是"]
    bad = ["T1", "钱老师", "？", "1930-01-01", "", "数学", "120", "也许"]
    lines, faults = read_teacher_sheet([TEACHERS, good, bad], date(2026, 8, 31))
    (line,) = lines
    assert (line.teacher(date(2026, 8, 31)).age, line.teacher(date(2026, 9, 1)).age) == (40, 41)
    assert {column for _, column in told(faults)} == {"工号", "性别", "出生日期", "职称", "业务水平", "班主任"}


def test_no_column_puts_a_teacher_into_a_class() -> None:
    """C10: 不为班级预设教师."""
    assert told(read_teacher_sheet([[*TEACHERS, "班级"]], date(2026, 8, 31))[1]) == [(1, "班级")]

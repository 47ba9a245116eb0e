"""Lines of former years read from a sheet: how many a school took, and who was the last, in the words published then."""

from collections.abc import Iterable

from backend.policy.rules.imports import known_school
from backend.policy.rules.places import FormerYear, RowFault, School
from backend.policy.rules.sheets import Column, Rows, SheetReader

FIRST_YEAR = 2000
MOST_CHILDREN = 3000
BETWEEN = "；"

LINE_COLUMNS = (
    Column("school", "学校代码"),
    Column("year", "年份"),
    Column("plan", "计划人数", ("招生计划", "学位数")),
    Column("admitted", "录取人数"),
    Column("seat_type", "最后录取的学位类型", needed=False),
    Column("keys", "最后录取的排序条件", needed=False),
)


def read_lines(rows: Rows, schools: Iterable[School], this_year: int) -> tuple[list[FormerYear], list[RowFault]]:
    """The lines of years before `this_year`, by school and year. `keys` are parted by “；”, such as 落户日期：2021-03-01.

    Faults: a school that is not known, a year that is not over, a school and year twice.
    """
    sheet = SheetReader(LINE_COLUMNS, rows)
    known = {school.code: school for school in schools}
    lines: dict[tuple[str, int], FormerYear] = {}
    for row in sheet:
        school, year = known_school(row, "school", known), row.whole_number("year", FIRST_YEAR, this_year - 1)
        if (school, year) in lines:
            row.fault("year", f"学校“{school}”{year}年写了两次。")
        keys = tuple(key.strip() for key in row.text("keys").split(BETWEEN) if key.strip())
        plan, admitted = row.whole_number("plan", 1, MOST_CHILDREN), row.whole_number("admitted", 0, MOST_CHILDREN)
        line = FormerYear(school, year, plan, admitted, row.text("seat_type", 60), keys)
        if row.sound:
            lines[school, year] = line
    return sorted(lines.values()), sheet.faults

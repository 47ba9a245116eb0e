"""Homes whose seat was used in former years, read from a banner's list (domain 2.3): the lines, and every row's faults."""

from collections.abc import Callable, Collection
from dataclasses import dataclass

from backend.policy.rules.facts import STAGES
from backend.policy.rules.places import RowFault
from backend.policy.rules.sheets import Column, Rows, SheetReader

FIRST_YEAR = 2000
UNIT, UNIT_LIKE = r"[0-9A-Za-z](?: *[0-9A-Za-z]){9,39}", "不动产权证上的150603001001GB00001F00010001"


@dataclass(frozen=True)
class UsedHome:
    """A home whose seat at a stage was used in a year; school and ID number are empty where the list has none."""

    property_unit: str
    stage: str
    year: int
    school: str
    id_number: str


HOME_COLUMNS = (
    Column("property_unit", "不动产单元号"),
    Column("stage", "学段"),
    Column("year", "占用年份", ("年份",)),
    Column("school", "学校", needed=False),
    Column("id_number", "占用学生身份证号", ("身份证号",), needed=False),
)


def read_used_homes(
    rows: Rows, locked: Collection[str], id_fault: Callable[[str], str | None], this_year: int
) -> tuple[list[UsedHome], list[RowFault]]:
    """The lines of years before `this_year`, blanks in the unit's number removed.

    `locked`: the stages at which the book locks homes. Faults: another stage, a year that is not over, a number of
    a unit or of a child that can be none (`id_fault`, GB 11643), the same line twice.
    """
    sheet = SheetReader(HOME_COLUMNS, rows)
    first_rows: dict[UsedHome, int] = {}
    for row in sheet:
        unit = "".join(row.code("property_unit", UNIT, UNIT_LIKE).split()).upper()
        stage = row.stage()
        if stage and stage not in locked:
            row.fault("stage", f"本旗区的规则册没有规定{STAGES[stage]}的学位锁定（locks），这一行不能导入。")
        year = row.whole_number("year", FIRST_YEAR, this_year - 1)
        number = row.id_number("id_number", id_fault)
        line = UsedHome(unit, stage, year, row.text("school", 60), number)
        if row.sound and first_rows.setdefault(line, row.number) != row.number:
            row.fault("property_unit", f"和第{first_rows[line]}行完全一样。")
    return list(first_rows), sheet.faults

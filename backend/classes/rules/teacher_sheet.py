"""The school's sheet of teachers for the starting grade; every row's faults at once, no column for a class (A31, C10)."""

from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from backend.classes.rules.pupil_sheet import PRESET_TITLES, SEXES
from backend.classes.rules.teams import Teacher
from backend.policy.rules.places import RowFault
from backend.policy.rules.sheets import Column, RowReader, Rows, SheetReader

YOUNGEST, OLDEST = 18, 75
COLUMNS = (
    Column("no", "工号", ("编号",)),
    Column("name", "姓名"),
    Column("sex", "性别"),
    Column("born_on", "出生日期", ("出生年月",)),
    Column("title", "职称"),
    Column("subject", "任教学科", ("学科",)),
    Column("skill", "业务水平", ("业务评分", "考核分")),
    Column("heads", "班主任"),
)
ALLOWED_TITLES = ("班主任",)


@dataclass(frozen=True)
class TeacherLine:
    """One row: `skill` is the school's appraisal from 0 to 100, `heads` whether the teacher heads a class."""

    no: str
    name: str
    sex: str
    born_on: str
    title: str
    subject: str
    skill: int
    heads: bool

    def as_json(self) -> dict[str, Any]:
        """The row as it is sealed."""
        return asdict(self)

    def teacher(self, today: date) -> Teacher:
        """The teacher for the rule that makes teams: without the name, the age in whole years."""
        born = date.fromisoformat(self.born_on)
        age = today.year - born.year - ((today.month, today.day) < (born.month, born.day))
        return Teacher(self.no, self.sex, age, self.title, self.subject, self.skill, self.heads)


def read_teacher_sheet(rows: Rows, today: date) -> tuple[list[TeacherLine], list[RowFault]]:
    """The rows of the sheet and its faults; a column that puts a teacher into a class is refused."""
    forbidden = [title for title in PRESET_TITLES if title not in ALLOWED_TITLES]
    if preset := [cell.strip() for cell in (rows[0] if rows else []) if cell.strip() in forbidden]:
        return [], [RowFault(1, title, f"“{title}”这一列会为教师预先定班，不能有。请删去这一列。") for title in preset]
    sheet = SheetReader(COLUMNS, rows)
    lines: dict[str, TeacherLine] = {}
    for row in sheet:
        line = _line(row, today)
        if line.no in lines:
            row.fault("no", f"工号“{line.no}”重复出现。")
        if row.sound:
            lines[line.no] = line
    return sorted(lines.values(), key=lambda line: line.no), sheet.faults


def _line(row: RowReader, today: date) -> TeacherLine:
    sex, born_on = row.text("sex", 4), row.text("born_on", 10)
    if sex and sex not in SEXES:
        row.fault("sex", f"“{sex}”看不懂，请填“男”或“女”。")
    try:
        age = today.year - date.fromisoformat(born_on).year
        if not YOUNGEST <= age <= OLDEST:
            row.fault("born_on", f"按“{born_on}”算，这位教师 {age} 岁，请核对。")
    except ValueError:
        if born_on:
            row.fault("born_on", f"“{born_on}”不是日期，应像 1985-03-15。")
    return TeacherLine(
        row.text("no", 40),
        row.text("name", 60),
        SEXES.get(sex, ""),
        born_on,
        row.text("title", 20),
        row.text("subject", 20),
        row.whole_number("skill", 0, 100),
        row.yes("heads"),
    )

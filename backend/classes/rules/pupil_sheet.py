"""The school's sheet of pupils: scores, special needs and conflicts of those admitted, and pupils who did not come
through the platform. Every row's faults are told at once; there is no column for a class (contracts 3).
"""

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any

from backend.classes.rules.reading import read_hundredths
from backend.classes.rules.values import points
from backend.families.rules.ethnicities import read_ethnicity
from backend.policy.rules.places import RowFault
from backend.policy.rules.sheets import Column, RowReader, Rows, SheetReader

SCORE_SUFFIX = "成绩"
TOTAL_TITLES = ("总分", "总成绩")
PRESET_TITLES = ("班级", "班", "班号", "分班", "class", "班主任", "教师", "老师")
SEXES = {"男": "male", "女": "female"}
MOST_TWINS = 4
COLUMNS = (
    Column("no", "编号", ("回执号", "学号")),
    Column("name", "姓名"),
    Column("sex", "性别", needed=False),
    Column("ethnicity", "民族", needed=False),
    Column("household", "户籍地", ("户籍所在地",), needed=False),
    Column("born_on", "出生日期", needed=False),
    Column("special", "特殊需要", ("随班就读",), needed=False),
    Column("twins", "双胞胎同班组", ("同班组",), needed=False),
    Column("apart", "分开组", ("冲突组",), needed=False),
)


@dataclass(frozen=True)
class PupilLine:
    """One row. The person's columns are empty for a child that the platform knows; scores are points in shortest form."""

    no: str
    name: str
    special: bool
    apart: str
    scores: Mapping[str, str] = field(default_factory=dict)
    sex: str = ""
    ethnicity: str = ""
    household: str = ""
    born_on: str = ""
    twins: str = ""

    def as_json(self) -> dict[str, Any]:
        """The row as it is sealed."""
        return asdict(self)


def read_pupil_sheet(
    rows: Rows, names: Mapping[str, str], *, takes_scores: bool = True
) -> tuple[list[PupilLine], list[RowFault]]:
    """The rows of the sheet and its faults; `names` are the admitted children that the platform knows, by receipt.

    A child that the platform knows needs its number and its name (they must belong together); the rest of the person
    stands in the application. Anybody else needs sex, ethnicity, household place and date of birth. Where the sheet
    has scores every pupil of the school has all of them. Columns that would hold a class or a teacher are refused, and
    scores where the school `takes_scores` not: primary schools examine nobody (A32, D05).
    """
    scores = _score_columns(rows)
    sheet = SheetReader((*COLUMNS, *scores), rows)
    if preset := [cell.strip() for cell in (rows[0] if rows else []) if cell.strip() in PRESET_TITLES]:
        return [], [RowFault(1, title, f"“{title}”这一列会预先定班，不能有。请删去这一列。") for title in preset]
    if scores and not takes_scores:
        what = "小学和幼儿园不考试，分班不用成绩。请删去这一列。"
        return [], [RowFault(1, column.title, what) for column in scores]
    lines: dict[str, PupilLine] = {}
    for row in sheet:
        line = _line(row, names, scores)
        if line.no in lines:
            row.fault("no", f"编号“{line.no}”重复出现。")
        if row.sound:
            lines[line.no] = line
    faults = [*sheet.faults, *_large_groups(lines), *_missing_scores(lines, names, bool(scores))]
    return sorted(lines.values(), key=lambda line: line.no), faults


def _score_columns(rows: Rows) -> tuple[Column, ...]:
    titles = [cell.strip() for cell in rows[0]] if rows else []
    found = [Column("score", title) for title in titles if title in TOTAL_TITLES][:1]
    subjects = [title for title in titles if title.endswith(SCORE_SUFFIX) and title not in TOTAL_TITLES]
    named = [title.removesuffix(SCORE_SUFFIX) for title in subjects]
    return (*found, *(Column(f"score_{name}", f"{name}{SCORE_SUFFIX}") for name in dict.fromkeys(named) if name))


def _line(row: RowReader, names: Mapping[str, str], scores: tuple[Column, ...]) -> PupilLine:
    no, name = row.text("no", 40), row.text("name", 60)
    person: dict[str, str] = {}
    if no in names:
        if name and name != names[no]:
            row.fault("name", f"编号“{no}”的学生不叫“{name}”，请核对是不是错了行。")
        if row.cells.get("twins"):
            row.fault("twins", "平台报名的双胞胎由家长自己选择同班或分开，这里请空着。")
    else:
        person = _person(row)
    return PupilLine(
        no,
        name,
        row.yes("special") if "special" in row.cells else False,
        row.text("apart", 40) if "apart" in row.cells else "",
        {column.key: _score(row, column) for column in scores},
        **person,
    )


def _person(row: RowReader) -> dict[str, str]:
    told = {key: row.text(key, 60) if key in row.cells else "" for key in ("sex", "ethnicity", "household", "twins")}
    for key in ("sex", "ethnicity", "household"):
        if not told[key]:
            row.fault(key, "编号不在本校已确认的名单里；平台以外的学生，性别、民族、户籍地、出生日期都要填。")
    if told["sex"] and told["sex"] not in SEXES:
        row.fault("sex", f"“{told['sex']}”看不懂，请填“男”或“女”。")
    known = read_ethnicity(told["ethnicity"]) if told["ethnicity"] else None
    if told["ethnicity"] and known is None:
        row.fault("ethnicity", f"没有“{told['ethnicity']}”这个民族，请写全称，如“蒙古族”。")
    born_on = row.cells.get("born_on", "")
    try:
        date.fromisoformat(born_on)
    except ValueError:
        row.fault("born_on", f"“{born_on}”不是日期，应像 2020-03-15。")
    return told | {"sex": SEXES.get(told["sex"], ""), "ethnicity": known or "", "born_on": born_on}


def _score(row: RowReader, column: Column) -> str:
    text = row.text(column.key, 12)
    hundredths = read_hundredths(text)
    if text and hundredths is None:
        row.fault(column.key, f"“{text}”不是分数，应是 0 到 999999.99 的数，最多两位小数。")
    return points(hundredths) if hundredths is not None else ""


def _large_groups(lines: Mapping[str, PupilLine]) -> list[RowFault]:
    groups: dict[str, int] = {}
    for line in lines.values():
        groups[line.twins] = groups.get(line.twins, 0) + 1
    return [
        RowFault(0, "双胞胎同班组", f"同班组“{label}”有 {count} 人；同班组只给双胞胎、多胞胎，最多 {MOST_TWINS} 人。")
        for label, count in groups.items()
        if label and (count > MOST_TWINS or re.search(r"\d+ *班", label))
    ]


def _missing_scores(lines: Mapping[str, PupilLine], names: Mapping[str, str], has_scores: bool) -> list[RowFault]:  # noqa: FBT001  # one use
    if not has_scores:
        return []
    return [
        RowFault(0, "编号", f"表里有成绩，却没有“{no}”这名学生；有成绩的表要包含全部学生。")
        for no in sorted(set(names) - set(lines))
    ]

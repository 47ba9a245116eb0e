"""Sheets of the exam office about people: candidates and their scores; every row's faults told at once."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

from backend.policy.rules.places import RowFault
from backend.policy.rules.sheets import Column, RowReader, Rows, SheetReader
from backend.zhongkao.rules.exam_rules import ExamRules
from backend.zhongkao.rules.exam_sheets import BANNER, CODE, read_score
from backend.zhongkao.rules.scores import hundredths_of

NUMBER = r"[0-9A-Za-z]{4,20}"
PHONE = r"1[3-9][0-9]{9}"

CANDIDATES = (
    Column("number", "准考证号"),
    Column("name", "姓名"),
    Column("phone", "手机号", ("联系电话",), needed=False),
    Column("junior", "学籍学校代码", ("毕业学校代码",)),
    Column("school_banner", "学籍旗区代码"),
    Column("household_banner", "户籍旗区代码"),
    Column("attends", "在籍在读", needed=False),
    Column("outside", "市外就读", needed=False),
    Column("former", "往届", needed=False),
    Column("enrolled_on", "学籍取得日期", needed=False),
    Column("tags", "语言与特长", needed=False),
)


@dataclass(frozen=True)
class CandidateLine:
    """A candidate as the registration gives him."""

    number: str
    name: str
    phone: str
    junior: str
    school_banner: str
    household_banner: str
    attends: bool
    outside: bool
    fresh: bool
    enrolled_on: date | None
    tags: tuple[str, ...]


@dataclass(frozen=True)
class ScoreLine:
    """One candidate's scores by subject, in hundredths."""

    number: str
    subjects: Mapping[str, int]


def read_candidates(rows: Rows, juniors: Collection[str]) -> tuple[list[CandidateLine], list[RowFault]]:
    """Candidates. Faults: a number twice, a junior school that is not known (unless he studied outside the city)."""
    sheet = SheetReader(CANDIDATES, rows)
    found: dict[str, CandidateLine] = {}
    for row in sheet:
        line = _candidate(row)
        if line.number in found:
            row.fault("number", f"准考证号“{line.number}”重复出现。")
        if line.junior and not line.outside and line.junior not in juniors:
            row.fault("junior", f"没有代码为“{line.junior}”的初中，请先导入初中。")
        if row.sound:
            found[line.number] = line
    return [found[number] for number in sorted(found)], sheet.faults


def _candidate(row: RowReader) -> CandidateLine:
    phone = row.text("phone", 20)
    if phone and not re.fullmatch(PHONE, phone):
        row.fault("phone", f"“{phone}”不是11位手机号码。")
    if not phone:
        row.sheet.fault(row.number, "phone", "没有手机号，这名考生不能自己登录，要到考试中心补登。", grave=False)
    return CandidateLine(
        row.code("number", NUMBER, "2610001"),
        row.text("name", 50),
        phone,
        row.code("junior", CODE, "150602-J01"),
        row.code("school_banner", BANNER, "150602"),
        row.code("household_banner", BANNER, "150602"),
        row.yes("attends") if row.cells.get("attends") else True,
        row.yes("outside"),
        not row.yes("former"),
        _day(row),
        tuple(sorted(one for one in re.split(r"[、,，;；\s]+", row.text("tags", 100)) if one)),
    )


def _day(row: RowReader) -> date | None:
    text = row.text("enrolled_on", 10)
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        row.fault("enrolled_on", f"“{text}”不是日期，应像 2023-09-01。")
        return None


def read_scores(rows: Rows, rules: ExamRules, numbers: Collection[str]) -> tuple[list[ScoreLine], list[RowFault]]:
    """Scores: 准考证号 and a column for each subject (its name or code). An empty cell means absent: no score, 0 in the sum."""
    columns = (
        Column("number", "准考证号"),
        *(Column(one.code, one.name, needed=one.counts) for one in rules.subjects),
    )
    sheet = SheetReader(columns, rows)
    full = {one.code: hundredths_of(one.full) for one in rules.subjects}
    known, found = set(numbers), dict[str, ScoreLine]()
    for row in sheet:
        number = row.code("number", NUMBER, "2610001")
        if number and number not in known:
            row.fault("number", f"没有准考证号为“{number}”的考生，请先导入考生。")
        if number in found:
            row.fault("number", f"准考证号“{number}”重复出现。")
        scores = {code: read_score(row, code, row.cells[code]) for code in full if row.cells.get(code)}
        for code, score in scores.items():
            if score > full[code]:
                row.fault(code, f"“{row.cells[code]}”超过了满分 {full[code] / 100:g}。")
        if row.sound:
            found[number] = ScoreLine(number, scores)
    return [found[number] for number in sorted(found)], sheet.faults

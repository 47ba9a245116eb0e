"""Sheets of the exam office about schools: junior schools, plan units, former years' lines; every row's faults told at once."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from backend.policy.rules.places import RowFault
from backend.policy.rules.sheets import Column, RowReader, Rows, SheetReader
from backend.zhongkao.rules.eligibility import Terms
from backend.zhongkao.rules.exam_rules import ExamRules
from backend.zhongkao.rules.scores import NotAScore, hundredths_of

BANNER = r"[0-9]{6}"
CODE = r"[0-9A-Za-z-]{1,60}"
LANGUAGES = {"汉授": "zh", "蒙授": "mn", "zh": "zh", "mn": "mn", "": "zh"}
MOST_PLACES = 20_000
MOST_CANDIDATES = 1_000_000

JUNIORS = (
    Column("code", "学校代码"),
    Column("name", "学校名称"),
    Column("banner", "旗区代码"),
    Column("classes", "毕业班数", ("班数",)),
    Column("pupils", "毕业生数", ("人数",)),
)
UNITS = (
    Column("code", "计划代码"),
    Column("school", "学校代码"),
    Column("name", "名称"),
    Column("banner", "旗区代码"),
    Column("category", "类别"),
    Column("plan", "计划数", ("招生计划",)),
    Column("language", "授课语言", needed=False),
    Column("origin", "生源范围", needed=False),
    Column("talent", "特长要求", needed=False),
    Column("subject_lines", "单科线", needed=False),
    Column("line", "最低线", needed=False),
)
FORMER_LINES = (
    Column("unit", "计划代码"),
    Column("year", "年份"),
    Column("lowest", "录取最低分"),
    Column("place", "最低分位次", ("位次",)),
    Column("candidates", "全市考生数", ("考生数",)),
)
FORMER_YEARS = 3


@dataclass(frozen=True)
class FormerLine:
    """How far a unit went in a former year: total in hundredths, its place in the city among so many candidates."""

    unit: str
    year: int
    lowest: int
    place: int
    candidates: int


@dataclass(frozen=True, order=True)
class JuniorLine:
    """A junior school with its graduating classes and pupils."""

    code: str
    name: str
    banner: str
    classes: int
    pupils: int


@dataclass(frozen=True)
class UnitLine:
    """A plan unit with its places and conditions; `origin` in words."""

    code: str
    school: str
    name: str
    banner: str
    category: str
    plan: int
    language: str
    origin: str
    terms: Terms


def read_juniors(rows: Rows) -> tuple[list[JuniorLine], list[RowFault]]:
    """Junior schools. Faults: a code twice, pupils without a class."""
    sheet = SheetReader(JUNIORS, rows)
    found: dict[str, JuniorLine] = {}
    for row in sheet:
        line = JuniorLine(
            row.code("code", CODE, "150602-J01"),
            row.text("name", 60),
            row.code("banner", BANNER, "150602"),
            row.whole_number("classes", 0, 200),
            row.whole_number("pupils", 0, 10_000),
        )
        if line.code in found:
            row.fault("code", f"学校代码“{line.code}”重复出现。")
        if line.pupils and not line.classes:
            row.fault("classes", "有毕业生却没有毕业班。")
        if row.sound:
            found[line.code] = line
    return sorted(found.values()), sheet.faults


def read_units(rows: Rows, rules: ExamRules) -> tuple[list[UnitLine], list[RowFault]]:
    """Plan units. 生源范围: banner codes with 、 between, empty = the whole city; 单科线: code=score with 、 between."""
    sheet = SheetReader(UNITS, rows)
    categories = {name: one.code for one in rules.categories for name in (one.code, one.name)}
    subjects = {name: one.code for one in rules.subjects for name in (one.code, one.name)}
    found: dict[str, UnitLine] = {}
    for row in sheet:
        line = _unit(row, categories, subjects)
        if line.code in found:
            row.fault("code", f"计划代码“{line.code}”重复出现。")
        if row.sound:
            found[line.code] = line
    return [found[code] for code in sorted(found)], sheet.faults


def _unit(row: RowReader, categories: Mapping[str, str], subjects: Mapping[str, str]) -> UnitLine:
    category = categories.get(row.text("category", 40), "")
    if not category:
        row.fault("category", f"规则里没有“{row.cells['category']}”这个类别。")
    language = LANGUAGES.get(row.text("language", 10))
    if language is None:
        row.fault("language", "授课语言请填汉授或蒙授。")
    banners = [one for one in re.split(r"[、,，;；\s]+", row.text("origin", 200)) if one and one != "全市"]
    for banner in banners:
        if not re.fullmatch(BANNER, banner):
            row.fault("origin", f"“{banner}”不是旗区代码，应像 150602；全市请空着。")
    terms = Terms(
        banners=frozenset(banners),
        language="mn" if language == "mn" else None,
        talent=row.text("talent", 40) or None,
        subject_lines=tuple(_subject_lines(row, subjects)),
        line=read_score(row, "line", row.text("line", 10)) if row.cells.get("line") else 0,
    )
    return UnitLine(
        row.code("code", CODE, "150602-S01-general"),
        row.code("school", CODE, "150602-S01"),
        row.text("name", 80),
        row.code("banner", BANNER, "150602"),
        category,
        row.whole_number("plan", 0, MOST_PLACES),
        language or "zh",
        "、".join(sorted(banners)) or "全市",
        terms,
    )


def _subject_lines(row: RowReader, subjects: Mapping[str, str]) -> Iterable[tuple[str, int]]:
    for part in re.split(r"[、,，;；\s]+", row.text("subject_lines", 200)):
        if not part:
            continue
        name, _, score = part.partition("=")
        if name not in subjects or not score:
            row.fault("subject_lines", f"“{part}”看不懂，应像 语文=80。")
        else:
            yield subjects[name], read_score(row, "subject_lines", score)


def read_former_lines(rows: Rows, year: int, units: frozenset[str]) -> tuple[list[FormerLine], list[RowFault]]:
    """Lines of the three years before `year`. Faults: a unit that is not planned, a year twice, a place behind the last."""
    sheet = SheetReader(FORMER_LINES, rows)
    found: dict[tuple[str, int], FormerLine] = {}
    for row in sheet:
        line = FormerLine(
            row.code("unit", CODE, "150602-S01-general"),
            row.whole_number("year", year - FORMER_YEARS, year - 1),
            read_score(row, "lowest", row.text("lowest", 10)),
            row.whole_number("place", 1, MOST_CANDIDATES),
            row.whole_number("candidates", 1, MOST_CANDIDATES),
        )
        if line.unit not in units:
            row.fault("unit", f"今年的招生计划里没有“{line.unit}”，请先导入招生计划。")
        if (line.unit, line.year) in found:
            row.fault("year", f"“{line.unit}” {line.year} 年写了两次。")
        if line.place > line.candidates:
            row.fault("place", "位次不能大于全市考生数。")
        if row.sound:
            found[line.unit, line.year] = line
    return list(found.values()), sheet.faults


def read_score(row: RowReader, key: str, text: str) -> int:
    """The score in hundredths; 0 with a fault where the text is none."""
    try:
        return hundredths_of(text.strip())
    except NotAScore:
        row.fault(key, f"“{text}”不是成绩：请填数字，最多两位小数。")
        return 0

"""Schools, plans, overflow lists and rosters read from sheets: values, and every row's faults at once."""

import re
from collections.abc import Callable, Collection, Iterable, Mapping

from backend.policy.rules.facts import STAGE_LETTERS, STAGES
from backend.policy.rules.places import OverflowLine, PlanLine, RosterLine, RowFault, School
from backend.policy.rules.sheets import WHOLE_SHEET, Column, RowReader, Rows, SheetReader

SCHOOL_CODE = r"[0-9]{6}-[PJK][0-9]{2}"
SCHOOL_LIKE = "150603-P01（旗区代码、短横线、P小学 J初中 K幼儿园、两位序号）"
MOST_SEATS = 3000
CLASS_SIZES = {"kindergarten": 30, "primary": 45, "junior": 50}
"""Most children in a class, for the classes that a plan makes (E15; kindergarten: 幼儿园工作规程, 小班 25 to 30)."""

SCHOOL_COLUMNS = (
    Column("code", "学校代码"),
    Column("name", "学校名称"),
    Column("stage", "学段"),
    Column("private", "民办", needed=False),
    Column("address", "学校地址", ("地址",)),
    Column("phone", "联系电话", ("电话",), needed=False),
    Column("conditions", "办学条件", needed=False),
    Column("group", "教育集团", ("集团",), needed=False),
    Column("longitude", "经度", needed=False),
    Column("latitude", "纬度", needed=False),
)
PLAN_COLUMNS = (
    Column("school", "学校代码"),
    Column("stage", "学段", needed=False),
    Column("seats", "计划人数", ("招生计划", "学位数")),
    Column("classes", "班数", needed=False),
)
OVERFLOW_COLUMNS = (
    Column("school", "学校代码"),
    Column("place", "调剂顺序", ("顺序", "order")),
    Column("to_school", "调剂学校代码", ("调剂学校", "other_school")),
)
ROSTER_COLUMNS = (
    Column("name", "姓名"),
    Column("id_number", "身份证号", ("身份证号码", "公民身份号码")),
    Column("from_school", "毕业学校代码", ("学校代码",)),
    Column("guardian_name", "监护人姓名", needed=False),
    Column("guardian_phone", "监护人电话", ("联系电话",), needed=False),
)


def read_schools(rows: Rows, banner: str | None = None) -> tuple[list[School], list[RowFault]]:
    """The schools of a sheet (A07). Faults: codes twice, names twice, stage unknown or against the code, other banner."""
    sheet = SheetReader(SCHOOL_COLUMNS, rows)
    schools: dict[str, School] = {}
    names: dict[tuple[str, str], int] = {}
    for row in sheet:
        school = _school(row, banner)
        if school.code in schools:
            row.fault("code", f"学校代码“{school.code}”重复出现。")
        if names.setdefault((school.stage, school.name), row.number) != row.number:
            row.fault("name", f"同一学段里“{school.name}”已在第{names[school.stage, school.name]}行出现过。")
        if row.sound:
            schools[school.code] = school
    return sorted(schools.values()), sheet.faults


def _school(row: RowReader, banner: str | None) -> School:
    code = row.code("code", SCHOOL_CODE, SCHOOL_LIKE)
    stage = row.stage()
    letter = STAGE_LETTERS.get(code[7:8], "")
    if stage and letter and letter != stage:
        row.fault("stage", f"学校代码“{code}”是{STAGES[letter]}的代码，学段却填了{STAGES[stage]}。")
    if banner is not None and re.fullmatch(SCHOOL_CODE, code) and not code.startswith(f"{banner}-"):
        row.fault("code", f"“{code}”不是本旗区（{banner}）的学校。")
    return School(
        code,
        row.text("name"),
        stage,
        row.yes("private"),
        row.text("address"),
        row.text("phone", 20),
        row.text("conditions", 2000),
        row.text("group", 60),
        read_position(row),
    )


def read_position(row: RowReader) -> tuple[int, int] | None:
    """Both coordinates or none; maps and the overflow to the nearest school are made from them."""
    east, north = row.degrees("longitude", 180), row.degrees("latitude", 90)
    if (east is None) != (north is None):
        row.fault("latitude" if north is None else "longitude", "经度和纬度要么都填，要么都空着。")
    return None if east is None or north is None else (east, north)


def read_plan(rows: Rows, schools: Iterable[School]) -> tuple[list[PlanLine], list[RowFault]]:
    """The recruitment plan (D12b). Faults: unknown school, twice, seats not a whole number from 1, school without seats."""
    sheet = SheetReader(PLAN_COLUMNS, rows)
    known = {school.code: school for school in schools}
    plan: dict[str, PlanLine] = {}
    seen: set[str] = set()
    for row in sheet:
        school = known_school(row, "school", known)
        seats = row.whole_number("seats", 1, MOST_SEATS)
        size = CLASS_SIZES[known[school].stage] if school in known else 1
        classes = row.whole_number("classes", 1, 100) if row.cells.get("classes") else -(-seats // size)
        if school in seen:
            row.fault("school", f"学校“{school}”的计划写了两次。")
        seen.add(school)
        if row.sound and seats > classes * size:
            sheet.fault(row.number, "classes", f"每班平均超过{size}人，会形成大班额，请核对班数。", grave=False)
        if row.sound:
            plan[school] = PlanLine(school, seats, classes)
    if not any(fault.row == 1 and fault.grave for fault in sheet.faults):
        for code in sorted(known.keys() - seen):
            sheet.fault(WHOLE_SHEET, "", f"{known[code].name}（{code}）没有招生计划。")
    return sorted(plan.values()), sheet.faults


def known_school(row: RowReader, key: str, known: Mapping[str, School]) -> str:
    """The code of a school of the banner; faults where it is none, or where the row's 学段 is not the school's."""
    code = row.code(key, SCHOOL_CODE, SCHOOL_LIKE)
    if re.fullmatch(SCHOOL_CODE, code) and code not in known:
        row.fault(key, f"没有代码为“{code}”的学校，请先导入学校。")
    stage = row.cells.get("stage", "")
    if stage and code in known and stage not in {known[code].stage, STAGES[known[code].stage]}:
        row.fault("stage", f"“{code}”的学段是{STAGES[known[code].stage]}，这里填了“{stage}”。")
    return code


def read_overflow(rows: Rows, schools: Iterable[School]) -> tuple[list[OverflowLine], list[RowFault]]:
    """The overflow list of each school (contracts 2). Faults: unknown or same school, other stage, gaps, repeats."""
    sheet = SheetReader(OVERFLOW_COLUMNS, rows)
    known = {school.code: school for school in schools}
    lines: dict[tuple[str, int], OverflowLine] = {}
    targets: set[tuple[str, str]] = set()
    for row in sheet:
        school, to_school = known_school(row, "school", known), known_school(row, "to_school", known)
        place = row.whole_number("place", 1, 99)
        if school and school == to_school:
            row.fault("to_school", "调剂学校不能是学校自己。")
        if school in known and to_school in known and known[school].stage != known[to_school].stage:
            row.fault("to_school", f"“{school}”和“{to_school}”不是同一学段。")
        if (school, place) in lines:
            row.fault("place", f"学校“{school}”的第{place}个调剂学校写了两次。")
        if (school, to_school) in targets:
            row.fault("to_school", f"学校“{school}”的调剂学校“{to_school}”写了两次。")
        targets.add((school, to_school))
        if row.sound:
            lines[school, place] = OverflowLine(school, place, to_school)
    for school in sorted({school for school, _ in lines}):
        places = sorted(place for owner, place in lines if owner == school)
        if places != list(range(1, len(places) + 1)):
            sheet.fault(
                WHOLE_SHEET, "", f"学校“{school}”的调剂顺序应从1开始连续编号，现在是{'、'.join(map(str, places))}。"
            )
    return sorted(lines.values()), sheet.faults


def read_roster(
    rows: Rows, id_fault: Callable[[str], str | None], from_schools: Collection[str] | None = None
) -> tuple[list[RosterLine], list[RowFault]]:
    """A roster of children (D13): name, ID number, the school they leave.

    `id_fault(number)` says in Chinese what is wrong with an ID number (GB 11643), None where nothing is; the number
    is kept trimmed with a capital X. `from_schools`: the codes allowed, None for any of the right form. A child
    twice on the roster is a fault on the later row.
    """
    sheet = SheetReader(ROSTER_COLUMNS, rows)
    first_rows: dict[str, int] = {}
    roster = []
    for row in sheet:
        number = row.id_number("id_number", id_fault)
        if number and first_rows.setdefault(number, row.number) != row.number:
            row.fault("id_number", f"这个身份证号已在第{first_rows[number]}行出现过。")
        school = row.code("from_school", SCHOOL_CODE, SCHOOL_LIKE)
        if from_schools is not None and re.fullmatch(SCHOOL_CODE, school) and school not in from_schools:
            row.fault("from_school", f"没有代码为“{school}”的学校，请先导入学校。")
        phone = row.text("guardian_phone", 20)
        if phone and not re.fullmatch(r"1[3-9][0-9]{9}", phone):
            row.fault("guardian_phone", f"“{phone}”不是11位手机号码。")
        line = RosterLine(row.text("name", 50), number, school, row.text("guardian_name", 50), phone)
        if row.sound:
            roster.append(line)
    return sorted(roster), sheet.faults

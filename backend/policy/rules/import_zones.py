"""Zones read from a sheet (A06, A07, D12a): which address unit belongs to which school, which primary feeds which junior."""

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import NamedTuple

from backend.policy.rules.facts import STAGES
from backend.policy.rules.imports import SCHOOL_CODE, SCHOOL_LIKE, known_school
from backend.policy.rules.places import FeederLine, RowFault, School, Unit, ZoneLine
from backend.policy.rules.sheets import WHOLE_SHEET, Column, RowReader, Rows, SheetReader

UNIT_CODE = r"[0-9]{12}"
ZONE_COLUMNS = (
    Column("school", "学校代码"),
    Column("stage", "学段", needed=False),
    Column("unit", "地址单元代码", ("unit_code", "社区代码", "村居代码"), needed=False),
    Column("unit_name", "地址单元名称", ("社区", "村居"), needed=False),
    Column("seat_types", "适用学位类型", needed=False),
    Column("multi_school", "多校划片", needed=False),
    Column("feeder", "对口小学代码", ("对口小学",), needed=False),
)


class Zones(NamedTuple):
    """What a sheet of zones says: the address units of schools, and the feeder primaries of junior schools (D07)."""

    lines: list[ZoneLine]
    feeders: list[FeederLine]


def read_zones(
    rows: Rows,
    units: Iterable[Unit],
    schools: Iterable[School],
    seat_types: Collection[str] | None = None,
    towns: Collection[str] = (),
) -> tuple[Zones, list[RowFault]]:
    """Zone lines and feeder lines of a sheet, with every fault.

    Faults: unknown school or unit, a unit's name that is not its own, a unit twice in one stage (unless every line
    of it says 多校划片, or the lines admit different seat types), a school without a zone. A unit in no zone of a
    stage is a warning: its children would all be coordinated. `towns` (9-digit codes) are the book's area: outside
    it no gap is told; empty for the whole banner.
    """
    sheet = SheetReader(ZONE_COLUMNS, rows)
    known_units = {unit.code: unit for unit in units}
    known = {school.code: school for school in schools}
    placed: dict[tuple[str, str], list[tuple[int, ZoneLine]]] = defaultdict(list)
    feeders: dict[FeederLine, int] = {}
    for row in sheet:
        school = known.get(known_school(row, "school", known))
        if row.cells.get("feeder") and not row.cells.get("unit"):
            _read_feeder(row, school, known, feeders)
            continue
        line = _zone_line(row, school, known_units, seat_types)
        if line is not None:
            placed[line.stage, line.unit_code].append((row.number, line))
    for lines in placed.values():
        sheet.faults += _doubles(lines)
    zones = [line for lines in placed.values() for _, line in lines]
    if not any(fault.row == 1 and fault.grave for fault in sheet.faults):
        inside = {code: unit for code, unit in known_units.items() if not towns or code[:9] in towns}
        _tell_gaps(sheet, zones, feeders, inside, known)
    return Zones(sorted(zones), sorted(feeders)), sheet.faults


def _read_feeder(
    row: RowReader, school: School | None, known: Mapping[str, School], feeders: dict[FeederLine, int]
) -> None:
    primary = known.get(_known_feeder(row, known))
    if primary is None or school is None:
        return
    line = FeederLine(primary.code, school.code)
    if primary.stage != "primary" or school.stage != "junior":
        row.fault("feeder", "对口直升只能由小学升初中。")
    elif line in feeders:
        row.fault("feeder", f"“{primary.code}”对口“{school.code}”已在第{feeders[line]}行写过。")
    else:
        feeders[line] = row.number


def _known_feeder(row: RowReader, known: Mapping[str, School]) -> str:
    code = row.code("feeder", SCHOOL_CODE, SCHOOL_LIKE)
    if re.fullmatch(SCHOOL_CODE, code) and code not in known:
        row.fault("feeder", f"没有代码为“{code}”的学校，请先导入学校。")
    return code


def _zone_line(
    row: RowReader,
    school: School | None,
    units: Mapping[str, Unit],
    seat_types: Collection[str] | None,
) -> ZoneLine | None:
    code = row.code("unit", UNIT_CODE, "150603001001（12位）")
    unit = units.get(code)
    if not code:
        row.fault("unit", "“地址单元代码”和“对口小学代码”至少填一个。")
    elif re.fullmatch(UNIT_CODE, code) and unit is None:
        row.fault("unit", f"没有代码为“{code}”的地址单元。")
    named = row.text("unit_name")
    if unit is not None and named and named != unit.name:
        row.fault("unit_name", f"{code} 的名称是“{unit.name}”，表里写的是“{named}”，请核对代码。")
    kinds = tuple(sorted(part for part in re.split(r"[,，、;；\s]+", row.text("seat_types")) if part))
    for kind in kinds if seat_types is not None else ():
        if kind not in (seat_types or ()):
            row.fault("seat_types", f"招生规则册里没有学位类型“{kind}”。")
    multi = row.yes("multi_school")
    if school is None or unit is None or not row.sound:
        return None
    return ZoneLine(school.code, school.name, school.stage, code, unit.name, kinds, multi)


def _doubles(lines: list[tuple[int, ZoneLine]]) -> Iterator[RowFault]:
    """Faults of the lines of one unit at one stage, on every row after the first that it clashes with."""
    for later, (number, line) in enumerate(lines):
        for earlier_number, earlier in lines[:later]:
            if line.school == earlier.school:
                yield RowFault(number, "地址单元代码", f"“{line.unit_name}”已在第{earlier_number}行划给同一所学校。")
            elif not (line.multi_school and earlier.multi_school) and not _apart(line, earlier):
                what = (
                    f"“{line.unit_name}”在{STAGES[line.stage]}已划给“{earlier.school_name}”（第{earlier_number}行）。"
                )
                hint = "多所学校共同划片的，请在每一行的“多校划片”填“是”。"
                yield RowFault(number, "地址单元代码", what + hint)


def _apart(line: ZoneLine, other: ZoneLine) -> bool:
    return bool(line.seat_types and other.seat_types and not set(line.seat_types) & set(other.seat_types))


def _tell_gaps(
    sheet: SheetReader,
    zones: Iterable[ZoneLine],
    feeders: Iterable[FeederLine],
    units: Mapping[str, Unit],
    schools: Mapping[str, School],
) -> None:
    zones = list(zones)
    served = {line.school for line in zones} | {line.junior for line in feeders}
    for code, school in sorted(schools.items()):
        if code not in served and not school.private:
            sheet.fault(WHOLE_SHEET, "", f"{school.name}（{code}）没有划片范围。")
    stages = [stage for stage in STAGES if any(school.stage == stage for school in schools.values())]
    covered = {(line.stage, line.unit_code) for line in zones}
    for code, unit in sorted(units.items()):
        open_stages = [STAGES[stage] for stage in stages if (stage, code) not in covered]
        if open_stages:
            what = f"{unit.name}（{code}）没有划入{'、'.join(open_stages)}片区，那里的孩子只能统筹安排。"
            sheet.fault(WHOLE_SHEET, "", what, grave=False)

"""The tables an official of the simulated city would have: schools, plan, zones, overflow, as CSV and as workbooks."""

import csv
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from rehearsal import land, sheets
from rehearsal.areas import RANKED
from rehearsal.schools import School


def write_tables(folder: Path, schools: Sequence[School], seats: dict[str, int]) -> None:
    """The tables an official would have, as CSV for the whole city and as one workbook a banner and table."""
    tables: dict[str, tuple[tuple[str, ...], list[tuple[Any, ...]]]] = {
        "schools": (
            ("code", "name", "stage", "group", "address", "conditions", "longitude", "latitude"),
            [(s.code, s.name, s.stage, group_of(s), s.address, s.conditions(seats[s.code]), *s.point) for s in schools],
        ),
        "plan": (("school", "stage", "seats"), [(s.code, s.stage, seats[s.code]) for s in schools]),
        "zones": (("school", "stage", "unit_code", "multi_school"), zone_rows(schools)),
        "overflow": (
            ("school", "order", "other_school"),
            [(s.code, order, other) for s in schools for order, other in enumerate(s.overflow, 1)],
        ),
    }
    for name, (header, rows) in tables.items():
        write_csv(folder / f"{name}.csv", header, rows)
        for banner in {school.banner for school in schools}:
            own = [row for row in rows if str(row[0]).startswith(banner)]
            sheets.write_workbook(folder / "sheets" / f"{banner}-{name}.xlsx", name, header, own)
    points = land.points()
    codes = sorted({code for school in schools for code in school.units})
    write_csv(folder / "places.csv", ("unit_code", "lon", "lat"), [(code, *points[code]) for code in codes])


def group_of(school: School) -> str:
    """Every third school of a banner and stage belongs to one school group (教育集团, B20), which does not exist either."""
    return f"{school.banner}演练教育集团" if int(school.code[-2:]) % 3 == 1 else ""


def zone_rows(schools: Sequence[School]) -> list[tuple[str, str, str, str]]:
    """A row a school and unit; where families rank, a unit is also in the zone of the school nearest to its own."""
    rows = []
    for school in schools:
        is_shared = (school.banner, school.stage) in RANKED and bool(school.overflow)
        codes = (school.code, *school.overflow[:1]) if is_shared else (school.code,)
        rows += [(code, school.stage, unit, "是" if is_shared else "") for code in codes for unit in school.units]
    return rows


def write_csv(path: Path, header: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    r"""One CSV file: UTF-8, `\n` line ends, a header."""
    with path.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)

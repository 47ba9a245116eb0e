"""The kinds of sheets: how each is read against what the banner has, and how its rows replace the former ones."""

import json
import uuid
from collections.abc import Callable
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert

from backend.foundation.crypto import blind_index, seal, shred
from backend.foundation.database import db
from backend.policy.gateways import id_number_fault, read_homes
from backend.policy.places import schools_of, units_of, zone_lines_of
from backend.policy.rows import AddressUnit, Feeder, FormerLine, Overflow, Plan, RosterChild, SchoolRow, Zone
from backend.policy.rules.book import Book
from backend.policy.rules.import_lines import read_lines
from backend.policy.rules.import_units import read_units
from backend.policy.rules.import_zones import Zones, read_zones
from backend.policy.rules.imports import read_overflow, read_plan, read_roster, read_schools
from backend.policy.rules.places import RosterLine, RowFault, ZoneLine
from backend.policy.rules.seat_types import shown_classes
from backend.policy.rules.sheets import Rows
from backend.policy.rules.zone_stability import stability_warnings

TakeOver = Callable[[], None]
Reading = tuple[TakeOver, list[RowFault]]


def _units(book: Book, rows: Rows) -> Reading:
    units, faults = read_units(rows, book.banner)

    def take_over() -> None:
        for unit in units:
            db.session.merge(
                AddressUnit(
                    code=unit.code,
                    name=unit.name,
                    town=unit.town,
                    banner=unit.banner,
                    longitude=unit.position and unit.position[0],
                    latitude=unit.position and unit.position[1],
                )
            )

    return take_over, faults


def _schools(book: Book, rows: Rows) -> Reading:
    schools, faults = read_schools(rows, book.banner)
    faults += [
        RowFault(0, "", f"表中没有 {school.name}（{school.code}），这所学校保持不变。", grave=False)
        for school in schools_of(book.banner)
        if school.code not in {read.code for read in schools}
    ]

    def take_over() -> None:
        for school in schools:
            db.session.merge(
                SchoolRow(
                    code=school.code,
                    banner=book.banner,
                    name=school.name,
                    stage=school.stage,
                    private=school.private,
                    address=school.address,
                    phone=school.phone,
                    conditions=school.conditions,
                    school_group=school.group,
                    longitude=school.position and school.position[0],
                    latitude=school.position and school.position[1],
                )
            )

    return take_over, faults


def _of_banner(table: Any, column: Any, book: Book) -> Any:
    """The statement that deletes the banner's rows of the book's year."""
    codes = select(SchoolRow.code).where(SchoolRow.banner == book.banner)
    return delete(table).where(table.year == book.year, column.in_(codes))


def _seats(book: Book, rows: Rows) -> Reading:
    schools = [school for school in schools_of(book.banner) if school.stage in book.stages]
    plan, faults = read_plan(rows, schools)

    def take_over() -> None:
        db.session.execute(_of_banner(Plan, Plan.school, book))
        db.session.add_all(
            Plan(year=book.year, school=line.school, seats=line.seats, classes=line.classes) for line in plan
        )

    return take_over, faults


def _zones(book: Book, rows: Rows) -> Reading:
    schools = [school for school in schools_of(book.banner) if school.stage in book.stages]
    codes = {shown.code for stage in book.stages for shown in shown_classes(book, stage)}
    zones, faults = read_zones(rows, units_of(book.banner), schools, codes, book.area.towns)
    faults += stability_warnings(_former_zones(book), zones.lines)

    return lambda: _replace_zones(book, zones), faults


def _former_zones(book: Book) -> list[ZoneLine]:
    """The zones that stand: of this year where there are some, else of the year before."""
    return zone_lines_of(book.banner, book.year) or zone_lines_of(book.banner, book.year - 1)


def _replace_zones(book: Book, zones: Zones) -> None:
    db.session.execute(_of_banner(Zone, Zone.school, book))
    db.session.execute(_of_banner(Feeder, Feeder.junior, book))
    db.session.add_all(
        Zone(
            year=book.year,
            school=line.school,
            unit_code=line.unit_code,
            seat_types=list(line.seat_types),
            multi_school=line.multi_school,
        )
        for line in zones.lines
    )
    db.session.add_all(Feeder(year=book.year, primary=line.primary, junior=line.junior) for line in zones.feeders)


def _overflow(book: Book, rows: Rows) -> Reading:
    lines, faults = read_overflow(rows, schools_of(book.banner))

    def take_over() -> None:
        db.session.execute(_of_banner(Overflow, Overflow.school, book))
        db.session.add_all(
            Overflow(year=book.year, school=line.school, place=line.place, to_school=line.to_school) for line in lines
        )

    return take_over, faults


def _lines(book: Book, rows: Rows) -> Reading:
    lines, faults = read_lines(rows, schools_of(book.banner), book.year)

    def take_over() -> None:
        for line in lines:
            db.session.merge(
                FormerLine(
                    year=line.year,
                    school=line.school,
                    plan=line.plan,
                    admitted=line.admitted,
                    seat_type=line.seat_type,
                    keys=list(line.keys),
                )
            )

    return take_over, faults


def _roster(book: Book, rows: Rows) -> Reading:
    roster, faults = read_roster(rows, id_number_fault(), {s.code for s in schools_of(book.banner)})

    return lambda: _replace_roster(book, roster), faults


def _replace_roster(book: Book, roster: list[RosterLine]) -> None:
    """Replace the rosters of the schools that the sheet speaks of; rosters of other schools stay."""
    former = db.session.execute(
        select(RosterChild.id).where(
            RosterChild.year == book.year,
            RosterChild.banner == book.banner,
            RosterChild.from_school.in_(sorted({line.from_school for line in roster})),
        )
    ).scalars()
    for child_id in list(former):
        shred(child_id)
        db.session.execute(delete(RosterChild).where(RosterChild.id == child_id))
    for line in roster:
        child_id = uuid.uuid4()
        guardian = json.dumps([line.guardian_name, line.guardian_phone], ensure_ascii=False)
        values = {
            "id": child_id,
            "year": book.year,
            "banner": book.banner,
            "id_index": blind_index("roster_child.id", line.id_number),
            "from_school": line.from_school,
            "name_sealed": seal(child_id, f"roster_child.name.{child_id}", line.name),
            "guardian_sealed": seal(child_id, f"roster_child.guardian.{child_id}", guardian),
        }
        changed = {name: value for name, value in values.items() if name not in {"year", "banner", "id_index"}}
        db.session.execute(
            insert(RosterChild).values(**values).on_conflict_do_update(constraint="uq_roster_child_id", set_=changed)
        )


def _homes(book: Book, rows: Rows) -> Reading:
    return read_homes()(book, rows)


SHEET_KINDS: dict[str, Callable[[Book, Rows], Reading]] = {
    "units": _units,
    "schools": _schools,
    "seats": _seats,
    "zones": _zones,
    "overflow": _overflow,
    "roster": _roster,
    "lines": _lines,
    "homes": _homes,
}
KIND_NAMES = {
    "units": "地址单元",
    "schools": "学校",
    "seats": "招生计划",
    "zones": "片区",
    "overflow": "调剂顺序",
    "roster": "名册",
    "lines": "往年录取线",
    "homes": "往年学位占用",
}

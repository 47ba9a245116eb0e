"""Questions about units, schools, plans, zones, overflow lists and rosters of the year in force."""

import re
from collections.abc import Sequence

from sqlalchemy import ColumnElement, or_, select

from backend.foundation.crypto import blind_index
from backend.foundation.database import db
from backend.foundation.problems import Refusal
from backend.policy.books_in_force import book_in_force
from backend.policy.rows import AddressUnit, Feeder, FormerLine, Overflow, Plan, RosterChild, SchoolRow, Zone
from backend.policy.rules.book import Book
from backend.policy.rules.nearest import nearest_lists
from backend.policy.rules.places import FormerYear, OverflowLine, PlanLine, School, Unit, ZoneLine, overflow_lists

MOST_UNITS = 20
ENDINGS = re.compile(r"(小区|社区|花园|家园|村|嘎查|街道|镇|苏木)$")
"""Endings that people say differently from the register: 康城小区 for 康城社区."""


class UnitUnknown(Refusal):
    """There is no address unit of this code."""

    code = "unit-unknown"
    status = 422


def unit_named(code: str) -> AddressUnit:
    """The address unit of a 12-digit code. Raises UnitUnknown."""
    unit = db.session.get(AddressUnit, code)
    if unit is None:
        raise UnitUnknown
    return unit


def unit_position(code: str) -> tuple[int, int] | None:
    """The middle of a unit (longitude, latitude) in millionths of a degree, None where it is not told."""
    unit = db.session.get(AddressUnit, code)
    return None if unit is None else _position(unit)


def school_named(code: str) -> SchoolRow | None:
    """The school of a code, or None."""
    return db.session.get(SchoolRow, code)


def schools_of(banner: str, stage: str | None = None) -> list[School]:
    """The schools of a banner (and stage), by code."""
    wanted: list[ColumnElement[bool]] = [SchoolRow.banner == banner]
    if stage is not None:
        wanted.append(SchoolRow.stage == stage)
    rows = db.session.execute(select(SchoolRow).where(*wanted).order_by(SchoolRow.code)).scalars()
    return [_school(row) for row in rows]


def _school(row: SchoolRow) -> School:
    told = (row.code, row.name, row.stage, row.private, row.address, row.phone, row.conditions)
    return School(*told, group=row.school_group, position=_position(row))


def _position(row: SchoolRow | AddressUnit) -> tuple[int, int] | None:
    return None if row.longitude is None or row.latitude is None else (row.longitude, row.latitude)


def units_of(banner: str) -> list[Unit]:
    """The address units of a banner, by code."""
    rows = db.session.execute(
        select(AddressUnit).where(AddressUnit.banner == banner).order_by(AddressUnit.code)
    ).scalars()
    return [Unit(row.code, row.name, row.town, row.banner, _position(row)) for row in rows]


def former_lines_of(banner: str, stage: str) -> list[FormerYear]:
    """The lines of former years that a sheet told of a banner's schools of a stage, by school and year."""
    rows = db.session.execute(
        select(FormerLine)
        .join(SchoolRow, SchoolRow.code == FormerLine.school)
        .where(SchoolRow.banner == banner, SchoolRow.stage == stage)
        .order_by(FormerLine.school, FormerLine.year)
    ).scalars()
    return [
        FormerYear(row.school, row.year, row.plan, row.admitted, row.seat_type, tuple(map(str, row.keys)))
        for row in rows
    ]


def plan_lines_of(banner: str, year: int) -> list[PlanLine]:
    """The plan of a banner's schools in a year, by school."""
    rows = db.session.execute(
        select(Plan.school, Plan.seats, Plan.classes)
        .join(SchoolRow, SchoolRow.code == Plan.school)
        .where(SchoolRow.banner == banner, Plan.year == year)
        .order_by(Plan.school)
    )
    return [PlanLine(school, seats, classes) for school, seats, classes in rows]


def plan_of(banner: str, stage: str) -> dict[str, int]:
    """School → seats of a stage in the year of the book in force. Raises NoBookInForce."""
    stages = {school.code for school in schools_of(banner, stage)}
    lines = plan_lines_of(banner, book_in_force(banner).year)
    return {line.school: line.seats for line in lines if line.school in stages}


def zone_lines_of(banner: str, year: int, stage: str | None = None, unit_code: str | None = None) -> list[ZoneLine]:
    """The zone lines of a banner in a year (of one stage, of one unit), by school and unit."""
    wanted = [SchoolRow.banner == banner, Zone.year == year]
    if stage is not None:
        wanted.append(SchoolRow.stage == stage)
    if unit_code is not None:
        wanted.append(Zone.unit_code == unit_code)
    rows = db.session.execute(
        select(Zone, SchoolRow.name, SchoolRow.stage, AddressUnit.name)
        .join(SchoolRow, SchoolRow.code == Zone.school)
        .join(AddressUnit, AddressUnit.code == Zone.unit_code)
        .where(*wanted)
    )
    return sorted(
        ZoneLine(zone.school, school, of_stage, zone.unit_code, unit, tuple(zone.seat_types), zone.multi_school)
        for zone, school, of_stage, unit in rows
    )


def zones_of(banner: str, stage: str) -> dict[str, list[str]]:
    """Unit → schools of a stage, by code, in the year of the book in force. Raises NoBookInForce."""
    schools: dict[str, list[str]] = {}
    for line in zone_lines_of(banner, book_in_force(banner).year, stage):
        schools.setdefault(line.unit_code, []).append(line.school)
    return schools


def overflow_of(banner: str, stage: str) -> dict[str, list[str]]:
    """School → the schools its zone overflows to, in order, in the year of the book in force. Raises NoBookInForce.

    By the book the lists of the sheet, or those that follow from school groups and positions (`rules/nearest.py`).
    """
    book = book_in_force(banner)
    if book.placement_of(stage).overflow == "nearest":
        return nearest_lists(schools_of(banner, stage))
    rows = db.session.execute(
        select(Overflow.school, Overflow.place, Overflow.to_school)
        .join(SchoolRow, SchoolRow.code == Overflow.school)
        .where(SchoolRow.banner == banner, SchoolRow.stage == stage, Overflow.year == book.year)
    )
    return overflow_lists(OverflowLine(school, place, to_school) for school, place, to_school in rows)


def feeders_of(junior: str, year: int) -> list[str]:
    """The primary schools whose graduates go up to a junior school in a year (D07), by code."""
    rows = db.session.execute(select(Feeder.primary).where(Feeder.junior == junior, Feeder.year == year))
    return sorted(rows.scalars())


def roster_school_of(id_number: str, year: int) -> str | None:
    """The code of the school on whose roster the child stands in a year, or None (facts school.*)."""
    index = blind_index("roster_child.id", id_number)
    return db.session.execute(
        select(RosterChild.from_school)
        .where(RosterChild.id_index == index, RosterChild.year == year)
        .order_by(RosterChild.banner)
        .limit(1)
    ).scalar_one_or_none()


def units_found(text: str, books: Sequence[Book], banner: str | None = None) -> list[tuple[AddressUnit, str]]:
    """At most 20 address units for what somebody typed, with the name to show: by 小区 name, unit name, town or code.

    `books` are the books whose 小区 are searched too; `banner` narrows to one banner.
    """
    words = text.strip()
    if not words:
        return []
    estates = [
        (estate.unit_code, estate.name)
        for book in books
        for estate in book.estates
        if words in estate.name and banner in {None, book.banner}
    ]
    named = or_(
        AddressUnit.name.contains(words, autoescape=True),
        AddressUnit.town.contains(words, autoescape=True),
        AddressUnit.code == words,
        AddressUnit.code.in_(sorted({code for code, _ in estates})),
    )
    wanted = [named] if banner is None else [named, AddressUnit.banner == banner]
    units = {unit.code: unit for unit in db.session.execute(select(AddressUnit).where(*wanted)).scalars()}
    shown = [(units[code], f"{name}（{units[code].name}）") for code, name in sorted(estates) if code in units]
    of_estates = {code for code, _ in estates}
    others = sorted(units.values(), key=lambda unit: (words not in unit.name, unit.code))
    shown += [(unit, unit.name) for unit in others if unit.code not in of_estates]
    bare = ENDINGS.sub("", words)
    return shown[:MOST_UNITS] if shown or bare in {"", words} else units_found(bare, books, banner)

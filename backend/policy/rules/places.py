"""Address units, schools, plans, zones and overflow lists of a banner as values, and the address → school look-up."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple


@dataclass(frozen=True, order=True)
class Unit:
    """An address unit: 12-digit village-level code, its name, its town, its banner (A06).

    `position` is its middle, (longitude, latitude) in millionths of a degree, None where it is not told.
    """

    code: str
    name: str
    town: str
    banner: str
    position: tuple[int, int] | None = None


@dataclass(frozen=True, order=True)
class School:
    """A school or kindergarten (A07): code like 150603-P01, its stage, and the conditions it publishes (D12d).

    `group` names the school group it belongs to (B20), empty for none; `position` is (longitude, latitude) in millionths
    of a degree, None where it is not told.
    """

    code: str
    name: str
    stage: str
    private: bool
    address: str
    phone: str
    conditions: str
    group: str = ""
    position: tuple[int, int] | None = None


@dataclass(frozen=True, order=True)
class PlanLine:
    """The recruitment plan of a school: seats in the starting year (D12b), and the classes they make."""

    school: str
    seats: int
    classes: int


@dataclass(frozen=True, order=True)
class FormerYear:
    """How far a school admitted in a former year: the seat type and keys of the last admitted, in words; empty if none."""

    school: str
    year: int
    plan: int
    admitted: int
    seat_type: str
    keys: tuple[str, ...]


@dataclass(frozen=True, order=True)
class ZoneLine:
    """One address unit in the zone of one school (D12a).

    `seat_types` are the only seat types this line admits (锡林浩特: "片内有房非户籍生"), empty for all. `multi_school`
    says that the unit belongs to several schools among which families choose.
    """

    school: str
    school_name: str
    stage: str
    unit_code: str
    unit_name: str
    seat_types: tuple[str, ...] = ()
    multi_school: bool = False


@dataclass(frozen=True, order=True)
class FeederLine:
    """对口直升: the junior school that graduates of a primary school go up to (D07, D23)."""

    primary: str
    junior: str


@dataclass(frozen=True, order=True)
class OverflowLine:
    """The `place`-th school (from 1) to which children left over in a school's zone go (contracts 2)."""

    school: str
    place: int
    to_school: str


@dataclass(frozen=True, order=True)
class RosterLine:
    """A child on a roster that a school hands in: leavers of a primary school, or children known to a village (D13)."""

    name: str
    id_number: str
    from_school: str
    guardian_name: str
    guardian_phone: str


class RowFault(NamedTuple):
    """A fault of an imported sheet: row as Excel counts it (the header is 1), column name, Chinese sentence.

    A `grave` fault stops the import; the others are warnings to look at.
    """

    row: int
    column: str
    what: str
    grave: bool = True


def zone_lines_for(
    zones: Iterable[ZoneLine], stage: str, unit_code: str, seat_type: str | None = None
) -> list[ZoneLine]:
    """The zone lines of an address at a stage, sorted by school; with `seat_type` only those that admit it."""
    return sorted(
        line
        for line in zones
        if line.stage == stage
        and line.unit_code == unit_code
        and (seat_type is None or not line.seat_types or seat_type in line.seat_types)
    )


def overflow_lists(lines: Iterable[OverflowLine]) -> dict[str, list[str]]:
    """The `overflow` list of each school, in order, for the zone mechanism."""
    lists: dict[str, list[str]] = {}
    for line in sorted(lines):
        lists.setdefault(line.school, []).append(line.to_school)
    return lists

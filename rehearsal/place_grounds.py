"""The ground on which the parts of a season are played: private schools, too few places, a wrong zone line, feeders."""

from collections.abc import Mapping, MutableMapping, Sequence
from dataclasses import dataclass
from typing import Any

from rehearsal import land
from rehearsal.areas import area_of
from rehearsal.chance import Chance
from rehearsal.city_tables import group_of
from rehearsal.land import Unit
from rehearsal.place_parts import FED, FULL, SEATS_SHORT, SHORT, WRONG_LINE, Part
from rehearsal.schools import FEWEST_SEATS, School

PRIVATE_HEAD = ("code", "name", "stage", "private", "address", "conditions", "seats")
ZONE_HEAD = ("school", "stage", "unit_code", "multi_school", "feeder")
ROSTER_HEAD = ("name", "id_number", "from_school")
STAGE_WORDS = {"primary": ("P90", "民办小学"), "junior": ("J90", "民办初中")}
PRIVATE = (("150603", "junior"), ("150621", "primary"), ("150627", "primary"))
"""Private schools beside the one of the first banner, each with one seat; how each draws stands in exercises.py."""
WAITING_LISTS = ("150603", "kindergarten")
"""The banner and stage that overflow nowhere: who finds no place in the own zone waits in its line."""
WRONG = ("150621", "junior")
CROWDED = ("150621", "primary")
"""The banner and stage whose overflow follows from school groups and distance."""
FEEDING = "150602"


def private_schools(banners: Sequence[str], schools: Sequence[School], sample_stage: str) -> list[tuple[Any, ...]]:
    """Rows of private.csv (D09, B10): one of the first banner for its sample families, and those of PRIVATE."""
    wanted = dict.fromkeys([(banners[0], sample_stage), *(each for each in PRIVATE if each[0] in banners)])
    rows = []
    for banner, stage in wanted:
        near = next((school for school in schools if (school.banner, school.stage) == (banner, stage)), None)
        if near is not None:
            code, word = STAGE_WORDS[stage]
            told = (f"{banner}-{code}", f"{land.banners()[banner]}演练{word}", stage, "是", near.address)
            rows.append((*told, "起始年级 1 个班（演练数据，学校为虚构）", 1))
    return rows


@dataclass(frozen=True)
class Grounds:
    """Where the parts live. `near`: unit code → stage → school codes, the own zone's school first."""

    near: Mapping[str, Mapping[str, Sequence[str]]]
    lived_in: Mapping[str, Sequence[Unit]]
    """Banner → the units in which most families live."""

    def unit_of(self, part: Part, chance: Chance) -> Unit:
        """The unit in which the family of a part lives."""
        if part.ground == WRONG_LINE:
            return wrong_unit()
        if part.ground == SHORT:
            return Chance("ground of too few places").choice(self.lived_in[part.banner])
        units = [unit for unit in self.lived_in[part.banner] if unit.code != wrong_unit().code]
        if part.ground == FULL:
            units = [unit for unit in units if self.near[unit.code][part.stage][0] == self.full_school()]
        if part.ground == FED:
            units = [unit for unit in units if self.near[unit.code]["junior"][0] != fed_to(self.near)[1]]
        return chance.choice(units)

    def short_school(self) -> str:
        """The kindergarten with too few places."""
        banner, stage = WAITING_LISTS
        unit = Chance("ground of too few places").choice(self.lived_in[banner])
        return self.near[unit.code][stage][0]

    def full_school(self) -> str:
        """The primary school with one place too few."""
        banner, stage = CROWDED
        return min(self.near[unit.code][stage][0] for unit in self.lived_in[banner])


def overflow_expected(school: str, schools: Sequence[School]) -> list[str]:
    """The schools that take whom a zone leaves over: those of the own group first, then the nearest (domain 2.9)."""
    own = next(each for each in schools if each.code == school)
    others = [each for each in schools if (each.banner, each.stage) == (own.banner, own.stage) and each.code != school]

    def rank(each: School) -> tuple[bool, float, str]:
        is_apart = not group_of(own) or group_of(each) != group_of(own)
        return is_apart, land.metres(own.point, each.point), each.code

    return [each.code for each in sorted(others, key=rank)]


def wrong_unit() -> Unit:
    """The unit whose line in the first sheet of zones is wrong: nobody lives in it but those who play that."""
    return area_of(WRONG[0]).units(WRONG[0])[-1]


def fed_to(near: Mapping[str, Mapping[str, Sequence[str]]]) -> tuple[str, str]:
    """(primary, junior): the one feeder of the capital's way (D07), the last schools by code."""
    stages = [told for code, told in near.items() if code.startswith(FEEDING)]
    return max(told["primary"][0] for told in stages), max(told["junior"][0] for told in stages)


def set_seats(
    seats: MutableMapping[str, int],
    children: Mapping[str, int],
    schools: Sequence[School],
    short: str | None,
    full: str | None,
) -> None:
    """The plans of the schools on whose seats a part depends; the others stay."""
    for school in schools:
        wanted = children.get(school.code, 0)
        if (school.banner, school.stage) == WAITING_LISTS:
            room = wanted - SEATS_SHORT if school.code == short else wanted + 1
            seats[school.code] = max(1 if school.code == short else FEWEST_SEATS, room)
        elif school.code == full:
            seats[school.code] = max(1, wanted - 1)
        elif (school.banner, school.stage) in {WRONG, CROWDED, (FEEDING, "junior")}:
            seats[school.code] = max(seats[school.code], wanted + 1)


def first_zone_sheets(
    rows: Sequence[Sequence[str]], near: Mapping[str, Mapping[str, Sequence[str]]], banners: Sequence[str]
) -> dict[str, list[tuple[str, ...]]]:
    """Banner → the lines (ZONE_HEAD) of its first sheet of zones, where that is not simply zones.csv.

    One has a unit under a wrong junior school, one names the primary school that feeds a junior school (D07).
    """
    sheets: dict[str, list[tuple[str, ...]]] = {}
    banner, stage = WRONG
    if banner in banners:
        unit = wrong_unit().code
        lines = [(*row, "") for row in rows if row[0].startswith(banner)]
        other = near[unit][stage][-1]
        sheets[banner] = [(other, *row[1:]) if (row[1], row[2]) == (stage, unit) else row for row in lines]
    if FEEDING in banners:
        primary, junior = fed_to(near)
        lines = [(*row, "") for row in rows if row[0].startswith(FEEDING)]
        sheets[FEEDING] = [*lines, (junior, "junior", "", "", primary)]
    return sheets


def leaves_school(family: Mapping[str, Any], near: Mapping[str, Mapping[str, Sequence[str]]]) -> str | None:
    """The primary school on whose roster the family's children stand; None where no roster is handed in."""
    if (family["banner"], family["stage"]) != (FEEDING, "junior"):
        return None
    return fed_to(near)[0] if family["part"] == FED else near[family["form"]["unit_code"]]["primary"][0]


def is_fed(school: str | None, near: Mapping[str, Mapping[str, Sequence[str]]]) -> bool:
    """Whether children who leave this primary school go up to the junior school that it feeds."""
    return school is not None and school == fed_to(near)[0]


def is_of_wrong_line(family: Mapping[str, Any]) -> bool:
    """Whether a family lives where the first sheet of zones had a wrong line for its stage."""
    return (family["banner"], family["stage"], family["form"]["unit_code"]) == (*WRONG, wrong_unit().code)

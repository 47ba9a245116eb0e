"""Synthetic schools on the real units: what each is called, which units are its zone, where its overflow goes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from rehearsal import land
from rehearsal.chance import Chance
from rehearsal.land import Point, Unit

STAGES = ("kindergarten", "primary", "junior")
LETTERS = {"kindergarten": "K", "primary": "P", "junior": "J"}
STAGE_NAMES = {"kindergarten": "幼儿园", "primary": "小学", "junior": "初级中学"}
UNITS_A_SCHOOL = {"kindergarten": 6, "primary": 8, "junior": 14}
SCHOOLS_AT_LEAST = {"kindergarten": 6, "primary": 5, "junior": 3}
CLASS_SIZE = {"kindergarten": 30, "primary": 45, "junior": 50}
NUMERALS = "零一二三四五六七八九"
SHORT_SCHOOLS = 0.3
FEWEST_SEATS = 2


@dataclass(frozen=True)
class School:
    """A school that does not exist, and the real units it serves (A06, A07). `overflow`: other schools, nearest first."""

    code: str
    name: str
    stage: str
    banner: str
    address: str
    units: tuple[str, ...]
    point: Point
    overflow: tuple[str, ...] = ()

    def conditions(self, seats: int) -> str:
        """The school's conditions for the disclosure page (D12d)."""
        classes = -(-seats // CLASS_SIZE[self.stage])
        return f"起始年级 {classes} 个班，每班不超过 {CLASS_SIZE[self.stage]} 人；有操场、食堂和校医室（演练数据，学校为虚构）"


def schools_of(
    banner_code: str, members: Sequence[Unit] | None = None, stages: Sequence[str] = STAGES
) -> tuple[School, ...]:
    """The synthetic schools of one banner, by code: for each stage the zones part the units without a rest.

    `members`: the units the rule-book covers, all of the banner where None.
    """
    members = land.units_of(banner_code) if members is None else members
    found: list[School] = []
    for stage in stages:
        size = min(UNITS_A_SCHOOL[stage], max(2, len(members) // SCHOOLS_AT_LEAST[stage]))
        zones = _zones(members, size)
        placed = [_school(banner_code, stage, number, zone) for number, zone in enumerate(zones, 1)]
        found += [_with_overflow(each, placed) for each in placed]
    return tuple(sorted(found, key=lambda school: school.code))


def seats_for(children: Mapping[str, int], schools: Sequence[School], chance: Chance) -> dict[str, int]:
    """School code → seats: about what the zone needs; some schools are short, the whole of a banner and stage never is.

    `children`: school code → how many children its zone holds.
    """
    seats: dict[str, int] = {}
    for _, group in groupby(sorted(schools, key=_market), key=_market):
        seats |= _seats_of_market([school.code for school in group], children, chance)
    return seats


def _market(school: School) -> tuple[str, str]:
    return school.banner, school.stage


def _seats_of_market(codes: Sequence[str], children: Mapping[str, int], chance: Chance) -> dict[str, int]:
    seats: dict[str, int] = {}
    for code in codes:
        share = chance.uniform(0.80, 0.97) if chance.happens(SHORT_SCHOOLS) else chance.uniform(1.03, 1.25)
        seats[code] = max(FEWEST_SEATS, round(children.get(code, 0) * share))
    missing = sum(children.get(code, 0) for code in codes) - sum(seats.values())
    if missing > 0:
        roomy = max(codes, key=lambda code: (seats[code] - children.get(code, 0), code))
        seats[roomy] += missing
    return seats


def numeral(number: int) -> str:
    """A number from 1 to 99 in Chinese numerals, as schools are counted."""
    tens, ones = divmod(number, 10)
    head = "" if tens == 0 else ("十" if tens == 1 else NUMERALS[tens] + "十")
    return head + (NUMERALS[ones] if ones else "")


def _zones(units: Sequence[Unit], size: int) -> list[tuple[Unit, ...]]:
    """Units in groups of about `size`; small towns go together with the next ones, large towns are cut."""
    towns = [tuple(members) for _, members in groupby(units, key=lambda unit: unit.town_code)]
    pools: list[tuple[Unit, ...]] = []
    waiting: tuple[Unit, ...] = ()
    for town in towns:
        waiting += town
        if len(waiting) * 2 >= size:
            pools.append(waiting)
            waiting = ()
    if waiting:
        pools = [*pools[:-1], pools[-1] + waiting] if pools else [waiting]
    zones: list[tuple[Unit, ...]] = []
    for pool in pools:
        parts = max(1, round(len(pool) / size))
        zones += [pool[len(pool) * n // parts : len(pool) * (n + 1) // parts] for n in range(parts)]
    return zones


def _school(banner_code: str, stage: str, number: int, zone: Sequence[Unit]) -> School:
    banner = land.banners()[banner_code]
    points = land.points()
    middle = (
        round(sum(points[unit.code][0] for unit in zone) / len(zone), 4),
        round(sum(points[unit.code][1] for unit in zone) / len(zone), 4),
    )
    home = min(zone, key=lambda unit: (land.metres(points[unit.code], middle), unit.code))
    return School(
        code=f"{banner_code}-{LETTERS[stage]}{number:02d}",
        name=f"{banner}演练第{numeral(number)}{STAGE_NAMES[stage]}",
        stage=stage,
        banner=banner_code,
        address=f"{home.address}（虚构地址）",
        units=tuple(unit.code for unit in zone),
        point=points[home.code],
    )


def _with_overflow(school: School, others: Sequence[School]) -> School:
    near = sorted(
        (other for other in others if other.code != school.code),
        key=lambda other: (land.metres(school.point, other.point), other.code),
    )
    return School(**{**school.__dict__, "overflow": tuple(other.code for other in near)})

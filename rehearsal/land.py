"""The real ground of the simulated city: address units and outlines of Ordos, and synthetic points for the units.

Units and outlines are real and public (sources and licences: rehearsal/README.md). Where a unit lies inside its
banner is not in those files: the points here are synthetic, always the same, and only good for distances and maps.
"""

import csv
import json
import math
import random
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import groupby, pairwise
from pathlib import Path

HERE = Path(__file__).parent
KM_PER_DEGREE = 111.32
CANDIDATES = 60
CITY_NAME = "鄂尔多斯市"

Point = tuple[float, float]


@dataclass(frozen=True)
class Unit:
    """One village-level address unit (地址单元): 12-digit code, name, and the town and banner it belongs to."""

    code: str
    name: str
    town_code: str
    town: str
    banner_code: str
    banner: str

    @property
    def address(self) -> str:
        """The unit as the first part of a postal address."""
        return f"{CITY_NAME}{self.banner}{self.town}{self.name}"


@cache
def units() -> tuple[Unit, ...]:
    """All 1,011 units of the nine banners, by code."""
    with (HERE / "units.csv").open(encoding="utf-8", newline="") as lines:
        rows = [
            Unit(row["unit_code"], row["unit"], row["town_code"], row["town"], row["banner_code"], row["banner"])
            for row in csv.DictReader(lines)
        ]
    return tuple(sorted(rows, key=lambda unit: unit.code))


@cache
def units_of(banner_code: str) -> tuple[Unit, ...]:
    """The units of one banner, by code; empty where there is no such banner."""
    return tuple(unit for unit in units() if unit.banner_code == banner_code)


@cache
def units_by_code() -> dict[str, Unit]:
    """Unit code → unit."""
    return {each.code: each for each in units()}


@cache
def banners() -> dict[str, str]:
    """Banner code → name, by code."""
    return {each.banner_code: each.banner for each in units()}


@cache
def outlines() -> dict[str, tuple[Point, ...]]:
    """Banner code → closed ring of (longitude, latitude) in degrees, simplified from the real outline."""
    document = json.loads((HERE / "outlines.geojson").read_text(encoding="utf-8"))
    return {
        feature["properties"]["code"]: tuple((lon, lat) for lon, lat in feature["geometry"]["coordinates"][0])
        for feature in document["features"]
    }


def contains(ring: Sequence[Point], point: Point) -> bool:
    """Whether the point lies inside the closed ring (even-odd rule)."""
    lon, lat = point
    inside = False
    for (x1, y1), (x2, y2) in pairwise(ring):
        if (y1 > lat) != (y2 > lat) and lon < (x2 - x1) * (lat - y1) / (y2 - y1) + x1:
            inside = not inside
    return inside


def metres(one: Point, other: Point) -> int:
    """The distance of two points on the ground in whole metres (flat earth at their mean latitude)."""
    shrink = math.cos(math.radians((one[1] + other[1]) / 2))
    east = (one[0] - other[0]) * shrink * KM_PER_DEGREE * 1000
    north = (one[1] - other[1]) * KM_PER_DEGREE * 1000
    return round(math.hypot(east, north))


@cache
def points() -> dict[str, Point]:
    """Unit code → synthetic (longitude, latitude) inside its banner's outline; the same on every machine."""
    placed: dict[str, Point] = {}
    for banner_code in banners():
        placed |= _points_of_banner(banner_code)
    return placed


def _points_of_banner(banner_code: str) -> dict[str, Point]:
    ring = outlines()[banner_code]
    chance = random.Random(f"points of {banner_code}")
    seat = _somewhere_central(ring, chance)
    towns: dict[str, Point] = {}
    for each in units_of(banner_code):
        if each.town_code not in towns:
            is_urban = each.town.endswith("街道")
            towns[each.town_code] = (
                _near(seat, 0.06, ring, chance) if is_urban or not towns else _far_from(towns.values(), ring, chance)
            )
    placed: dict[str, Point] = {}
    for town_code, members in groupby(units_of(banner_code), key=lambda each: each.town_code):
        codes = [each.code for each in members]
        reach = 0.02 if units_by_code()[codes[0]].town.endswith("街道") else 0.09
        found = [_near(towns[town_code], reach, ring, chance) for _ in codes]
        placed |= zip(codes, sorted(found, key=_around(towns[town_code])), strict=True)
    return placed


def _around(centre: Point) -> Callable[[Point], tuple[float, Point]]:
    """Points ordered around a centre: units that follow each other by code lie side by side."""
    return lambda point: (math.atan2(point[1] - centre[1], point[0] - centre[0]), point)


def _anywhere(ring: Sequence[Point], chance: random.Random) -> Point:
    west, east = min(lon for lon, _ in ring), max(lon for lon, _ in ring)
    south, north = min(lat for _, lat in ring), max(lat for _, lat in ring)
    while True:
        point = (round(chance.uniform(west, east), 4), round(chance.uniform(south, north), 4))
        if contains(ring, point):
            return point


def _somewhere_central(ring: Sequence[Point], chance: random.Random) -> Point:
    """Of some points inside, the one whose nearest corner of the outline is farthest."""
    tries = [_anywhere(ring, chance) for _ in range(CANDIDATES)]
    return max(tries, key=lambda point: (min(metres(point, corner) for corner in ring), point))


def _far_from(others: Iterable[Point], ring: Sequence[Point], chance: random.Random) -> Point:
    """Of some points inside, the one farthest from all the others: towns keep apart."""
    known = list(others)
    tries = [_anywhere(ring, chance) for _ in range(CANDIDATES)]
    return max(tries, key=lambda point: (min(metres(point, other) for other in known), point))


def _near(centre: Point, reach: float, ring: Sequence[Point], chance: random.Random) -> Point:
    """A point within `reach` degrees of the centre, inside the outline; reach shrinks until one is found."""
    while True:
        point = (
            round(centre[0] + chance.uniform(-reach, reach), 4),
            round(centre[1] + chance.uniform(-reach, reach), 4),
        )
        if contains(ring, point):
            return point
        reach *= 0.97

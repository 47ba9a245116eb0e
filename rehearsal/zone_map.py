"""The map of zones as inline SVG: the real outlines of the banners, filled by the zone of the nearest unit."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from itertools import groupby, pairwise

import numpy as np

from rehearsal.charts import INK, LINE, QUIET, WIDTH, number, svg, text
from rehearsal.land import KM_PER_DEGREE, Point, contains

COLUMNS = 150
FARTHEST_KM = 22.0
MARGIN = 12
COLOURS = (
    "#7fb3d5", "#f5b971", "#82c99b", "#d7a5d3", "#f1948a", "#a3b86c",
    "#85c1c1", "#e6cf6b", "#b3a7e0", "#d1a98a", "#8fa9c9", "#c4d98b",
)  # fmt: skip
NOTE = "片区与学校为演练数据，各地址单元的位置为虚构；旗区轮廓为真实数据"


@dataclass(frozen=True)
class Zone:
    """One school's zone: its name, where it stands, and the points of its units."""

    code: str
    name: str
    school: Point
    units: tuple[Point, ...]


@dataclass(frozen=True)
class _Frame:
    """How degrees become pixels: equirectangular at the middle latitude, north on top."""

    west: float
    north: float
    scale: float
    shrink: float
    height: int

    def xy(self, point: Point) -> tuple[float, float]:
        return (
            MARGIN + (point[0] - self.west) * self.shrink * self.scale,
            MARGIN + (self.north - point[1]) * self.scale,
        )


def zone_map(outlines: Mapping[str, Sequence[Point]], zones: Sequence[Zone], title: str = "片区图") -> str:
    """The banners of `outlines` (code → closed ring in degrees) with the zones of one stage drawn into them.

    Each place takes the colour of the zone of its own banner whose unit is nearest, up to 22 km from any unit; schools
    are points.
    ValueError where there is no outline.
    """
    if not outlines:
        raise ValueError("a map needs at least one outline")
    frame = _frame([point for ring in outlines.values() for point in ring])
    parts = [_path(ring, frame, "#f2f3f5") for _, ring in sorted(outlines.items())]
    parts += [_cells(ring, zones, frame) for _, ring in sorted(outlines.items())]
    parts += [_path(ring, frame, "none") for _, ring in sorted(outlines.items())]
    for zone in zones:
        x, y = frame.xy(zone.school)
        parts.append(
            f'<circle cx="{number(x)}" cy="{number(y)}" r="3.5" fill="{INK}" stroke="#fff">'
            f"<title>{escape(zone.name)}</title></circle>"
        )
    parts.append(text(MARGIN, frame.height + 16, NOTE, fill=QUIET, size=12))
    return svg(WIDTH, frame.height + 26, title, "".join(parts))


def _frame(points: Sequence[Point]) -> _Frame:
    west, east = min(lon for lon, _ in points), max(lon for lon, _ in points)
    south, north = min(lat for _, lat in points), max(lat for _, lat in points)
    shrink = math.cos(math.radians((south + north) / 2))
    scale = (WIDTH - 2 * MARGIN) / ((east - west) * shrink)
    return _Frame(west, north, scale, shrink, math.ceil((north - south) * scale) + 2 * MARGIN)


def _path(ring: Sequence[Point], frame: _Frame, fill: str) -> str:
    places = " ".join(f"{number(x)},{number(y)}" for x, y in map(frame.xy, ring))
    stroke = INK if fill == "none" else LINE
    return f'<polygon points="{places}" fill="{fill}" stroke="{stroke}" stroke-width="1.2"/>'


def _cells(ring: Sequence[Point], zones: Sequence[Zone], frame: _Frame) -> str:
    """The ring filled row by row with the zones whose schools lie in it; cells side by side are one rectangle."""
    own = {index: zone for index, zone in enumerate(zones) if contains(ring, zone.school)}
    if not own:
        return ""
    pixel = (WIDTH - 2 * MARGIN) / COLUMNS
    degrees_lon, degrees_lat = pixel / frame.scale / frame.shrink, pixel / frame.scale
    top = max(lat for _, lat in ring)
    rows = math.ceil((top - min(lat for _, lat in ring)) / degrees_lat)
    parts = []
    for row in range(rows):
        lat = top - (row + 0.5) * degrees_lat
        lons = frame.west + (np.arange(COLUMNS) + 0.5) * degrees_lon
        owners = np.where(_inside(ring, lons, lat), _nearest(own, lons, lat), -1)
        for owner, run in groupby(enumerate(owners.tolist()), key=lambda cell: cell[1]):
            cells = [column for column, _ in run]
            if owner >= 0:
                y = frame.xy((frame.west, lat))[1] - pixel / 2
                parts.append(
                    f'<rect x="{number(MARGIN + cells[0] * pixel)}" y="{number(y)}" '
                    f'width="{number(len(cells) * pixel + 0.3)}" height="{number(pixel + 0.3)}" '
                    f'fill="{COLOURS[owner % len(COLOURS)]}"/>'
                )
    return f'<g shape-rendering="crispEdges">{"".join(parts)}</g>'


def _inside(ring: Sequence[Point], lons: np.ndarray, lat: float) -> np.ndarray:
    """Which of the places on this latitude lie inside the ring (even-odd rule)."""
    inside = np.zeros(len(lons), dtype=bool)
    for (x1, y1), (x2, y2) in pairwise(ring):
        if (y1 > lat) != (y2 > lat):
            inside ^= lons < (x2 - x1) * (lat - y1) / (y2 - y1) + x1
    return inside


def _nearest(zones: Mapping[int, Zone], lons: np.ndarray, lat: float) -> np.ndarray:
    """For each place the index of the zone whose unit is nearest; -1 where all are too far."""
    owners = np.array([index for index, zone in zones.items() for _ in zone.units])
    units = np.array([point for zone in zones.values() for point in zone.units])
    shrink = math.cos(math.radians(lat))
    east = (lons[:, None] - units[None, :, 0]) * shrink
    north = lat - units[None, :, 1]
    squares = east**2 + north**2
    nearest = squares.argmin(axis=1)
    near_enough = squares.min(axis=1) <= (FARTHEST_KM / KM_PER_DEGREE) ** 2
    return np.where(near_enough, owners[nearest], -1)

"""Pictures of the report: well-formed, true to their numbers, the same bytes for the same values."""

import re
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rehearsal import land
from rehearsal.charts import BINS, SeatBar, funnel, histogram, nice_step, seat_bars, seconds
from rehearsal.schools import schools_of
from rehearsal.zone_map import COLOURS, Zone, zone_map

SVG = "{http://www.w3.org/2000/svg}"
STEPS = [("registered", 200), ("submitted", 180), ("placed", 90), ("recorded", 0)]


def parsed(picture: str) -> ET.Element:
    return ET.fromstring(picture)  # noqa: S314 - our own text


def words(picture: str) -> list[str]:
    return [element.text or "" for element in parsed(picture).iter(f"{SVG}text")]


def widths(picture: str) -> list[float]:
    return [float(element.attrib["width"]) for element in parsed(picture).iter(f"{SVG}rect")]


def test_the_bars_of_the_funnel_are_as_long_as_their_numbers() -> None:
    bars = widths(funnel(STEPS))
    assert bars[1] / bars[0] == pytest.approx(0.9, abs=0.01)
    assert bars[2] / bars[0] == pytest.approx(0.45, abs=0.01)
    assert bars[3] == 0
    assert "90  45%" in words(funnel(STEPS))
    assert "已派位" in words(funnel(STEPS))


@settings(max_examples=60)
@given(st.lists(st.integers(0, 10_000_000), min_size=1, max_size=200))
def test_every_waiting_time_stands_in_exactly_one_bar(values: list[int]) -> None:
    picture = histogram(values, "等候")
    said = [element.text or "" for element in parsed(picture).iter(f"{SVG}title")][1:]
    assert len(said) == BINS + 1
    assert sum(int(each.rpartition("：")[2]) for each in said) == len(values)


def test_the_longest_hundredth_stands_together_in_the_last_bar() -> None:
    picture = histogram([100] * 99 + [3_600_000], "等候")
    last = [element.text or "" for element in parsed(picture).iter(f"{SVG}title")][-1]
    assert last.endswith("以上：1")
    assert "最长 1小时" in words(picture)[-1]


def test_nothing_to_show_says_so() -> None:
    assert words(histogram([], "等候")) == ["没有数据"]
    assert parsed(funnel([])).tag == f"{SVG}svg"
    assert parsed(seat_bars([])).tag == f"{SVG}svg"


@given(st.integers(1, 10**9))
def test_the_width_of_bins_reaches_the_longest_and_is_not_too_wide(longest: int) -> None:
    step = nice_step(longest)
    assert step * BINS >= longest
    assert str(step).rstrip("0") in {"1", "2", "5"}
    assert step == 1 or step * BINS < longest * 2.5 + BINS


@pytest.mark.parametrize(
    ("ms", "said"), [(0, "0毫秒"), (250, "250毫秒"), (1500, "1.5秒"), (90_000, "1.5分钟"), (12_600_000, "3.5小时")]
)
def test_times_are_told_in_the_unit_people_use(ms: int, said: str) -> None:
    assert seconds(ms) == said


def test_a_school_above_its_seats_is_shown_in_red() -> None:
    """D04, D21: admitted above plan must be seen at once."""
    good, over = SeatBar("一小", 40, 38, 30), SeatBar("二小", 40, 41, 40)
    assert "#c53030" not in seat_bars([good])
    assert seat_bars([good, over]).count("#c53030") == 2
    assert "41/40" in words(seat_bars([good, over]))


def test_names_cannot_break_out_of_the_picture() -> None:
    picture = seat_bars([SeatBar('<script>"&', 1, 1, 1)], title='"><script>')
    assert "<script>" not in picture
    assert '<script>"&' in words(picture)


def zones_of(banner: str) -> list[Zone]:
    points = land.points()
    return [
        Zone(school.code, school.name, school.point, tuple(points[code] for code in school.units))
        for school in schools_of(banner)
        if school.stage == "primary"
    ]


def test_the_map_draws_every_outline_every_school_and_fills_the_banner_with_its_zones() -> None:
    outlines = {"150603": land.outlines()["150603"], "150602": land.outlines()["150602"]}
    zones = zones_of("150603")
    picture = zone_map(outlines, zones)
    root = parsed(picture)
    assert len(list(root.iter(f"{SVG}polygon"))) == 2 * len(outlines)
    assert len(list(root.iter(f"{SVG}circle"))) == len(zones)
    used = {element.attrib["fill"] for element in root.iter(f"{SVG}rect")}
    assert used == set(COLOURS[: len(zones)])
    assert any("虚构" in each for each in words(picture))


def test_what_is_far_from_every_unit_stays_uncoloured() -> None:
    square = ((109.0, 39.0), (111.0, 39.0), (111.0, 40.0), (109.0, 40.0), (109.0, 39.0))
    zone = Zone("S", "一小", (109.1, 39.1), ((109.1, 39.1),))
    root = parsed(zone_map({"x": square}, [zone]))
    rights = [float(r.attrib["x"]) + float(r.attrib["width"]) for r in root.iter(f"{SVG}rect")]
    assert rights
    assert max(rights) < 720 / 3


def test_a_zone_does_not_colour_the_neighbouring_banner() -> None:
    west = ((109.0, 39.0), (110.0, 39.0), (110.0, 40.0), (109.0, 40.0), (109.0, 39.0))
    east = ((110.0, 39.0), (111.0, 39.0), (111.0, 40.0), (110.0, 40.0), (110.0, 39.0))
    zone = Zone("S", "一小", (109.98, 39.5), ((109.98, 39.5),))
    root = parsed(zone_map({"w": west, "e": east}, [zone]))
    rights = [float(r.attrib["x"]) + float(r.attrib["width"]) for r in root.iter(f"{SVG}rect")]
    assert rights
    assert max(rights) < 366


def test_a_map_of_the_whole_prefecture_is_the_same_text_each_time_and_not_too_large() -> None:
    zones = [zone for banner in land.banners() for zone in zones_of(banner)]
    picture = zone_map(land.outlines(), zones)
    assert len(picture) < 2_000_000
    assert not re.search(r"nan|inf\b", picture)
    small = {"150603": land.outlines()["150603"]}
    assert zone_map(small, zones_of("150603")) == zone_map(small, zones_of("150603"))


def test_a_map_without_an_outline_is_refused() -> None:
    with pytest.raises(ValueError, match="at least one outline"):
        zone_map({}, [])

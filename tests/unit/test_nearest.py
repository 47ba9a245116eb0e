"""Where those left over in a zone go (domain 2.9, A03, A09, D08): same school group first, then the nearest, in whole numbers."""

import math

from hypothesis import given, settings
from hypothesis import strategies as st

from backend.placement.rules.parse import parse_placement
from backend.placement.rules.run import place
from backend.policy.rules.imports import read_schools
from backend.policy.rules.nearest import nearest_lists, squared_distance
from backend.policy.rules.places import School

HOME = (109_781_000, 39_608_000)
"""康巴什, in millionths of a degree."""
positions = st.tuples(st.integers(106_600_000, 111_500_000), st.integers(37_500_000, 40_900_000))


def school(code: str, east: int | None = 0, group: str = "", *, private: bool = False) -> School:
    """A school `east` metres from home; None: nobody has said where."""
    position = None if east is None else (HOME[0] + round(east / 85_785 * 1_000_000), HOME[1])
    return School(code, code, "primary", private, "路", "", "", group, position)


def test_the_nearest_comes_first_and_the_own_group_before_it() -> None:
    """临平: 同一教育集团优先; a private school takes nobody over, one without a position stands last."""
    schools = [
        school("P"),
        school("Q", 1200),
        school("R", 3000, "集团"),
        school("S", None),
        school("T", 100, private=True),
    ]
    assert nearest_lists(schools)["P"] == ["Q", "R", "S"]
    of_group = [school("P", 0, "集团"), *schools[1:]]
    assert nearest_lists(of_group)["P"] == ["R", "Q", "S"]
    assert "T" not in nearest_lists(schools)


def test_two_overflow_by_date_to_the_nearest_with_room() -> None:
    """T-2.12: P (2), Q (3, 1.2 km), R (5, 3.0 km); Q has one seat left after its own zone."""
    lists = nearest_lists([school("P"), school("Q", 1200), school("R", 3000)])
    seats = {"P": 2, "Q": 3, "R": 5}
    four = [("a", "2017-01-01"), ("b", "2018-01-01"), ("c", "2019-01-01"), ("d", "2020-01-01")]
    rows = [(name, "P", day) for name, day in four] + [("x", "Q", "2016-01-01"), ("y", "Q", "2016-01-02")]
    value = {
        "mechanism": "zone",
        "seed": "s",
        "draw": "d",
        "classes": ["1"],
        "last_class": "5",
        "order": [{"key": "since"}],
        "schools": [{"id": code, "seats": count, "overflow": lists[code]} for code, count in seats.items()],
        "applicants": [{"id": no, "zone": zone, "class": "1", "keys": {"since": day}} for no, zone, day in rows],
    }
    placed = {one["id"]: one["school"] for one in place(parse_placement(value)).document()["placements"]}
    assert [placed[name] for name in "abcd"] == ["P", "P", "Q", "R"]


@settings(max_examples=100, deadline=None)
@given(positions, positions)
def test_distances_in_whole_numbers_are_those_on_the_ground(one: tuple[int, int], other: tuple[int, int]) -> None:
    """Within a thousandth of the plane's own figure, the same both ways."""
    cosine = math.cos(math.radians((one[1] + other[1]) / 2e6))
    east, north = (one[0] - other[0]) / 1e6 * 111_320 * cosine, (one[1] - other[1]) / 1e6 * 111_320
    metres = math.sqrt(squared_distance(one, other)) / 100
    assert abs(metres - math.hypot(east, north)) <= 0.05 + 0.001 * metres
    assert squared_distance(one, other) - squared_distance(other, one) in range(-(10**9), 10**9)


def test_coordinates_are_read_in_degrees_both_or_none() -> None:
    head = ["学校代码", "学校名称", "学段", "地址", "教育集团", "经度", "纬度"]
    good = ["150603-P01", "一小", "小学", "路", "第一集团", "109.781327", "39.6"]
    read, faults = read_schools([head, good], "150603")
    assert faults == []
    assert (read[0].group, read[0].position) == ("第一集团", (109_781_327, 39_600_000))
    for east, north in (("109.78", ""), ("181", "39"), ("一百零九", "39"), ("109.1234567", "39")):
        assert any(fault.grave for fault in read_schools([head, [*good[:5], east, north]], "150603")[1])

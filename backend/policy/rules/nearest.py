"""The overflow lists that follow from where schools stand: the same school group first, then the nearest (domain 2.9)."""

from collections.abc import Iterable

from backend.policy.rules.places import School

MICRO = 1_000_000
"""Positions are whole millionths of a degree."""
DEGREE_IN_CENTIMETRES = 11_132_000
RADIANS_IN_BILLIONTHS = 17_453_293
"""One degree, in billionths of a radian."""
ONE = 10**9


def nearest_lists(schools: Iterable[School]) -> dict[str, list[str]]:
    """School → the other public schools in the order in which they take those left over in its zone (T-2.12).

    First those of its own school group (临平: 同一教育集团优先), then the others; in both the nearest first, as the crow
    flies, and of schools equally far the lower code. A school without a position stands behind those that have one. All
    in whole numbers, so that everybody computes the same lists.
    """
    public = sorted(school for school in schools if not school.private)
    lists = {}
    for one in public:
        others = sorted((_rank(one, other), other.code) for other in public if other.code != one.code)
        lists[one.code] = [code for _, code in others]
    return lists


def _rank(one: School, other: School) -> tuple[bool, bool, int]:
    same = bool(one.group) and one.group == other.group
    if one.position is None or other.position is None:
        return (not same, True, 0)
    return (not same, False, squared_distance(one.position, other.position))


def squared_distance(one: tuple[int, int], other: tuple[int, int]) -> int:
    """The square of the distance of two positions (longitude, latitude) in whole centimetres, on the plane between them."""
    middle = (one[1] + other[1]) // 2
    east = (one[0] - other[0]) * DEGREE_IN_CENTIMETRES * _cosine(middle) // (MICRO * ONE)
    north = (one[1] - other[1]) * DEGREE_IN_CENTIMETRES // MICRO
    return east * east + north * north


def _cosine(latitude: int) -> int:
    """The cosine of a latitude in millionths of a degree, in billionths; its series to the eighth power, whole numbers."""
    square = (latitude * RADIANS_IN_BILLIONTHS // MICRO) ** 2 // ONE
    total = term = ONE
    for step in (2, 12, 30, 56):
        term = -term * square // (ONE * step)
        total += term
    return total

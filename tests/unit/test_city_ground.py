"""The simulated city's ground: real units and outlines, synthetic points, zones that part the units without a rest."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rehearsal import land
from rehearsal.chance import Chance
from rehearsal.identity_numbers import NumberOffice, check_character
from rehearsal.schools import STAGES, numeral, schools_of, seats_for

BANNERS = ("150602", "150603", "150621", "150622", "150623", "150624", "150625", "150626", "150627")


def test_the_ground_is_the_nine_banners_with_all_their_units() -> None:
    """A06, domain 0: nine banners, 88 towns and sub-districts, 1,011 units."""
    assert tuple(land.banners()) == BANNERS
    assert len(land.units()) == 1011
    assert len({unit.town_code for unit in land.units()}) == 88
    assert all(unit.code.startswith(unit.town_code) and len(unit.code) == 12 for unit in land.units())


def test_every_unit_has_a_point_inside_the_outline_of_its_banner() -> None:
    points = land.points()
    for unit in land.units():
        assert land.contains(land.outlines()[unit.banner_code], points[unit.code]), unit


def test_a_point_outside_the_outline_is_not_contained() -> None:
    square = ((0.0, 0.0), (2.0, 0.0), (2.0, 2.0), (0.0, 2.0), (0.0, 0.0))
    assert land.contains(square, (1.0, 1.0))
    assert not land.contains(square, (3.0, 1.0))
    assert not land.contains(square, (1.0, -1.0))


def test_a_degree_of_latitude_is_111_kilometres() -> None:
    assert land.metres((109.0, 39.0), (109.0, 40.0)) == 111320


@pytest.mark.parametrize("banner", BANNERS)
def test_the_zones_of_a_stage_part_the_units_of_the_banner(banner: str) -> None:
    """A07: a service area for every school and kindergarten, no unit twice, none left over."""
    for stage in STAGES:
        zones = [school.units for school in schools_of(banner) if school.stage == stage]
        served = [code for zone in zones for code in zone]
        assert sorted(served) == [unit.code for unit in land.units_of(banner)]
        assert all(zones)
        assert len(zones) >= 3


@pytest.mark.parametrize("banner", BANNERS)
def test_the_overflow_of_a_school_is_every_other_school_of_its_stage_by_distance(banner: str) -> None:
    schools = {school.code: school for school in schools_of(banner)}
    for school in schools.values():
        others = [code for code, other in schools.items() if other.stage == school.stage and code != school.code]
        assert sorted(school.overflow) == sorted(others)
        distances = [land.metres(school.point, schools[code].point) for code in school.overflow]
        assert distances == sorted(distances)


def test_school_codes_and_names_follow_the_agreed_form() -> None:
    schools = schools_of("150603")
    assert {school.code[:8] for school in schools} == {"150603-P", "150603-J", "150603-K"}
    assert all("演练" in school.name and "虚构" in school.address for school in schools)
    assert len({school.name for school in schools}) == len(schools)


def test_the_seats_of_a_banner_and_stage_are_never_fewer_than_its_children_while_some_schools_are_short() -> None:
    schools = [school for banner in ("150603", "150621") for school in schools_of(banner)]
    children = {school.code: 40 + index % 7 for index, school in enumerate(schools)}
    markets = {(school.banner, school.stage) for school in schools}
    for seed in range(60):
        seats = seats_for(children, schools, Chance(f"seats/{seed}"))
        for market in markets:
            codes = [school.code for school in schools if (school.banner, school.stage) == market]
            assert sum(seats[code] for code in codes) >= sum(children[code] for code in codes)
    short = sum(seats[code] < children[code] for code in seats)
    assert 0.1 < short / len(seats) < 0.5


@pytest.mark.parametrize(
    ("number", "name"), [(1, "一"), (9, "九"), (10, "十"), (12, "十二"), (20, "二十"), (36, "三十六")]
)
def test_schools_are_counted_in_chinese_numerals(number: int, name: str) -> None:
    assert numeral(number) == name


def test_the_check_character_is_that_of_the_standard_example() -> None:
    """GB 11643 annex: 11010519491231002X and 440524188001010014."""
    assert check_character("11010519491231002") == "X"
    assert check_character("44052418800101001") == "4"


@given(st.dates(date(1950, 1, 1), date(2024, 12, 31)), st.sampled_from(["male", "female"]), st.sampled_from(BANNERS))
def test_an_identity_number_carries_division_birth_date_and_sex(born_on: date, sex: str, division: str) -> None:
    office = NumberOffice()
    first, second = office.number(division, born_on, sex), office.number(division, born_on, sex)
    assert first != second
    for number in (first, second):
        assert number.startswith(division + born_on.strftime("%Y%m%d"))
        assert (int(number[16]) % 2 == 1) == (sex == "male")
        assert number[17] == check_character(number[:17])


def test_an_office_that_has_given_out_all_numbers_of_a_day_says_so() -> None:
    office = NumberOffice()
    day = date(2020, 1, 1)
    numbers = {office.number("150603", day, "male") for _ in range(500)}
    assert len(numbers) == 500
    with pytest.raises(ValueError, match="no identity number is left"):
        office.number("150603", day, "male")

"""The names that people read instead of codes: banners, schools, address units, and the scopes of runs and officials."""

from backend.foundation.database import db
from backend.policy.books_in_force import NoBookInForce, book_in_force
from backend.policy.places import school_named
from backend.policy.rows import AddressUnit
from backend.policy.rules.facts import STAGES

CITY_DIGITS = 4
YEAR_DIGITS = 4


def banner_name(code: str) -> str:
    """The banner's name as its book in force has it, else the code."""
    try:
        return book_in_force(code).banner_name
    except NoBookInForce:
        return code


def school_name(code: str) -> str:
    """The school's name, else the code."""
    school = school_named(code)
    return school.name if school else code


def unit_name(code: str) -> str:
    """The town and name of an address unit with its code, else what was handed in."""
    unit = db.session.get(AddressUnit, code)
    return f"{unit.town}{unit.name}（{unit.code}）" if unit else code


def place_name(scope: str) -> str:
    """A scope in words: the city, a school or a banner, then stage, year and round as a run's scope has them."""
    place, *rest = scope.split("/")
    if place.isdecimal() and len(place) == CITY_DIGITS:
        return "全市"
    name = school_name(place) if "-" in place else banner_name(place)
    return name + "".join(_part(part) for part in rest)


def _part(part: str) -> str:
    if part == "private":
        return " 民办抽签"
    if part in STAGES:
        return STAGES[part]
    return f" {part} 年" if len(part) == YEAR_DIGITS else f"第 {part} 轮"


FILTERS = (banner_name, school_name, unit_name, place_name)

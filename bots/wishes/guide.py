"""Wishes about places and rules, for which nobody needs to be known."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from backend.foundation.problems import NotFound
from backend.policy.answer_guide import answer_guide
from backend.policy.books_in_force import book_in_force, books_in_force
from backend.policy.places import school_named, schools_of, units_found, zone_lines_of
from backend.policy.views import guide_view
from bots.person import Caller

MOST_SCHOOLS = 10


def search_units(_caller: Caller, words: Sequence[str], banner: str) -> dict[str, Any]:
    """The address units for the first of `words` that finds any, in `banner` or, where it is empty, anywhere."""
    books = books_in_force()
    names = {book.banner: book.banner_name for book in books}
    for one in words:
        found = units_found(one, books, banner or None)
        if found:
            return {"items": [_unit(unit, shown, names) for unit, shown in found]}
    return {"items": []}


def _unit(unit: Any, shown: str, names: dict[str, str]) -> dict[str, str]:
    place = {"code": unit.code, "name": shown, "town": unit.town, "banner": unit.banner}
    return {**place, "banner_name": names.get(unit.banner, "")}


def banners_in_force() -> list[dict[str, str]]:
    """Code and name of every banner with a book in force."""
    return [{"code": book.banner, "name": book.banner_name} for book in books_in_force()]


def find_schools(_caller: Caller, banner: str, stage: str, q: str) -> dict[str, Any]:
    """The schools of the banner's stage whose name holds `q`."""
    found = [{"code": one.code, "name": one.name} for one in schools_of(banner, stage) if q in one.name]
    return {"items": found[:MOST_SCHOOLS]}


def ask_guide(
    _caller: Caller, banner: str, stage: str, unit_code: str, born_on: str | None = None, **said: Any
) -> dict[str, Any]:
    """The guide's answer as the phone page gets it."""
    born = date.fromisoformat(born_on) if born_on else None
    return guide_view(answer_guide(banner, stage, unit_code, said, born))


def show_zone(_caller: Caller, poster: str) -> dict[str, Any]:
    """The zone of the school that a poster's code names. Raises NotFound, NoBookInForce."""
    code = poster.removeprefix("school:")
    school = school_named(code)
    if school is None:
        raise NotFound
    lines = zone_lines_of(school.banner, book_in_force(school.banner).year, school.stage)
    names = sorted({line.unit_name for line in lines if line.school == school.code})
    return {"school_name": school.name, "banner": school.banner, "units": [{"name": name} for name in names]}

"""The sheets of a city that has admitted children before: units with their points, and how far schools went last year.

Points and lines are made up, the same for the same schools; the words of the lines are those of the rule-book.
"""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from backend.policy.rules.facts import FACTS
from backend.policy.rules.parse_book import book_of
from backend.policy.rules.seat_types import shown_classes
from rehearsal import land
from rehearsal.chance import Chance

UNIT_HEAD = ("banner_code", "banner", "town_code", "town", "unit_code", "unit", "longitude", "latitude")
LINE_HEAD = ("school", "year", "plan", "admitted", "seat_type", "keys")
FULL = 0.7
"""The share of schools that filled their places last year."""


def units_sheet() -> bytes:
    """The units of the whole city with their synthetic points, as an office hands them in."""
    points = land.points()
    return _csv(
        UNIT_HEAD,
        (
            (unit.banner_code, unit.banner, unit.town_code, unit.town, unit.code, unit.name, *points[unit.code])
            for unit in land.units()
        ),
    )


def lines_sheet(city: Path, banner: str, content: Mapping[str, Any]) -> bytes:
    """Last year's line of every school of a banner, in the words of the rule-book with this `content`."""
    book = book_of(dict(content))
    stages = {row["code"]: row["stage"] for row in _rows(city / "schools.csv") if row["code"].startswith(banner)}
    lines = []
    for row in _rows(city / "plan.csv"):
        school, stage = row["school"], stages.get(row["school"])
        if stage not in book.stages:
            continue
        chance = Chance(f"last year of {school}")
        plan = max(1, round(int(row["seats"]) * chance.uniform(0.85, 1.1)))
        admitted = plan if chance.happens(FULL) else max(1, round(plan * chance.uniform(0.8, 0.98)))
        kind = chance.choice(shown_classes(book, str(stage))[:3])
        days = {
            FACTS[key.fact].name: chance.day(date(book.year - 6, 1, 1), date(book.year - 1, 2, 28)).isoformat()
            for key in book.order
            if FACTS[key.fact].kind == "date" and (not key.seat_types or kind.code in key.seat_types)
        }
        told = "；".join(f"{name}：{day}" for name, day in days.items())
        lines.append((school, book.year - 1, plan, admitted, kind.name, told))
    return _csv(LINE_HEAD, lines)


def _rows(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def _csv(head: Sequence[str], rows: Iterable[Sequence[Any]]) -> bytes:
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows([head, *rows])
    return out.getvalue().encode()

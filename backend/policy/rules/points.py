"""Points by a published table (积分入学, domain 2.7): every line with what it counted, its evidence, and the sum.

Whole hundredths of a point throughout; a line is rounded once, as the table says, and capped after the rounding.
"""

import datetime as dt
from dataclasses import dataclass

from backend.policy.rules.book import Book
from backend.policy.rules.facts import FACTS
from backend.policy.rules.point_sections import PointItem, Points
from backend.policy.rules.predicates import Facts, holds, known_value, said


@dataclass(frozen=True, slots=True)
class PointLine:
    """One line: its points in hundredths, what was counted in words, and the kind of paper that proves it."""

    code: str
    name: str
    points: int
    counted: str
    evidence: str


@dataclass(frozen=True, slots=True)
class PointSheet:
    """All lines, the sum in hundredths (capped, or nothing after a veto), and the sentence of the veto or None."""

    lines: tuple[PointLine, ...]
    total: int
    vetoed_by: str | None


def point_sheet(book: Book, stage: str, facts: Facts) -> PointSheet | None:
    """The sheet that a book's table gives to established facts, or None where the stage has no table.

    A fact that nobody has established counts nothing: points are given for what is proved. A veto takes everything.
    """
    table = book.points_table(stage)
    if table is None:
        return None
    lines = tuple(_line(table, item, book.year, facts) for item in table.items)
    total = sum(line.points for line in lines)
    vetoed = next((veto.text for veto in table.vetoes if holds(veto.when, facts, FACTS) is True), None)
    if vetoed is not None:
        total = 0
    return PointSheet(lines, total if table.at_most is None else min(total, table.at_most), vetoed)


def sheet_lines(sheet: PointSheet) -> list[str]:
    """The sheet as Chinese lines for the family and the why-card."""
    told = [f"积分 {_shown(line.points)}：{line.name}（{line.counted}）。" for line in sheet.lines]
    end = f"积分合计 {_shown(sheet.total)}。" if sheet.vetoed_by is None else f"积分清零：{sheet.vetoed_by}"
    return [*told, end]


def _line(table: Points, item: PointItem, year: int, facts: Facts) -> PointLine:
    points, counted = _counted(table, item, year, facts)
    if item.at_most is not None:
        points = min(points, item.at_most)
    return PointLine(item.code, item.name, points, counted, item.evidence)


def _counted(table: Points, item: PointItem, year: int, facts: Facts) -> tuple[int, str]:
    if item.when is not None:
        answer = holds(item.when, facts, FACTS)
        return (item.points, "符合") if answer else (0, "尚未证明" if answer is None else "不符合")
    name = item.per or item.since or ""
    value = known_value(facts, name, FACTS)
    if value is None:
        return 0, "尚未证明"
    if item.since is not None:
        month, day = table.until.split("-")
        amount = (dt.date(year, int(month), int(day)) - dt.date.fromisoformat(str(value))).days
        counted = f"从{value}起 {max(amount, 0)} 天"
    else:
        amount, counted = int(value), f"{FACTS[name].name} {said(value, FACTS[name])}"
    return rounded(max(0, amount - item.beyond) * item.points, item.unit, table.rounding, table.round_to), counted


def rounded(numerator: int, denominator: int, rounding: str, to: int) -> int:
    """Numerator ÷ denominator hundredths, rounded to whole multiples of `to` hundredths (both ≥ 0, denominator > 0)."""
    step = denominator * to
    whole, rest = divmod(numerator, step)
    up = {"down": False, "up": rest > 0, "half-up": 2 * rest >= step}[rounding]
    return (whole + up) * to


def _shown(points: int) -> str:
    """Hundredths as points in their shortest form: 2033 → 20.33, 2400 → 24."""
    whole, rest = divmod(points, 100)
    return f"{whole}.{rest:02d}".rstrip("0") if rest else str(whole)

"""How far each school admitted in former years: from results published here, else from the sheet of the years before.

Numbers and words of the last admitted only, as they were published then; nothing of a child (promises D16).
"""

from typing import Any

from sqlalchemy import select

from backend.foundation.database import db
from backend.placement.rounds import KIND
from backend.placement.rows import PlacementRow
from backend.policy.books_in_force import book_in_force, book_of_hash
from backend.policy.places import former_lines_of, plan_lines_of, schools_of
from backend.policy.rules.book import Book
from backend.policy.rules.places import FormerYear
from backend.policy.rules.seat_types import shown_classes
from backend.publication.rows import PublishedRun, Run
from backend.publication.scopes import placement_scope
from backend.results.school_result import HOLDING, SHOWN_STATES, cutoff


def former_lines(banner: str, stage: str) -> list[FormerYear]:
    """The lines of a banner's stage, each school's latest year first; what was published here stands before a sheet.

    Raises NoBookInForce.
    """
    this_year = book_in_force(banner).year
    told = {(line.school, line.year): line for line in former_lines_of(banner, stage)}
    for run in _first_rounds(banner, stage, this_year):
        told |= {(line.school, line.year): line for line in _of_run(run, banner, stage)}
    return sorted((line for line in told.values() if line.year < this_year), key=lambda line: (line.school, -line.year))


def _first_rounds(banner: str, stage: str, before: int) -> list[Run]:
    """The stage's published first rounds of all years before this one."""
    found = db.session.execute(
        select(Run)
        .join(PublishedRun, PublishedRun.run_id == Run.id)
        .where(Run.kind == KIND, Run.scope.startswith(f"{banner}/{stage}/", autoescape=True))
    ).scalars()
    years = {run: book_of_hash(run.book_sha256).year for run in found}
    return [run for run, year in years.items() if year < before and run.scope == placement_scope(banner, stage, year)]


def _of_run(run: Run, banner: str, stage: str) -> list[FormerYear]:
    book = book_of_hash(run.book_sha256)
    plan = {line.school: line.seats for line in plan_lines_of(banner, book.year)}
    by_school: dict[str, list[PlacementRow]] = {}
    shown = PlacementRow.state.in_(SHOWN_STATES)
    for row in db.session.execute(select(PlacementRow).where(PlacementRow.run_id == run.id, shown)).scalars():
        by_school.setdefault(str(row.school), []).append(row)
    return [
        _line(book, stage, school.code, plan[school.code], by_school.get(school.code, []))
        for school in schools_of(banner, stage)
        if school.code in plan
    ]


def _line(book: Book, stage: str, school: str, plan: int, rows: list[PlacementRow]) -> FormerYear:
    last: dict[str, Any] = cutoff(book, rows) or {"seat_type": None, "keys": {}}
    names = {kind.code: kind.name for kind in shown_classes(book, stage)}
    return FormerYear(
        school,
        book.year,
        plan,
        sum(row.state in HOLDING for row in rows),
        names.get(last["seat_type"], ""),
        tuple(f"{name}：{value}" for name, value in last["keys"].items()),
    )

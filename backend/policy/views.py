"""What policy shows: values of verbs and queries as the JSON of the interface, shared by phones, desk and public pages."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from backend.policy.disclosures import latest_page, page_now, standing_page
from backend.policy.rows import RuleBook
from backend.policy.rules.book import Book
from backend.policy.rules.guide import Guide
from backend.policy.rules.places import School, Unit
from backend.policy.rules.sheets import MICRO
from backend.policy.rules.times import BEIJING, window_state
from backend.policy.take_sheet import Imported


def banner_view(book: Book, now: datetime) -> dict[str, Any]:
    """A banner with its windows at `now`: one line a stage, the window that is open, next, or last."""
    disclosed = standing_page(book) is not None
    windows = []
    for stage in book.stages:
        found = window_state(book, stage, now, disclosed=disclosed)
        if found.window is not None:
            windows.append(
                {
                    "stage": stage,
                    "kind": found.window.kind,
                    "opens_at": found.window.opens_at.astimezone(BEIJING).isoformat(),
                    "closes_at": found.window.closes_at.astimezone(BEIJING).isoformat(),
                    "state": found.state,
                }
            )
    return {
        "code": book.banner,
        "name": book.banner_name,
        "year": book.year,
        "model": book.model,
        "flow": book.flow,
        "disclosed": disclosed,
        "windows": windows,
    }


def places_view(units: Iterable[Unit], schools: Iterable[School]) -> dict[str, Any]:
    """Positions as (longitude, latitude) in degrees, of those that have one."""
    return {
        "units": [{"code": unit.code, "at": _degrees(unit.position)} for unit in units if unit.position],
        "schools": [{"code": school.code, "at": _degrees(school.position)} for school in schools if school.position],
    }


def _degrees(position: tuple[int, int]) -> list[float]:
    return [each / MICRO for each in position]


def guide_view(answer: Guide) -> dict[str, Any]:
    """The guide's answer."""
    return {
        "age_ok": answer.of_age,
        "age_text": answer.age_text,
        "schools": [{"code": code, "name": name} for code, name in answer.schools],
        "seat_type": {"code": answer.seat_type.code, "name": answer.seat_type.name} if answer.seat_type else None,
        "seat_type_text": answer.seat_type_text,
        "papers": [{"kind": paper.kind, "name": paper.name, "why": paper.why} for paper in answer.papers],
        "dates": [{"what": told.what, "from": told.begins, "to": told.ends} for told in answer.dates],
        "notes": list(answer.notes),
    }


def imported_view(imported: Imported) -> dict[str, Any]:
    """What became of a sheet."""
    faults = [
        {"row": fault.row, "column": fault.column, "what": fault.what, "grave": fault.grave}
        for fault in imported.faults
    ]
    return {"rows": imported.rows, "faults": faults, "applied": imported.applied}


def rulebook_view(published: RuleBook) -> dict[str, Any]:
    """A published version of a rule-book."""
    return {
        "banner": published.banner,
        "year": published.year,
        "version": published.version,
        "model": published.model,
        "book_sha256": published.sha256,
        "published_at": published.published_at.astimezone(BEIJING).isoformat(),
    }


def disclosure_state(book: Book) -> dict[str, Any]:
    """How the banner's page stands, for the desk: standing, stale, never published; and what it lacks now."""
    latest = latest_page(book)
    return {
        "standing": standing_page(book) is not None,
        "published_at": latest.published_at.astimezone(BEIJING).isoformat() if latest else None,
        "missing": [{"duty": missing.duty, "what": missing.what} for missing in page_now(book).missing],
    }

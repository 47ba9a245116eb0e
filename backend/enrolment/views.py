"""How an application looks in the answers to its family."""

import uuid
from typing import Any

from backend.documents.queries import papers_of
from backend.enrolment.applications import form_of, latest_application_of
from backend.enrolment.papers_due import owed_by
from backend.enrolment.rows import Application
from backend.enrolment.save_form import schools_of_address
from backend.foundation import clock
from backend.foundation.database import db
from backend.policy.books_in_force import book_in_force
from backend.policy.disclosures import standing_page
from backend.policy.places import school_named
from backend.policy.rows import AddressUnit
from backend.policy.rules.book import Book
from backend.policy.rules.times import window_state


def application_view(application: Application) -> dict[str, Any]:
    """The application with its form, the papers it owes, what is missing, and the window it must arrive in."""
    book, owed = book_in_force(application.banner), owed_by(application)
    latest = {paper.kind: paper.state for paper in papers_of(application.child_id)}
    told: dict[str, Any] = {
        "id": str(application.id),
        "state": application.state,
        "child_id": str(application.child_id),
        "banner": application.banner,
        "year": application.year,
        "stage": application.stage,
        "form": _form(application),
        "papers": [
            {
                "kind": paper.kind,
                "name": paper.name,
                "kind_name": paper.name,
                "why": paper.why,
                "state": latest.get(paper.kind, "missing"),
            }
            for paper, _ in owed.papers
        ],
        "receipt": application.receipt,
        "submitted_at": application.submitted_at.isoformat() if application.submitted_at else None,
        "missing": owed.missing,
        "window": window_view(book, application.stage),
        "return_by": application.return_by.isoformat() if application.return_by else None,
    }
    schools = _schools_to_choose(application, book)
    most = book.placement_of(application.stage).choices_at_most
    return {**told, "schools": schools, "choices_at_most": most} if schools else told


def window_view(book: Book, stage: str) -> dict[str, Any] | None:
    """The registration window of a stage as it stands at this moment, or None where there is none."""
    found = window_state(book, stage, clock.now(), disclosed=standing_page(book) is not None)
    if found.window is None:
        return None
    return {
        "stage": stage,
        "opens_at": found.window.opens_at.isoformat(),
        "closes_at": found.window.closes_at.isoformat(),
        "state": found.state,
    }


def _form(application: Application) -> dict[str, Any]:
    told = form_of(application)
    for field, name in (("unit_code", "unit_name"), ("household_unit", "household_unit_name")):
        unit = db.session.get(AddressUnit, told[field]) if told.get(field) else None
        if unit is not None:
            told[name] = unit.name
    return told


def _schools_to_choose(application: Application, book: Book) -> list[dict[str, str]]:
    """The schools of the address where the family may choose among several, by code."""
    codes = schools_of_address(application, application.unit_code)
    if len(codes) < 2 and book.flow != "check-first":  # noqa: PLR2004  # a choice needs two
        return []
    schools = [school for code in codes if (school := school_named(code)) is not None]
    return [{"code": school.code, "name": school.name} for school in schools]


def child_registration(child_id: uuid.UUID) -> dict[str, str] | None:
    """{id, state} for the child's card: the live application, else the last one, else None."""
    application = latest_application_of(child_id)
    return {"id": str(application.id), "state": application.state} if application else None

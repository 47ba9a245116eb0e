"""What is established about an application, in the book's vocabulary: answers of departments, words of people."""

import json
from typing import Any

from sqlalchemy import select

from backend.enrolment.applications import read_form
from backend.enrolment.rows import Application
from backend.foundation.crypto import unseal
from backend.foundation.database import db
from backend.policy.books_in_force import book_in_force
from backend.policy.rules.claims import facts_conceded
from backend.policy.rules.facts import Value
from backend.policy.rules.seat_types import seat_type_for
from backend.verification.rows import Case, Check, EstablishedFacts
from backend.verification.rules.reasons import QUESTIONS
from backend.verification.said import claims_of
from backend.verification.school_facts import has_rosters, school_facts

LASTING = "conduct."
"""What a family did stays known through every later submission; other words of people speak of one submission."""

ROOM_FACTS: dict[str, Value] = {"home.seat_used": False}
"""The address lock is looked up when the seat is settled; until then it decides nothing."""


def checks_of(application: Application) -> list[Check]:
    """The checks of the newest submission, in the order in which the book asks."""
    return list(
        db.session.execute(
            select(Check)
            .where(Check.application_id == application.id, Check.submission == application.submissions)
            .order_by(Check.department, Check.item)
        ).scalars()
    )


def earlier_answers(application: Application) -> list[Check]:
    """What departments answered to earlier submissions, oldest first: it decides nothing any more, and stays readable."""
    return list(
        db.session.execute(
            select(Check)
            .where(
                Check.application_id == application.id,
                Check.submission < application.submissions,
                Check.answered_at.is_not(None),
            )
            .order_by(Check.submission, Check.department, Check.item)
        ).scalars()
    )


def record_of(check: Check, application: Application) -> dict[str, Any] | None:
    """The department's record, unsealed, for the desk's comparison; None where there is none (any more)."""
    if check.record_sealed is None:
        return None
    told: dict[str, Any] = json.loads(unseal(application.child_id, f"check_row.record.{check.id}", check.record_sealed))
    return told


def facts_of(application: Application) -> dict[str, Value]:
    """All facts: conceded by the family, declared at one's own risk, of rosters, departments and people, in this order.

    A family's statement that it lives in its home is taken at its word (a false one is a penalty in the book);
    everything else that speaks for a family comes from a department or a person.
    """
    facts: dict[str, Value] = facts_conceded(claims_of(application)) | _declared(application)
    facts |= school_facts(application)
    for check in checks_of(application):
        facts |= facts_of_check(check, application)
    return facts | _established(application)


def facts_of_check(check: Check, application: Application) -> dict[str, Value]:
    """What one department's answer established."""
    if check.facts_sealed is None:
        return {}
    text = unseal(application.child_id, f"check_row.facts.{check.id}", check.facts_sealed)
    told: dict[str, Value] = json.loads(text)
    return told


def _established(application: Application) -> dict[str, Value]:
    rows = db.session.execute(
        select(EstablishedFacts).where(EstablishedFacts.application_id == application.id).order_by(EstablishedFacts.id)
    ).scalars()
    facts: dict[str, Value] = {}
    for row in rows:
        is_present = application.submitted_at is None or row.at >= application.submitted_at
        facts |= {name: value for name, value in row.facts.items() if is_present or name.startswith(LASTING)}
    return facts


def _declared(application: Application) -> dict[str, Value]:
    form = read_form(application)
    has_home = form is not None and form.home is not None and form.home.kind in {"owned", "contract"}
    return {"home.lived_in": True} if has_home else {}


def missing_facts(application: Application) -> tuple[str, ...]:
    """The facts still to be established before a seat type, a sibling's school or a graduation can count, and those that
    an open case asks a person.
    """
    book = book_in_force(application.banner)
    facts = {**ROOM_FACTS, **facts_of(application)}
    missing = list(seat_type_for(book, application.stage, facts).missing)
    if book.families.sibling_follows and application.sibling_at and "sibling.at_school" not in facts:
        missing.append("sibling.at_school")
    asks_graduates = book.age(application.stage).fresh_graduate and has_rosters(application.banner, application.year)
    if asks_graduates and "school.fresh_graduate" not in facts:
        missing.append("school.fresh_graduate")
    known = {*missing, *_established(application)}
    return (*missing, *(fact for fact in _asked(application) if fact not in known))


def _asked(application: Application) -> list[str]:
    """What the open case of the application asks whoever decides it."""
    waiting = select(Case.reasons).where(Case.application_id == application.id, Case.decided_at.is_(None))
    return [
        QUESTIONS[reason]
        for reasons in db.session.execute(waiting).scalars()
        for reason in reasons
        if reason in QUESTIONS
    ]


def property_unit_of(application: Application) -> str | None:
    """The property unit number of the family's own home as the registry told it, or None."""
    for check in checks_of(application):
        if check.department == "land" and check.item == "property":
            record = record_of(check, application)
            if record and record.get("property_unit"):
                return str(record["property_unit"])
    return None

"""What is established about an application, in the book's vocabulary: answers of departments, words of people."""

import json
from typing import Any

from sqlalchemy import select

from backend.enrolment.applications import form_of
from backend.enrolment.rows import Application
from backend.foundation.crypto import unseal
from backend.foundation.database import db
from backend.policy.rules.claims import facts_conceded
from backend.policy.rules.facts import Value
from backend.verification.rows import Check, EstablishedFacts
from backend.verification.said import claims_of


def checks_of(application: Application) -> list[Check]:
    """The checks of the newest submission, in the order in which the book asks."""
    return list(
        db.session.execute(
            select(Check)
            .where(Check.application_id == application.id, Check.submission == application.submissions)
            .order_by(Check.department, Check.item)
        ).scalars()
    )


def record_of(check: Check, application: Application) -> dict[str, Any] | None:
    """The department's record, unsealed, for the desk's comparison; None where there is none (any more)."""
    if check.record_sealed is None:
        return None
    told: dict[str, Any] = json.loads(unseal(application.child_id, f"check_row.record.{check.id}", check.record_sealed))
    return told


def facts_of(application: Application) -> dict[str, Value]:
    """All facts: conceded by the family, declared at one's own risk, answered by departments, established by people.

    A family's statement that it lives in its home is taken at its word (a false one is a penalty in the book);
    everything else that speaks for a family comes from a department or a person.
    """
    claims = claims_of(application)
    facts: dict[str, Value] = {} | facts_conceded(claims) | _declared(application)
    for check in checks_of(application):
        if check.facts_sealed is not None:
            text = unseal(application.child_id, f"check_row.facts.{check.id}", check.facts_sealed)
            facts |= json.loads(text)
    established = db.session.execute(
        select(EstablishedFacts.facts)
        .where(EstablishedFacts.application_id == application.id)
        .order_by(EstablishedFacts.id)
    ).scalars()
    for known in established:
        facts |= known
    return facts


def _declared(application: Application) -> dict[str, Value]:
    home = form_of(application).get("home") or {}
    return {"home.lived_in": bool(home.get("lived_in", True))} if home.get("kind") in {"owned", "contract"} else {}


def property_unit_of(application: Application) -> str | None:
    """The property unit number of the family's own home as the registry told it, or None."""
    for check in checks_of(application):
        if check.department == "land" and check.item == "property":
            record = record_of(check, application)
            if record and record.get("property_unit"):
                return str(record["property_unit"])
    return None

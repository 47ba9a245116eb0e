"""One home in one season is one seat (domain 2.3): two families that are no siblings do not both settle on it.

Whoever settles second sends both to a person, who establishes which family lives there; the other's home counts as used.
"""

import uuid

from sqlalchemy import select

from backend.enrolment.rows import Application
from backend.enrolment.rules.states import ENDED
from backend.families.queries import guardians_of
from backend.foundation.database import db
from backend.seats.address_locks import home_index
from backend.seats.rows import HomeClaim
from backend.verification.rows import EstablishedFacts

LIVES_THERE = "home.lived_in"
TWICE = "home-claimed-twice"


def note_claim(application: Application, property_unit: str) -> None:
    """This application settles on that home."""
    db.session.merge(
        HomeClaim(
            application_id=application.id,
            home_index=home_index(property_unit),
            stage=application.stage,
            year=application.year,
        )
    )
    db.session.flush()


def rivals(application: Application, property_unit: str) -> list[Application]:
    """The live applications of the season that settle on the same home for children of other guardians."""
    found = db.session.execute(
        select(Application)
        .join(HomeClaim, HomeClaim.application_id == Application.id)
        .where(
            HomeClaim.home_index == home_index(property_unit),
            HomeClaim.stage == application.stage,
            HomeClaim.year == application.year,
            Application.id != application.id,
            Application.state.not_in(ENDED),
        )
        .order_by(Application.receipt)
        .with_for_update(of=Application)
    ).scalars()
    family = set(guardians_of(application.child_id))
    return [one for one in found if not family & set(guardians_of(one.child_id))]


def lives_there(application_id: uuid.UUID) -> bool | None:
    """Whether a person has established that the family lives in its home; None where nobody has."""
    rows = db.session.execute(
        select(EstablishedFacts.facts)
        .where(EstablishedFacts.application_id == application_id)
        .order_by(EstablishedFacts.id)
    ).scalars()
    told = [facts[LIVES_THERE] for facts in rows if LIVES_THERE in facts]
    return bool(told[-1]) if told else None

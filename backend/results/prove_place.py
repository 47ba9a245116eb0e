"""A family's own rows of the published decisions, each with the proof that it stands in the list that was published."""

import uuid

from sqlalchemy import select

from backend.classes.rows import ClassMember
from backend.enrolment.applications import open_application
from backend.foundation.database import db
from backend.identity.actors import Actor
from backend.placement.rows import PlacementRow, Proposal
from backend.publication.ledger_folder import family_folder
from backend.publication.rows import LedgerEntry
from backend.results.school_result import ResultNotPublished


def prove_place(actor: Actor, application_id: uuid.UUID) -> tuple[str, dict[str, bytes]]:
    """(season, folder) of the ledger on the family's level, with the rows of this application alone.

    Raises NotFound, also for another family's application, and ResultNotPublished before the first publication.
    """
    _, application = open_application(actor, application_id, "child.read")
    runs = db.session.execute(
        select(PlacementRow.run_id)
        .where(PlacementRow.application_id == application.id, PlacementRow.run_id.is_not(None))
        .union(select(ClassMember.run_id).where(ClassMember.application_id == application.id))
    ).scalars()
    proposals = db.session.execute(select(Proposal.id).where(Proposal.application_id == application.id)).scalars()
    causes = [f"run/{key}" for key in runs] + [f"proposal/{key}" for key in proposals]
    entries = list(
        db.session.execute(
            select(LedgerEntry).where(LedgerEntry.cause.in_(causes)).order_by(LedgerEntry.number)
        ).scalars()
    )
    if not entries:
        raise ResultNotPublished
    season = entries[-1].season
    return season, family_folder(season, {entry.cause: (application.receipt or "",) for entry in entries})

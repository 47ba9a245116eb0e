"""A newer decision about a child takes the place of the older ones: their rows stay, but count no more."""

import uuid

from sqlalchemy import select, update

from backend.enrolment.rows import Application
from backend.foundation.database import db
from backend.placement.rows import PlacementRow
from backend.publication.rows import Run

COUNTING = ("offered", "confirmed", "declined", "lapsed", "unplaced")


def supersede_rows(application: Application, newer: uuid.UUID | None = None) -> None:
    """Let every row of the application count no more, but for the `newer` one and its place in a private line."""
    older = PlacementRow.application_id == application.id
    draws = select(Run.id).where(Run.kind == "draw")
    older &= (PlacementRow.state != "unplaced") | PlacementRow.run_id.is_(None) | PlacementRow.run_id.not_in(draws)
    if newer is not None:
        older &= PlacementRow.id != newer
    db.session.execute(
        update(PlacementRow)
        .where(older, PlacementRow.state.in_(COUNTING))
        .values(state="superseded")
        .execution_options(synchronize_session="fetch")
    )

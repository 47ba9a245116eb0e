"""A newer decision about a child takes the place of the older ones: their rows stay, but count no more."""

import uuid

from sqlalchemy import update

from backend.enrolment.rows import Application
from backend.foundation.database import db
from backend.placement.rows import PlacementRow

COUNTING = ("offered", "confirmed", "declined", "lapsed", "unplaced")


def supersede_rows(application: Application, newer: uuid.UUID | None = None) -> None:
    """Let every row of the application count no more, but for the `newer` one."""
    older = PlacementRow.application_id == application.id
    if newer is not None:
        older &= PlacementRow.id != newer
    db.session.execute(
        update(PlacementRow)
        .where(older, PlacementRow.state.in_(COUNTING))
        .values(state="superseded")
        .execution_options(synchronize_session="fetch")
    )

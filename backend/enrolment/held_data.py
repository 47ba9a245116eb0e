"""What this room holds about a family's children, for the family's own export (个保法 §45)."""

import uuid
from collections.abc import Sequence
from typing import Any

from sqlalchemy import select

from backend.enrolment.applications import events_of, form_of
from backend.enrolment.rows import Application
from backend.foundation.database import db


def applications_held(_account_id: uuid.UUID, child_ids: Sequence[uuid.UUID]) -> list[dict[str, Any]]:
    """Every application of the children with its form and its whole history."""
    found = db.session.execute(
        select(Application).where(Application.child_id.in_(child_ids)).order_by(Application.drafted_at, Application.id)
    )
    return [_application(application) for application in found.scalars()]


def _application(application: Application) -> dict[str, Any]:
    return {
        "id": str(application.id),
        "child_id": str(application.child_id),
        "banner": application.banner,
        "year": application.year,
        "stage": application.stage,
        "state": application.state,
        "receipt": application.receipt,
        "form": form_of(application),
        "history": [
            {"at": event.at.isoformat(), "from": event.from_state, "to": event.to_state, "reason": event.reason}
            for event in events_of(application)
        ],
    }

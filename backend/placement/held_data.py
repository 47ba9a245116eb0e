"""What seats and placement hold about a family's children, for the family's own export (个保法 §45)."""

import uuid
from collections.abc import Sequence
from typing import Any

from sqlalchemy import select

from backend.enrolment.rows import Application
from backend.families.rows import Child
from backend.foundation.database import db
from backend.placement.objection_views import objections_held
from backend.placement.rows import PlacementRow
from backend.placement.transfer_view import requests_of
from backend.publication.rows import PublishedRun
from backend.seats.address_locks import HOLDER
from backend.seats.rows import AddressLock, Conduct, Seat


def places_held(_account_id: uuid.UUID, child_ids: Sequence[uuid.UUID]) -> dict[str, list[dict[str, Any]]]:
    """Settled seats, published places, objections, transfers, homes whose seat was used, conduct noted for another year."""
    wanted = list(child_ids)
    applications = db.session.execute(select(Application).where(Application.child_id.in_(wanted))).scalars().all()
    seats = (
        select(Seat).join(Application, Application.id == Seat.application_id).where(Application.child_id.in_(wanted))
    )
    locks = select(AddressLock, Child.id).join(Child, HOLDER).where(Child.id.in_(wanted))
    noted = select(Conduct).where(Conduct.child_id.in_(wanted))
    return {
        "seats": [
            {"application": str(row.application_id), "type": row.seat_type_name, "keys": row.keys, "why": row.why}
            for row in db.session.execute(seats).scalars()
        ],
        "places": _published_places(wanted),
        "objections": [{"application": str(each.id)} | one for each in applications for one in objections_held(each)],
        "transfers": [{"application": str(each.id)} | one for each in applications for one in requests_of(each)],
        "homes": [
            {"child": str(child), "stage": row.stage, "school": row.school, "free_in": row.free_in}
            for row, child in db.session.execute(locks)
        ],
        "conduct": [
            {"child": str(row.child_id), "fact": row.fact, "year": row.year}
            for row in db.session.execute(noted).scalars()
        ],
    }


def _published_places(child_ids: Sequence[uuid.UUID]) -> list[dict[str, Any]]:
    """The places that a published run or a committee gave."""
    is_known = PlacementRow.proposal_id.is_not(None) | PublishedRun.run_id.is_not(None)
    places = (
        select(PlacementRow)
        .outerjoin(PublishedRun, PublishedRun.run_id == PlacementRow.run_id)
        .where(PlacementRow.child_id.in_(child_ids), is_known)
    )
    return [
        {
            "application": str(row.application_id),
            "school": row.school,
            "step": row.step,
            "state": row.state,
            "reason": row.reason,
        }
        for row in db.session.execute(places).scalars()
    ]

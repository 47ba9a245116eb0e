"""What classes hold about a family's children, for the family's own export (个保法 §45): wishes for twins, signatures, moves."""

import json
import uuid
from collections.abc import Sequence
from typing import Any

from sqlalchemy import select

from backend.classes.rows import ClassMove, ClassSignature, TwinWish
from backend.classes.sign_lists import strokes_place
from backend.enrolment.rows import Application
from backend.foundation.crypto import unseal
from backend.foundation.database import db


def classes_held(_account_id: uuid.UUID, child_ids: Sequence[uuid.UUID]) -> list[dict[str, Any]]:
    """Per application of a child: the wish for twins, the signature with its strokes, and every move of its class."""
    applications = db.session.execute(select(Application).where(Application.child_id.in_(list(child_ids)))).scalars()
    told = []
    for application in applications:
        wish = db.session.get(TwinWish, application.id)
        signed = db.session.execute(
            select(ClassSignature).where(ClassSignature.application_id == application.id)
        ).scalars()
        moves = db.session.execute(select(ClassMove).where(ClassMove.application_id == application.id)).scalars()
        held = {
            "child": str(application.child_id),
            "twins": wish.wish if wish else None,
            "signatures": [_signature(row, application.child_id) for row in signed],
            "moves": [
                {"code": move.code, "from": move.from_class, "to": move.to_class, "at": move.decided_at.isoformat()}
                for move in moves
            ],
        }
        if held["twins"] or held["signatures"] or held["moves"]:
            told.append(held)
    return told


def _signature(row: ClassSignature, child_id: uuid.UUID) -> dict[str, Any]:
    strokes = json.loads(unseal(child_id, strokes_place(row.application_id, row.run_id), row.strokes_sealed))
    return {"class": row.class_number, "signed_at": row.signed_at.isoformat(), "strokes": strokes}

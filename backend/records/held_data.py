"""What classes and records hold about a family's children, for the family's own export (个保法 §45)."""

import json
import uuid
from collections.abc import Sequence
from typing import Any

from sqlalchemy import select

from backend.foundation.crypto import unseal
from backend.foundation.database import db
from backend.records.rows import StudentRecord


def records_held(_account_id: uuid.UUID, child_ids: Sequence[uuid.UUID]) -> list[dict[str, Any]]:
    """The school record of each child that has one, with its school and class."""
    rows = db.session.execute(select(StudentRecord).where(StudentRecord.child_id.in_(list(child_ids)))).scalars()
    return [
        {
            "child": str(row.child_id),
            "school": row.school,
            "class": row.class_number,
            "made_at": row.made_at.isoformat(),
            "fields": json.loads(unseal(row.child_id, f"student_record.fields.{row.id}", row.fields_sealed)),
        }
        for row in rows
    ]

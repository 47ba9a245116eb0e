"""After a committee moved a pupil to another class: the school record follows the move ledger."""

import json
import uuid

from sqlalchemy import select

from backend.classes.rows import ClassMove
from backend.foundation.audit import record
from backend.foundation.crypto import seal, unseal
from backend.foundation.database import db
from backend.records.rows import StudentRecord


def move_record(run_id: str, number: str) -> None:
    """The record of the moved pupil gets the class it is in now; a pupil without a record has nothing to change."""
    move = db.session.execute(
        select(ClassMove).where(ClassMove.run_id == uuid.UUID(run_id), ClassMove.number == int(number))
    ).scalar_one()
    later = db.session.execute(
        select(ClassMove.number).where(
            ClassMove.run_id == move.run_id, ClassMove.no == move.no, ClassMove.number > move.number
        )
    ).first()
    row = db.session.execute(
        select(StudentRecord).where(StudentRecord.application_id == move.application_id).with_for_update()
    ).scalar_one_or_none()
    if row is None or later is not None or move.to_class is None:
        return
    place = f"student_record.fields.{row.id}"
    fields = json.loads(unseal(row.child_id, place, row.fields_sealed))
    fields["bjh"] = str(move.to_class)
    row.class_number = move.to_class
    row.fields_sealed = seal(row.child_id, place, json.dumps(fields, ensure_ascii=False))
    record("record.moved", "child", row.child_id, class_number=move.to_class)

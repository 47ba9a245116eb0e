"""Export a school's records in the national template; every export is written down."""

import json

from sqlalchemy import select

from backend.foundation.audit import record
from backend.foundation.crypto import unseal
from backend.foundation.database import db
from backend.foundation.safe_sheets import csv_sheet, excel_sheet
from backend.identity.actors import Actor
from backend.identity.authorize import authorize_office
from backend.identity.rules.roles import school_scopes
from backend.records.rows import StudentRecord
from backend.records.rules.national import HEADERS

SHEETS = {"xlsx": excel_sheet, "csv": csv_sheet}
MEDIA = {"xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "csv": "text/csv"}


def export_records(actor: Actor, school: str, file_format: str) -> bytes:
    """The file, `xlsx` or `csv`, sorted by class and number. Raises NotAllowed."""
    authorize_office(actor, "record.export", school_scopes(school))
    rows = records_of(school)
    record("record.exported", "school", school, format=file_format, count=len(rows))
    return SHEETS[file_format](HEADERS, rows)


def records_of(school: str) -> list[dict[str, str]]:
    """The fields of the school's records, unsealed, by class and record number."""
    found = db.session.execute(
        select(StudentRecord).where(StudentRecord.school == school).order_by(StudentRecord.class_number)
    ).scalars()
    rows = []
    for row in found:
        told: dict[str, str] = json.loads(unseal(row.child_id, f"student_record.fields.{row.id}", row.fields_sealed))
        rows.append(told)
    return sorted(rows, key=lambda told: (int(told["bjh"]), told["grbsm"]))

"""Every child of a school gets its record, once for life, and exports hold them all (D29, T-4.3, promises P16)."""

import csv
import io
from typing import Any

import pytest
from python_calamine import CalamineWorkbook
from sqlalchemy import select, text

from backend.enrolment.rows import Application
from backend.families.people import people_of
from backend.families.rows import Child
from backend.foundation.audit import AuditRow
from backend.foundation.database import db
from backend.foundation.unit_of_work import unit_of_work
from backend.identity.actors import NotAllowed
from backend.records import make_records as records_room
from backend.records.complete_records import complete_records
from backend.records.export_records import export_records, records_of
from backend.records.rows import StudentRecord
from backend.records.rules.national import HEADERS, RecordImpossible
from tests.class_builders import CHILDREN, P01, formed_at_first, school
from tests.enrolment_builders import KANGBASHI
from tests.placement_builders import work

pytestmark = pytest.mark.usefixtures("opened")


def test_exports_hold_every_record_in_both_kinds_and_are_written_down(intake: list[Application]) -> None:
    formed_at_first()
    by = school()
    rows = list(csv.reader(io.StringIO(export_records(by, P01, "csv").decode("utf-8-sig"), newline="")))
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(export_records(by, P01, "xlsx"))).get_sheet_by_index(0)
    assert rows == sheet.to_python(skip_empty_area=False)
    assert rows[0] == list(HEADERS.values())
    assert len(rows) == CHILDREN + 1
    assert [row[12] for row in rows[1:]] == ["1", "1", "2", "2"]
    written = select(AuditRow).where(AuditRow.action == "record.exported", AuditRow.object_id == P01)
    assert [row.facts["format"] for row in db.session.execute(written).scalars()] == ["csv", "xlsx"]
    with pytest.raises(NotAllowed):
        export_records(school(f"{KANGBASHI}-P02"), P01, "csv")


def test_a_record_that_cannot_be_made_holds_nobody_back_and_is_made_later(
    intake: list[Application], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Domain 4.1: the record is the result, never the condition; T-4.3: without numbers it has to wait."""
    true_number, unlucky = records_room.national_number, str(intake[0].receipt)
    lacking = {people_of([db.session.get_one(Child, intake[0].child_id)])[intake[0].child_id].id_number}

    def number(pupil: Any) -> tuple[str, str]:
        if pupil.id_number in lacking:
            raise RecordImpossible("孩子没有身份证件号时,必须填写监护人的身份证件号")
        return true_number(pupil)

    monkeypatch.setattr(records_room, "national_number", number)
    formed_at_first()
    states = {str(application.receipt): application.state for application in intake}
    assert states[unlucky] == "enrolled"
    assert sorted(states.values()) == ["enrolled", *["recorded"] * (CHILDREN - 1)]
    lacking.clear()
    with unit_of_work():
        complete_records(school(), P01)
    work()
    assert intake[0].state == "recorded"
    assert len(records_of(P01)) == CHILDREN


def test_a_record_follows_the_child_to_its_next_school_with_the_same_number(intake: list[Application]) -> None:
    """一人一号 for life: a second enrolment takes the record over."""
    formed_at_first()
    application = intake[0]
    row = db.session.execute(select(StudentRecord).where(StudentRecord.child_id == application.child_id)).scalar_one()
    before = (row.id, row.number_index)
    db.session.execute(text("ALTER TABLE application DISABLE TRIGGER USER"))
    db.session.execute(text("UPDATE application SET state = 'enrolled' WHERE id = :key"), {"key": application.id})
    db.session.execute(text("ALTER TABLE application ENABLE TRIGGER USER"))
    db.session.expire_all()
    complete_records(school(), P01)
    db.session.commit()
    work()
    rows = select(StudentRecord).where(StudentRecord.child_id == application.child_id)
    (row,) = db.session.execute(rows).scalars().all()
    assert (row.id, row.number_index) == before
    assert application.state == "recorded"

"""After the classes are published: every child of the school gets its school record, once for life."""

import json
import uuid

from sqlalchemy import select

from backend.classes.rows import ClassMember
from backend.enrolment.applications import form_of, move_application
from backend.enrolment.rows import Application
from backend.families.people import people_of
from backend.families.queries import guardians_of
from backend.families.rows import Child
from backend.foundation import clock
from backend.foundation.audit import record
from backend.foundation.crypto import blind_index, seal
from backend.foundation.database import db
from backend.notices.send_notice import send_notice
from backend.policy.places import school_named
from backend.publication.rows import Run
from backend.records.rows import StudentRecord
from backend.records.rules.national import Pupil, national_fields, national_number

ENTRY_MONTH = "09"


def make_records(run_id: str) -> None:
    """Make the records of a published class run; children who have one keep it."""
    run = db.session.get_one(Run, uuid.UUID(run_id))
    if run.state != "published" or run.kind != "classes":
        return
    members = list(
        db.session.execute(
            select(ClassMember, Application, Child)
            .join(Application, Application.id == ClassMember.application_id)
            .join(Child, Child.id == Application.child_id)
            .where(ClassMember.run_id == run.id)
            .order_by(ClassMember.no)
        )
    )
    people = people_of([child for _, _, child in members])
    for member, application, child in members:
        if application.state == "confirmed":
            move_application(application, "enrolled", f"class {member.number} at {run.scope}")
        if application.state != "enrolled":
            continue
        person = people[child.id]
        form = form_of(application)
        household = str(form.get("household_unit") or "")
        pupil = Pupil(
            name=person.name,
            sex=person.sex,
            born_on=person.born_on,
            ethnicity=person.ethnicity,
            id_number=person.id_number,
            address=str(form.get("address") or ""),
            household_code=household[:6],
            school=run.scope,
            class_number=member.number,
            entered=f"{application.year}{ENTRY_MONTH}",
            guardian_name=person.guardian_name,
            guardian_relation=person.relation,
            guardian_id_number=person.guardian_id_number,
            is_migrant=not household.startswith(application.banner[:4]),
        )
        _write(application, pupil)
        _tell(application, member.number)


def _write(application: Application, pupil: Pupil) -> None:
    kind, number = national_number(pupil)
    record_id = uuid.uuid4()
    fields = json.dumps(national_fields(pupil), ensure_ascii=False)
    db.session.add(
        StudentRecord(
            id=record_id,
            child_id=application.child_id,
            application_id=application.id,
            school=pupil.school,
            class_number=pupil.class_number,
            number_kind=kind,
            number_index=blind_index("student_record.number", number),
            fields_sealed=seal(application.child_id, f"student_record.fields.{record_id}", fields),
            made_at=clock.now(),
        )
    )
    move_application(application, "recorded", f"record {kind}")
    record("record.made", "child", application.child_id, kind=kind)


def _tell(application: Application, number: int) -> None:
    school = school_named(_school_of(application))
    for account in guardians_of(application.child_id):
        send_notice(
            account,
            "class-formed",
            {"school": school.name if school else "", "class": str(number)},
            key=f"class-formed/{application.id}/{account}",
            child_id=application.child_id,
            link=f"/phone/#/pages/result/index?id={application.id}",
        )


def _school_of(application: Application) -> str:
    return db.session.execute(
        select(StudentRecord.school).where(StudentRecord.application_id == application.id)
    ).scalar_one()

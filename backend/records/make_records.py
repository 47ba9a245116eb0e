"""After the classes are published: every child of the school gets its school record, once for life."""

import json
import uuid

from sqlalchemy import select

from backend.classes.rows import ClassMember
from backend.enrolment.applications import form_of, move_application
from backend.enrolment.rows import Application
from backend.families.people import ChildPerson, people_of
from backend.families.queries import guardians_of
from backend.families.rows import Child
from backend.foundation import clock
from backend.foundation.audit import record
from backend.foundation.crypto import blind_index, seal
from backend.foundation.database import db
from backend.notices.send_notice import send_notice
from backend.policy.places import school_named
from backend.publication.rows import Run
from backend.publication.scopes import place_of
from backend.records.rows import StudentRecord
from backend.records.rules.national import Pupil, RecordImpossible, SecondGuardian, national_fields, national_number

ENTRY_MONTH = "09"


def make_records(run_id: str) -> None:
    """Make the records of a published class run; who has one for this enrolment already is passed over.

    A child whose record cannot be made yet stays enrolled in its class: the record is never a condition (domain 4.1).
    """
    run = db.session.get_one(Run, uuid.UUID(run_id))
    if run.state != "published" or run.kind != "classes":
        return
    members = [
        (member, application, child)
        for member, application, child in db.session.execute(
            select(ClassMember, Application, Child)
            .join(Application, Application.id == ClassMember.application_id)
            .join(Child, Child.id == Application.child_id)
            .where(ClassMember.run_id == run.id, Application.state.in_(("confirmed", "enrolled")))
            .order_by(ClassMember.no)
            .with_for_update(of=Application)
        )
    ]
    school = place_of(run.scope)
    people = people_of([child for _, _, child in members])
    for member, application, child in members:
        if application.state == "confirmed":
            move_application(application, "enrolled", f"编入{member.number}班")
        pupil = _pupil(application, people[child.id], school, member.number)
        try:
            _write(application, pupil)
        except RecordImpossible as fault:
            record("record.impossible", "child", child.id, str(fault), school=school)
        _tell(application, school, member.number)


def _pupil(application: Application, person: ChildPerson, school: str, number: int) -> Pupil:
    form = form_of(application)
    household = str(form.get("household_unit") or "")
    return Pupil(
        name=person.name,
        sex=person.sex,
        born_on=person.born_on,
        ethnicity=person.ethnicity,
        id_number=person.id_number,
        address=str(form.get("address") or ""),
        household_code=household[:6],
        school=school,
        class_number=number,
        entered=f"{application.year}{ENTRY_MONTH}",
        guardian_name=person.guardian_name,
        guardian_relation=person.relation,
        guardian_id_number=person.guardian_id_number,
        second=SecondGuardian(person.second.name, person.second.relation, person.second.id_number)
        if person.second
        else None,
        is_migrant=bool(household) and not household.startswith(application.banner[:4]),
    )


def _write(application: Application, pupil: Pupil) -> None:
    """Write the record, or take the child's record over into its new school: one number for life (domain 4.1)."""
    kind, number = national_number(pupil)
    child_id = application.child_id
    row = db.session.execute(select(StudentRecord).where(StudentRecord.child_id == child_id)).scalar_one_or_none()
    key = row.id if row else uuid.uuid4()
    fields = json.dumps(national_fields(pupil), ensure_ascii=False)
    sealed = seal(child_id, f"student_record.fields.{key}", fields)
    if row is None:
        index = blind_index("student_record.number", number)
        row = StudentRecord(id=key, child_id=child_id, number_kind=kind, number_index=index)
    row.application_id, row.school, row.class_number = application.id, pupil.school, pupil.class_number
    row.fields_sealed, row.made_at = sealed, clock.now()
    db.session.add(row)
    db.session.flush()
    move_application(application, "recorded", "学籍已建立")
    record("record.made", "child", child_id, kind=row.number_kind)


def _tell(application: Application, code: str, number: int) -> None:
    school = school_named(code)
    for account in guardians_of(application.child_id):
        send_notice(
            account,
            "class-formed",
            {"school": school.name if school else "", "class": str(number)},
            key=f"class-formed/{application.id}/{account}",
            child_id=application.child_id,
            link=f"/phone/#/pages/result/index?id={application.id}",
        )

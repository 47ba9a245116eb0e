"""The school's sheets before the plan: pupils' scores and needs, teachers of the starting grade; a dry run changes nothing."""

import json
import uuid
from functools import partial
from typing import Any

from sqlalchemy import delete, select

from backend.classes.class_lists import newest_run
from backend.classes.gather_intake import fact_place
from backend.classes.intake import admitted
from backend.classes.rows import PupilFact, TeacherList
from backend.classes.rules.pupil_sheet import PupilLine, read_pupil_sheet
from backend.classes.rules.teacher_sheet import TeacherLine, read_teacher_sheet
from backend.fairness.canonical import canonical_json, sha256_hex
from backend.families.people import people_of
from backend.foundation import clock
from backend.foundation.audit import record
from backend.foundation.crypto import seal, shred, unseal
from backend.foundation.database import db
from backend.foundation.problems import NotFound, Refusal
from backend.identity.actors import Actor
from backend.identity.authorize import authorize_office
from backend.identity.rules.roles import school_scopes
from backend.policy.books_in_force import book_in_force
from backend.policy.places import school_named
from backend.policy.rules.places import RowFault
from backend.policy.rules.sheets import Rows
from backend.policy.take_sheet import Imported, Reader, TakeOver, take_sheet

KIND_NAMES = {"pupils": "学生", "teachers": "教师"}


class ListFrozen(Refusal):
    """The plan is published and the list sealed: its pupils and teachers stay as they are."""

    code = "class-list-frozen"


def import_class_sheet(actor: Actor, school: str, kind: str, filename: str, data: bytes, *, dry_run: bool) -> Imported:
    """The faults of a sheet and, where none is grave and this is no dry run, its rows in place of the former ones.

    `kind`: pupils or teachers. Raises NotAllowed, NotFound, SheetNotRead, ListFrozen.
    """
    authorize_office(actor, "classes.form", school_scopes(school))
    if kind not in KIND_NAMES or school_named(school) is None:
        raise NotFound
    if newest_run(school) is not None:
        raise ListFrozen
    read: Reader = partial(_pupils, school) if kind == "pupils" else partial(_teachers, actor, school)
    imported = take_sheet(filename, data, read, dry_run=dry_run)
    if imported.applied:
        record("classes.sheet-imported", "school", school, kind=kind, rows=imported.rows, sha256=sha256_hex(data))
    return imported


def teachers_of(school: str) -> list[TeacherLine]:
    """The teachers imported last for the year in force, unsealed."""
    row = _list_of(school)
    if row is None:
        return []
    told: list[dict[str, Any]] = json.loads(unseal(row.id, _teachers_place(row.id), row.teachers_sealed))
    return [TeacherLine(**line) for line in told]


def _pupils(school: str, rows: Rows) -> tuple[TakeOver, list[RowFault]]:
    confirmed = admitted(school, ("confirmed",))
    people = people_of([child for _, _, child in confirmed])
    names = {row.receipt: people[child.id].name for row, _, child in confirmed}
    named = school_named(school)
    lines, faults = read_pupil_sheet(rows, names, takes_scores=named is not None and named.stage == "junior")
    return lambda: _replace_facts(school, lines), faults


def _replace_facts(school: str, lines: list[PupilLine]) -> None:
    year = _year(school)
    former = select(PupilFact.id).where(PupilFact.school == school, PupilFact.year == year)
    for key in db.session.execute(former).scalars().all():
        shred(key)
    db.session.execute(delete(PupilFact).where(PupilFact.school == school, PupilFact.year == year))
    for line in lines:
        key = uuid.uuid4()
        sealed = seal(key, fact_place(key), json.dumps(line.as_json(), ensure_ascii=False))
        db.session.add(PupilFact(id=key, school=school, year=year, no=line.no, facts_sealed=sealed))
    db.session.flush()


def _teachers(actor: Actor, school: str, rows: Rows) -> tuple[TakeOver, list[RowFault]]:
    lines, faults = read_teacher_sheet(rows, clock.today())
    return lambda: _replace_teachers(actor, school, lines), faults


def _replace_teachers(actor: Actor, school: str, lines: list[TeacherLine]) -> None:
    former = _list_of(school)
    if former is not None:
        shred(former.id)
        db.session.delete(former)
        db.session.flush()
    key, told = uuid.uuid4(), [line.as_json() for line in lines]
    sealed = seal(key, _teachers_place(key), json.dumps(told, ensure_ascii=False))
    taken = {"sha256": sha256_hex(canonical_json(told)), "count": len(lines)}
    who = {"imported_at": clock.now(), "imported_by": actor.account_id}
    db.session.add(TeacherList(id=key, school=school, year=_year(school), teachers_sealed=sealed, **taken, **who))
    db.session.flush()


def _list_of(school: str) -> TeacherList | None:
    return db.session.execute(
        select(TeacherList).where(TeacherList.school == school, TeacherList.year == _year(school))
    ).scalar_one_or_none()


def _teachers_place(key: uuid.UUID) -> str:
    return f"class_teacher_list.teachers.{key}"


def _year(school: str) -> int:
    return book_in_force(school.split("-", maxsplit=1)[0]).year

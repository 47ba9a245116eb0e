"""The deadline of the answer has passed: what silence means is the book's word (domain 2.10, D28, D30)."""

import uuid

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from backend.enrolment.applications import move_application
from backend.enrolment.rows import Application
from backend.families.queries import guardians_of
from backend.foundation import clock
from backend.foundation.audit import record
from backend.foundation.database import db
from backend.foundation.tasks import put_task
from backend.notices.send_notice import send_notice
from backend.placement.answer_place import remember_home
from backend.placement.rows import PlacementRow
from backend.placement.waiting_list import line_changed
from backend.policy.books_in_force import book_in_force, book_of_hash
from backend.policy.places import school_named
from backend.policy.rules.book import Book
from backend.publication.rows import Run
from backend.seats.rows import Conduct

BATCH = 200


def lapse_confirmation(run_id: str | None = None, row_id: str | None = None, part: int = 0) -> None:
    """Settle the next unanswered places whose deadline has passed: those of a run, or the one row of a proposal."""
    whose = PlacementRow.id == uuid.UUID(row_id) if row_id else PlacementRow.run_id == uuid.UUID(run_id or "")
    rows = list(
        db.session.execute(
            select(PlacementRow)
            .where(whose, PlacementRow.state == "offered", PlacementRow.confirm_by <= clock.now())
            .order_by(PlacementRow.receipt)
            .limit(BATCH)
            .with_for_update()
        ).scalars()
    )
    for row in rows:
        lapse_place(row, _book_of(row))
    if len(rows) == BATCH:
        put_task("lapse-confirmation", f"{run_id}/{part + 1}", {"run_id": run_id, "part": part + 1})


def _book_of(row: PlacementRow) -> Book:
    """The book that the place was given by."""
    if row.run_id is not None:
        return book_of_hash(db.session.get_one(Run, row.run_id).book_sha256)
    return book_in_force(db.session.get_one(Application, row.application_id).banner)


def lapse_place(row: PlacementRow, book: Book) -> None:
    """What silence does to one offered place: fixed at the school, or given up, with or without next year's penalty."""
    application = db.session.get_one(Application, row.application_id)
    silence = book.confirmation.silence
    row.state = "confirmed" if silence == "record-fixed" else "lapsed"
    row.answered_at = clock.now()
    row.answered_by = f"silence:{silence}"
    record("place.silence", "placement", row.id, silence, school=row.school)
    if silence == "record-fixed":
        move_application(application, "confirmed", "逾期没有审验，学籍注册在指派学校")
        remember_home(application, row.school or "", book)
    else:
        move_application(application, "lapsed", f"逾期没有确认。{book.confirmation.text}")
        line_changed(application.banner, application.stage, f"lapsed/{row.id}")
    if silence == "penalty-class-next-year":
        _note_conduct(application)
    school = school_named(row.school) if row.school else None
    for account in guardians_of(row.child_id):
        send_notice(
            account,
            f"silence-{silence}",
            {"school": school.name if school else "", "receipt": row.receipt, "rule": book.confirmation.text},
            key=f"silence/{row.id}/{account}",
            child_id=row.child_id,
            link=f"/phone/#/pages/result/index?id={application.id}",
        )


def _note_conduct(application: Application) -> None:
    db.session.execute(
        insert(Conduct)
        .values(
            child_id=application.child_id,
            fact="conduct.formalities_missed",
            year=application.year,
            noted_at=clock.now(),
        )
        .on_conflict_do_nothing()
    )

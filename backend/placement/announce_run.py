"""After the switch: tell every family, set the confirmation deadline, a few hundred families a task."""

import uuid
from datetime import datetime

from backend.enrolment.applications import move_application
from backend.enrolment.close_window import GRACE
from backend.enrolment.rows import Application
from backend.families.queries import guardians_of
from backend.foundation import clock
from backend.foundation.database import db
from backend.foundation.tasks import put_task
from backend.notices.send_notice import send_notice
from backend.placement.next_rows import next_rows, put_the_rest
from backend.placement.rows import PlacementRow
from backend.placement.supersede_rows import supersede_rows
from backend.placement.waiting_list import line_changed
from backend.policy.books_in_force import book_of_hash
from backend.policy.deadlines import deadline_after
from backend.policy.places import school_named
from backend.policy.rules.book import Book
from backend.publication.ceremonies import is_struck_out
from backend.publication.rows import PublishedRun, Run
from backend.publication.scopes import place_of, stage_of


def announce_run(run_id: str, after: str = "") -> None:
    """Announce the next families of a published run and put the work on for the rest; classes have no families' part."""
    run = db.session.get_one(Run, uuid.UUID(run_id))
    if run.state != "published" or run.kind != "placement":
        return
    book = book_of_hash(run.book_sha256)
    confirm_by = deadline_after(
        book, "confirmation", db.session.get_one(PublishedRun, (run.kind, run.scope)).switched_at
    )
    rows = next_rows(run.id, after)
    for row in rows:
        announce_placement(row, book, confirm_by)
    if not put_the_rest("announce-run", run.id, rows):
        line_changed(place_of(run.scope), stage_of(run.scope), f"round/{run.id}")
    if not after:
        put_task("lapse-confirmation", str(run.id), {"run_id": run_id}, due_at=confirm_by + GRACE)


def announce_placement(row: PlacementRow, book: Book, confirm_by: datetime) -> None:
    """Tell one family its result, once; the application moves on with it."""
    if row.state != "drawn":
        return
    application = db.session.get_one(Application, row.application_id)
    row.state = "offered" if row.school else "unplaced"
    row.confirm_by = confirm_by if row.school else None
    db.session.flush()
    supersede_rows(application, row.id)
    move_application(application, "placed" if row.school else "unplaced", "派位结果公布")
    if row.run_id is not None and is_struck_out(row.run_id, row.receipt):
        _leave(row, application)
        return
    code = _notice_code(row, book)
    school = school_named(row.school) if row.school else None
    params = {
        "receipt": row.receipt,
        "school": school.name if school else "",
        "address": school.address if school else "",
        "confirm_by": confirm_by.strftime("%m月%d日 %H:%M"),
    }
    for account in guardians_of(row.child_id):
        send_notice(
            account,
            code,
            params,
            key=f"{code}/{row.id}/{account}",
            child_id=row.child_id,
            link=f"/phone/#/pages/result/index?id={application.id}",
        )


def _leave(row: PlacementRow, application: Application) -> None:
    """A child that was struck out takes no seat: what was drawn for it is free again, and its family is not called."""
    if row.school:
        row.state = "declined"
        row.answered_at = clock.now()
        row.answered_by = "struck-out"
        move_application(application, "declined", "封存后退出，不占学位")
        line_changed(application.banner, application.stage, f"left/{row.id}")
    else:
        move_application(application, "withdrawn", "封存后退出")


def _notice_code(row: PlacementRow, book: Book) -> str:
    if row.school is None:
        return "unplaced"
    return "placed-visit-school" if book.confirmation.by == "school" else "placed"

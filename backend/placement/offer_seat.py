"""A seat that fell free is offered to the next of its line: announced, with a term of its own, entered into the ledger."""

from datetime import datetime

from backend.enrolment.applications import move_application
from backend.enrolment.close_window import GRACE
from backend.enrolment.rows import Application
from backend.families.queries import guardians_of
from backend.foundation import clock
from backend.foundation.audit import record
from backend.foundation.database import db
from backend.foundation.tasks import put_task
from backend.notices.send_notice import send_notice
from backend.placement.interviews import invite
from backend.placement.rows import PlacementRow, WaitingMove
from backend.policy.books_in_force import book_in_force
from backend.policy.places import school_named
from backend.publication.enter_ledger import Statement, enter_statement

STEP = "waiting-list"


def offer_seat(application: Application, row: PlacementRow, school: str, place: int, confirm_by: datetime) -> None:
    """Let `row` of the application offer a seat of the school; the child stood at `place` of its line."""
    row.school, row.step, row.position, row.state, row.confirm_by = school, STEP, place, "offered", confirm_by
    db.session.flush()
    move_application(application, "placed", "候补递补")
    receipt = application.receipt or ""
    move = WaitingMove(school=school, stage=application.stage, receipt=receipt, moved_at=clock.now())
    db.session.add(move)
    db.session.flush()
    record("waiting-list.offered", "application", application.id, school=school, place=place)
    _enter(application, school, move.id)
    put_task("lapse-confirmation", f"row/{row.id}/{move.id}", {"row_id": str(row.id)}, due_at=confirm_by + GRACE)
    named = school_named(school)
    code = invite(row, application) or "placed-waiting-list"
    for account in guardians_of(application.child_id):
        send_notice(
            account,
            code,
            {"school": named.name if named else "", "confirm_by": confirm_by.strftime("%m月%d日 %H:%M")},
            key=f"waiting-list/{move.id}/{account}",
            child_id=application.child_id,
            link=f"/phone/#/pages/result/index?id={application.id}",
        )


def _enter(application: Application, school: str, move: int) -> None:
    """The move enters the ledger: everybody sees that the line moved, the child's row stays inside."""
    rule = {"decided": STEP, "scope": f"{application.banner}/{application.stage}", "school": school}
    row = {"id": application.receipt or "", "school": school}
    book = book_in_force(application.banner)
    enter_statement(f"waiting-list/{move}", book.sha256, Statement(rule, (row,), {"counts": {"people": 1}}))

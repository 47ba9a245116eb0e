"""A returned application whose deadline passed: what the book says happens, so that nobody stays in limbo (T-2.6)."""

import uuid

from sqlalchemy import select

from backend.enrolment.applications import move_application
from backend.enrolment.rows import Application
from backend.families.queries import guardians_of
from backend.foundation.database import db
from backend.notices.send_notice import send_notice
from backend.policy.books_in_force import book_in_force
from backend.verification.establish import establish


def lapse_return(application_id: str, submission: int) -> None:
    """Carry out the book's rule; does nothing where the family has answered in time."""
    application = db.session.execute(
        select(Application).where(Application.id == uuid.UUID(application_id)).with_for_update()
    ).scalar_one()
    if application.state != "returned" or application.submissions != submission:
        return
    book = book_in_force(application.banner)
    if book.returns.lapse == "forfeit":
        move_application(application, "lapsed", f"逾期没有补正。{book.returns.text}")
    else:
        establish(application, {"conduct.papers_late": True}, f"逾期没有补正。{book.returns.text}")
        move_application(application, "verified", f"逾期没有补正。{book.returns.text}")
    for account in guardians_of(application.child_id):
        send_notice(
            account,
            "return-lapsed",
            {"rule": book.returns.text},
            key=f"return-lapsed/{application.id}/{submission}/{account}",
            child_id=application.child_id,
            link=f"/phone/#/pages/diary/index?id={application.id}",
        )

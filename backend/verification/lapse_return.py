"""A returned application whose deadline passed: what the book says happens, so that nobody stays in limbo (T-2.6)."""

import uuid

from sqlalchemy import select

from backend.enrolment.applications import events_of, move_application
from backend.enrolment.rows import Application
from backend.families.queries import guardians_of
from backend.foundation.database import db
from backend.notices.send_notice import send_notice
from backend.policy.books_in_force import book_in_force
from backend.verification.establish import establish
from backend.verification.open_case import open_case


def lapse_return(application_id: str, submission: int) -> None:
    """Carry out the book's rule; does nothing where the family has answered in time."""
    application = db.session.execute(
        select(Application).where(Application.id == uuid.UUID(application_id)).with_for_update()
    ).scalar_one()
    if application.state != "returned" or application.submissions != submission:
        return
    if was_asked_by_the_system(application):
        open_case(application, ["looked-again-in-silence"])
        move_application(application, "in_review", "家长没有再改，由工作人员查看")
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


def was_asked_by_the_system(application: Application) -> bool:
    """Whether the form was given back by the system's own question, not by an official: then silence costs nothing."""
    newest = events_of(application)[-1]
    return newest.to_state == "returned" and bool(newest.facts.get("self_check"))

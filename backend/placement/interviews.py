"""The interview of a private junior school beside its draw (D10): off unless the book states the exception to D05a.

Whoever is drawn is invited, and confirms once the interview is held. Who does not pass is told why and stands in the
public list as though never drawn; the seat goes to the next of the drawn order.
"""

import uuid

from sqlalchemy import select

from backend.enrolment.applications import move_application
from backend.enrolment.close_window import GRACE
from backend.enrolment.diary_notes import note_in_diary
from backend.enrolment.rows import Application
from backend.foundation import clock
from backend.foundation.audit import record
from backend.foundation.database import db
from backend.foundation.problems import NotFound, Refusal
from backend.foundation.tasks import put_task
from backend.identity.actors import Actor
from backend.identity.authorize import authorize_office
from backend.identity.rules.roles import school_scopes
from backend.placement.rounds import published_rounds
from backend.placement.rows import PlacementRow
from backend.placement.tell_family import tell_guardians
from backend.policy.books_in_force import book_in_force
from backend.policy.deadlines import deadline_after
from backend.policy.places import school_named
from backend.publication.enter_ledger import Statement, enter_statement

SHORTEST_REASON = 5
BY_INTERVIEW = "interview"


class InterviewReasonMissing(Refusal):
    """A school that does not admit a child after the interview says why; the family reads it."""

    code = "reason-missing"
    status = 422


class NoInterviewDue(Refusal):
    """The child waits for no interview of this school."""

    code = "no-interview-due"


def invite(row: PlacementRow, application: Application) -> str | None:
    """Let the offered private place wait for the interview, where the book has one: the notice to send, else None."""
    school = school_named(row.school or "")
    if school is None or not school.private or not book_in_force(application.banner).interviews_at(application.stage):
        return None
    row.interview, row.confirm_by = "due", None
    return "private-interview"


def interviews_due(banner: str, stage: str) -> list[str]:
    """The private schools of the stage that still have to hold an interview; the public list waits for them (B10)."""
    found = db.session.execute(
        select(PlacementRow.school)
        .join(Application, Application.id == PlacementRow.application_id)
        .where(
            Application.banner == banner,
            Application.stage == stage,
            PlacementRow.interview == "due",
            PlacementRow.state == "offered",
        )
        .distinct()
    ).scalars()
    return [str(school) for school in found]


def record_interview(
    actor: Actor, school: str, application_id: uuid.UUID, reason: str, *, passed: bool
) -> PlacementRow:
    """The school's word after the interview. Raises NotAllowed, NotFound, NoInterviewDue, InterviewReasonMissing."""
    authorize_office(actor, "enrolment.confirm", school_scopes(school))
    application = db.session.get(Application, application_id, with_for_update=True)
    if application is None:
        raise NotFound
    row = db.session.execute(
        select(PlacementRow)
        .where(PlacementRow.application_id == application.id, PlacementRow.school == school)
        .where(PlacementRow.state == "offered", PlacementRow.interview == "due")
        .with_for_update()
    ).scalar_one_or_none()
    if row is None:
        raise NoInterviewDue
    if not passed and len(reason.strip()) < SHORTEST_REASON:
        raise InterviewReasonMissing
    if passed:
        _let_confirm(row, application)
    else:
        _give_back(row, application, reason.strip())
    record("interview.held" if passed else "interview.not-passed", "placement", row.id, reason.strip(), school=school)
    return row


def _let_confirm(row: PlacementRow, application: Application) -> None:
    confirm_by = deadline_after(book_in_force(application.banner), "confirmation", clock.now())
    row.interview, row.confirm_by = "held", confirm_by
    put_task("lapse-confirmation", f"interview/{row.id}", {"row_id": str(row.id)}, due_at=confirm_by + GRACE)
    facts = {"school": _name(row), "confirm_by": confirm_by.strftime("%m月%d日 %H:%M")}
    tell_guardians(application, "interview-held", facts, f"interview-held/{row.id}", "result/index")


def _give_back(row: PlacementRow, application: Application, reason: str) -> None:
    row.interview, row.state, row.answered_at, row.answered_by = "not-passed", "superseded", clock.now(), BY_INTERVIEW
    is_placed_already = bool(published_rounds(application.banner, application.stage))
    move_application(
        application, "unplaced" if is_placed_already else "settled", "民办学校面谈没有录取，照常参加公办派位"
    )
    note_in_diary(application, "interview-not-passed", reason, school=_name(row))
    facts = {"school": _name(row), "reason": reason}
    tell_guardians(application, "interview-not-passed", facts, f"interview-not-passed/{row.id}", "diary/index")
    cause = f"interview/{row.id}"
    put_task(
        "move-waiting-lists",
        f"{application.banner}/{application.stage}/{cause}",
        {"banner": application.banner, "stage": application.stage},
    )
    rule = {"decided": BY_INTERVIEW, "scope": f"{application.banner}/{application.stage}", "school": row.school}
    entered = {"id": application.receipt or "", "reason": reason}
    book = book_in_force(application.banner)
    enter_statement(cause, book.sha256, Statement(rule, (entered,), {"counts": {"people": 1}}))


def _name(row: PlacementRow) -> str:
    school = school_named(row.school or "")
    return school.name if school else ""

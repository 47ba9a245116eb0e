"""Ask the family to look again at what a register has otherwise, before an official is asked: one question, no penalty."""

from backend.enrolment.applications import move_application
from backend.enrolment.close_window import GRACE
from backend.enrolment.rows import Application
from backend.enrolment.tell_guardians import tell_guardians
from backend.foundation import clock
from backend.foundation.tasks import put_task
from backend.policy.books_in_force import book_in_force
from backend.policy.deadlines import deadline_after
from backend.verification.diary_words import difference_text
from backend.verification.remind_return import plan_reminders
from backend.verification.rows import Check


def ask_family(application: Application, checks: list[Check]) -> None:
    """Give the form back with the fields that differ; handing it in again, changed or not, brings it to the registers anew.

    Silence until the deadline is no lapse: an official looks (lapse_return).
    """
    return_by = deadline_after(book_in_force(application.banner), "return", clock.now())
    application.return_by = return_by
    differing = [difference_text(check) for check in checks if check.state != "match"]
    told = {"application_id": str(application.id), "submission": application.submissions}
    put_task("lapse-return", f"{application.id}/{application.submissions}", told, due_at=return_by + GRACE)
    plan_reminders(application, return_by)
    move_application(application, "returned", f"请再看一遍填的内容：{'；'.join(differing)}", self_check=True)
    facts = {"what": "；".join(differing), "return_by": return_by.strftime("%m月%d日 %H:%M")}
    tell_guardians(application, "look-again", **facts)

"""Reminders of a correction that is due: half-way, and a day before the deadline (domain 2.5, 退回补正)."""

import uuid
from datetime import datetime, timedelta

from backend.enrolment.rows import Application
from backend.families.queries import guardians_of
from backend.foundation import clock
from backend.foundation.database import db
from backend.foundation.tasks import put_task
from backend.notices.send_notice import send_notice

LAST_CALL = timedelta(days=1)
SHORTEST_AHEAD = timedelta(hours=6)


def plan_reminders(application: Application, return_by: datetime) -> None:
    """Have the guardians reminded; a deadline that is near anyway gets the last reminder alone."""
    moment = clock.now()
    half_way = moment + (return_by - moment) / 2
    instants = {half_way, return_by - LAST_CALL}
    for due_at in sorted(each for each in instants if moment + SHORTEST_AHEAD <= each <= return_by - SHORTEST_AHEAD):
        told = {"application_id": str(application.id), "submission": application.submissions, "at": due_at.isoformat()}
        key = f"{application.id}/{application.submissions}/{due_at.isoformat()}"
        put_task("remind-return", key, told, due_at=due_at)


def remind_return(application_id: str, submission: int, at: str) -> None:
    """Tell the guardians once more what is to be corrected by when; nothing where it is corrected already."""
    application = db.session.get_one(Application, uuid.UUID(application_id))
    if application.state != "returned" or application.submissions != submission or application.return_by is None:
        return
    if application.return_by <= clock.now():
        return
    for account in guardians_of(application.child_id):
        send_notice(
            account,
            "return-reminder",
            {"return_by": application.return_by.strftime("%m月%d日 %H:%M")},
            key=f"return-reminder/{application.id}/{submission}/{at}/{account}",
            child_id=application.child_id,
            link=f"/phone/#/pages/diary/index?id={application.id}",
        )

"""Once a day: whoever waits for nothing is found and set going again, so that nobody stays in limbo (T-2.6)."""

from datetime import datetime, timedelta

from sqlalchemy import exists, select

from backend.documents.rows import Paper
from backend.documents.tell_sender import tell_sender
from backend.enrolment.close_window import GRACE
from backend.enrolment.rows import Application
from backend.foundation import clock
from backend.foundation.audit import record
from backend.foundation.database import db
from backend.foundation.logging import log
from backend.foundation.tasks import put_task
from backend.verification.deal_case import deal_case
from backend.verification.open_case import open_case
from backend.verification.open_checks import plan_watch, wake_judge
from backend.verification.rows import Case

QUIET = timedelta(hours=6)
"""An application that was moved so lately may have its task on the way."""


def watch_limbo(day: str) -> None:
    """Put right what waits for nothing: a judge not woken, a case not opened or not dealt, a deadline not carried out."""
    still = clock.now() - QUIET
    healed = {"submitted": 0, "checking": 0, "in_review": 0, "returned": 0, "undealt": 0}
    busy = False
    for application in _in_states(("submitted", "checking", "in_review", "returned")):
        busy = True
        if application.moved_at > still:
            continue
        if _is_healed(application, day):
            healed[application.state] += 1
    undealt = select(Case).where(Case.decided_at.is_(None), Case.taken_by.is_(None)).with_for_update(skip_locked=True)
    for case in db.session.execute(undealt).scalars():
        deal_case(case)
        healed["undealt"] += case.taken_by is not None
    healed["papers"] = _give_to_people(still)
    if any(healed.values()):
        log(__name__).error("limbo-found", **healed)
        record("limbo.healed", "applications", day, None, **healed)
    if busy:
        plan_watch()


def _give_to_people(still: datetime) -> int:
    """Photographs that the sandbox could not be asked about in all its tries are looked at by a person; how many."""
    waiting = (
        select(Paper).where(Paper.state == "waiting", Paper.attached_at <= still).with_for_update(skip_locked=True)
    )
    found = list(db.session.execute(waiting).scalars())
    for paper in found:
        paper.state, paper.reasons, paper.looked_at = "human", ["picture-not-looked-at"], clock.now()
        tell_sender(paper)
    return len(found)


def _in_states(states: tuple[str, ...]) -> list[Application]:
    wanted = select(Application).where(Application.state.in_(states)).order_by(Application.id)
    return list(db.session.execute(wanted).scalars())


def _is_healed(application: Application, day: str) -> bool:
    key = f"{application.id}/{application.submissions}/limbo/{day}"
    told = {"application_id": str(application.id)}
    if application.state == "submitted":
        put_task("open-checks", key, told)
    elif application.state == "checking":
        wake_judge(application, f"limbo/{day}")
    elif application.state == "returned":
        if application.return_by is None or application.return_by + GRACE > clock.now():
            return False
        put_task("lapse-return", key, {**told, "submission": application.submissions})
    else:
        has_case = select(exists().where(Case.application_id == application.id, Case.decided_at.is_(None)))
        if db.session.execute(has_case).scalar_one():
            return False
        open_case(application, ["found-waiting"])
    return True

"""Erase departments' records once nobody can appeal any more; verdicts, names of fields and the calls' lines stay."""

from datetime import timedelta

from sqlalchemy import or_, select, update

from backend.enrolment.rows import Application
from backend.foundation import clock
from backend.foundation.audit import record
from backend.foundation.database import db
from backend.foundation.tasks import put_task
from backend.verification.rows import Check
from backend.verification.rules.retention import AFTER_THE_END, KEPT_AT_MOST, OVER

EVERY = timedelta(days=1)


def plan_forgetting() -> None:
    """Have tomorrow's round of forgetting done; put once a day."""
    due_at = clock.now() + EVERY
    day = due_at.date().isoformat()
    put_task("forget-records", day, {"day": day}, due_at=due_at)


def forget_records(day: str) -> None:
    """Erase what may go by rules/retention.py, and plan the next round while anything is left."""
    moment = clock.now()
    ended = select(Application.id).where(Application.state.in_(OVER), Application.moved_at <= moment - AFTER_THE_END)
    erased = db.session.execute(
        update(Check)
        .where(
            Check.record_sealed.is_not(None),
            or_(Check.answered_at <= moment - KEPT_AT_MOST, Check.application_id.in_(ended)),
        )
        .values(record_sealed=None)
        .execution_options(synchronize_session=False)
    )
    record("records.forgotten", "checks", day, erased=erased.rowcount)  # type: ignore[attr-defined]
    left = db.session.execute(select(Check.id).where(Check.record_sealed.is_not(None)).limit(1)).first()
    if left is not None:
        plan_forgetting()

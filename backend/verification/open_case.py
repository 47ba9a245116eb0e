"""Put an application into the queue of its banner and deal it to somebody; where it waits already, add the reasons."""

import uuid

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from backend.enrolment.rows import Application
from backend.foundation import clock
from backend.foundation.audit import record
from backend.foundation.database import db
from backend.verification.deal_case import deal_case
from backend.verification.rows import Case


def open_case(application: Application, reasons: list[str], appeal_sealed: bytes | None = None) -> None:
    """Put the application into the queue of its banner; where it waits there already, the reasons are added."""
    opened = db.session.execute(
        insert(Case)
        .values(
            id=uuid.uuid4(),
            application_id=application.id,
            banner=application.banner,
            reasons=reasons,
            opened_at=clock.now(),
            appeal_sealed=appeal_sealed,
        )
        .on_conflict_do_nothing()
        .returning(Case.id)
    ).scalar_one_or_none()
    if opened is None:
        case = db.session.execute(
            select(Case).where(Case.application_id == application.id, Case.decided_at.is_(None)).with_for_update()
        ).scalar_one()
        case.reasons = [*case.reasons, *(reason for reason in reasons if reason not in case.reasons)]
    else:
        deal_case(db.session.get_one(Case, opened))
    record("case.opened" if opened else "case.extended", "application", application.id, reasons=reasons)

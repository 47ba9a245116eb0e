"""What this room holds about a family's children, for the family's own export (个保法 §45)."""

import uuid
from collections.abc import Sequence
from typing import Any

from sqlalchemy import select

from backend.enrolment.rows import Application
from backend.foundation.crypto import unseal
from backend.foundation.database import db
from backend.verification.diary_words import diary_word
from backend.verification.facts import facts_of_check, record_of
from backend.verification.queries import decisions_on
from backend.verification.rows import Check, Dispute, EstablishedFacts


def checks_held(_account_id: uuid.UUID, child_ids: Sequence[uuid.UUID]) -> list[dict[str, Any]]:
    """Every question to a department with its record, what people established and decided, what the family disputed."""
    found = db.session.execute(
        select(Application).where(Application.child_id.in_(child_ids)).order_by(Application.drafted_at, Application.id)
    )
    return [_of_application(application) for application in found.scalars()]


def _of_application(application: Application) -> dict[str, Any]:
    asked = select(Check).where(Check.application_id == application.id).order_by(Check.submission, Check.item)
    established = select(EstablishedFacts).where(EstablishedFacts.application_id == application.id)
    checks = list(db.session.execute(asked).scalars())
    return {
        "application": str(application.id),
        "checks": [_check(check, application) for check in checks],
        "established": [
            {"at": row.at.isoformat(), "facts": row.facts, "reason": row.reason}
            for row in db.session.execute(established.order_by(EstablishedFacts.id)).scalars()
        ],
        "decisions": [
            {
                "at": case.decided_at.isoformat() if case.decided_at else None,
                "decision": case.decision,
                "reason": f"{diary_word('reason', case.reason_code or '')}：{case.reason}",
            }
            for case in decisions_on(application)
        ],
        "disputes": _disputes(checks, application),
    }


def _check(check: Check, application: Application) -> dict[str, Any]:
    return {
        "department": check.department,
        "item": check.item,
        "submission": check.submission,
        "state": check.state,
        "differs": check.differs,
        "answered_at": check.answered_at.isoformat() if check.answered_at else None,
        "record": record_of(check, application),
        "facts": facts_of_check(check, application),
        "basis": check.basis,
    }


def _disputes(checks: Sequence[Check], application: Application) -> list[dict[str, Any]]:
    rows = db.session.execute(
        select(Dispute).where(Dispute.check_id.in_([check.id for check in checks])).order_by(Dispute.filed_at)
    ).scalars()
    return [
        {
            "check": str(row.check_id),
            "filed_at": row.filed_at.isoformat(),
            "text": unseal(application.child_id, f"dispute.text.{row.id}", row.text_sealed),
        }
        for row in rows
    ]

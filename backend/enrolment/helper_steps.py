"""Every step that a helper took for a family, for the family's own diary (wishes 19)."""

from typing import Any

from sqlalchemy import or_, select

from backend.documents.queries import all_papers_of
from backend.enrolment.rows import Application
from backend.families.queries import helpers_of
from backend.families.views import helper_view
from backend.foundation.audit import AuditRow
from backend.foundation.database import db
from backend.notices.sentences import FIRST_LANGUAGE, say

STEPS = (
    "application.draft",
    "application.form-saved",
    "application.schools-chosen",
    "application.submitted",
    "paper.attached",
)
"""Actions of the audit that are told, by the catalogue's `word.diary.step`."""


def helper_lines(application: Application, lang: str = FIRST_LANGUAGE) -> list[dict[str, Any]]:
    """The diary's lines {at, who, what, verdict, text, check_id, disputable} of all that helpers did, oldest first."""
    helpers = {f"guardian:{row.account_id}": row for row in helpers_of(application.child_id)}
    if not helpers:
        return []
    papers = [str(paper.id) for paper in all_papers_of(application.child_id)]
    found = db.session.execute(
        select(AuditRow)
        .where(
            AuditRow.principal.in_(helpers),
            AuditRow.action.in_(STEPS),
            or_(AuditRow.object_id == str(application.id), AuditRow.object_id.in_(papers)),
        )
        .order_by(AuditRow.id)
    )
    names = {
        who: say("diary.helper", lang, phone=helper_view(row)["phone_masked"] or "") for who, row in helpers.items()
    }
    return [_line(row, names[row.principal], lang) for row in found.scalars()]


def _line(row: AuditRow, who: str, lang: str) -> dict[str, Any]:
    what = say(f"word.diary.step.{row.action}", lang)
    told = {
        "at": row.at.isoformat(),
        "who": who,
        "what": what,
        "text": say("diary.helped", lang, helper=who, step=what),
    }
    return {**told, "verdict": "info", "check_id": None, "disputable": False}

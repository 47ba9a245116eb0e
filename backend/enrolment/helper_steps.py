"""Every step that a helper took for a family, for the family's own diary (wishes 19)."""

from typing import Any

from sqlalchemy import or_, select

from backend.documents.queries import all_papers_of
from backend.enrolment.rows import Application
from backend.families.queries import helpers_of
from backend.families.views import helper_view
from backend.foundation.audit import AuditRow
from backend.foundation.database import db

STEPS = {
    "application.draft": "开始填写报名表",
    "application.form-saved": "填写并保存了报名表",
    "application.schools-chosen": "填报了学校",
    "application.submitted": "提交了报名",
    "paper.attached": "上传了一张照片",
}


def helper_lines(application: Application) -> list[dict[str, Any]]:
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
    names = {who: f"代办人{helper_view(row)['phone_masked'] or ''}" for who, row in helpers.items()}
    return [_line(row, names[row.principal]) for row in found.scalars()]


def _line(row: AuditRow, who: str) -> dict[str, Any]:
    what = STEPS[row.action]
    told = {"at": row.at.isoformat(), "who": who, "what": what, "text": f"{who}{what}。"}
    return {**told, "verdict": "info", "check_id": None, "disputable": False}

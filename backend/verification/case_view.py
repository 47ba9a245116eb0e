"""The review desk's look at a case: what the family wrote and what departments say, side by side, differences marked."""

import uuid
from collections.abc import Iterable
from typing import Any

from sqlalchemy import select

from backend.documents.queries import papers_of
from backend.enrolment.applications import form_of
from backend.enrolment.rows import Application
from backend.foundation.database import db
from backend.identity.actors import Actor
from backend.policy.rules.facts import FACTS
from backend.verification.decide_case import open_case_for
from backend.verification.diary import DEPARTMENTS, FIELDS
from backend.verification.facts import checks_of, facts_of, record_of
from backend.verification.judge_application import missing_facts
from backend.verification.rows import Case, Check
from backend.verification.said import person_of, said_for_item

REASONS = {
    "mismatch": "不一致",
    "not-found": "未查到",
    "unavailable": "部门系统连不上",
    "timeout": "部门系统没有回应",
    "paper": "照片需要人看",
    "fact-missing": "缺少核实情况",
    "disputed": "家长有异议",
}


def open_cases(banners: Iterable[str], limit: int = 200) -> list[dict[str, Any]]:
    """The queue of these banners, oldest first; no child's data, only why and since when."""
    rows = db.session.execute(
        select(Case, Application.receipt, Application.stage)
        .join(Application, Application.id == Case.application_id)
        .where(Case.banner.in_(list(banners)), Case.decided_at.is_(None))
        .order_by(Case.opened_at, Case.id)
        .limit(limit)
    )
    return [
        {
            "id": str(case.id),
            "receipt": receipt,
            "banner": case.banner,
            "stage": stage,
            "opened_at": case.opened_at.isoformat(),
            "reasons": list(case.reasons),
            "reason_texts": [reason_text(reason) for reason in case.reasons],
        }
        for case, receipt, stage in rows
    ]


def reason_text(reason: str) -> str:
    """A reason of a case in words."""
    kind, _, what = reason.partition(":")
    name = FACTS[what].name if what in FACTS else what
    department, _, item = what.partition("/")
    if department in DEPARTMENTS and item:
        name = DEPARTMENTS[department]
    return f"{REASONS.get(kind, kind)}:{name}"


def case_view(actor: Actor, case_id: uuid.UUID) -> dict[str, Any]:
    """One case with the child's record; the look is written down. Raises NotFound, NotAllowed."""
    case, application = open_case_for(actor, case_id)
    person = person_of(application)
    return {
        "id": str(case.id),
        "receipt": application.receipt,
        "application": str(application.id),
        "banner": case.banner,
        "stage": application.stage,
        "decided": case.decided_at is not None,
        "reason_texts": [reason_text(reason) for reason in case.reasons],
        "child": {"name": person.name, "born_on": person.born_on.isoformat(), "sex": person.sex},
        "guardian": {"name": person.guardian_name, "relation": person.relation},
        "form": form_of(application),
        "checks": [_check_view(check, application) for check in checks_of(application)],
        "papers": papers_of(application.child_id),
        "facts": facts_of(application),
        "missing": [
            {"fact": name, "name": FACTS[name].name, "kind": FACTS[name].kind, "values": dict(FACTS[name].values)}
            for name in missing_facts(application)
        ],
    }


def _check_view(check: Check, application: Application) -> dict[str, Any]:
    record = record_of(check, application) or {}
    said = said_for_item(f"{check.department}/{check.item}", application)
    told = {"relation": said.relation, "owners": said.guardian, "same_household": True, "none": True}
    return {
        "department": DEPARTMENTS.get(check.department, check.department),
        "item": check.item_name,
        "state": check.state,
        "at": check.answered_at.isoformat() if check.answered_at else None,
        "rows": [
            {
                "field": FIELDS.get(name, name),
                "said": said.fields.get(name, told.get(name)),
                "record": record.get(name),
                "differs": name in check.differs,
            }
            for name in check.compares
        ],
    }

"""The review desk's look at a case: what the family wrote and what departments say, side by side, differences marked."""

import uuid
from collections.abc import Iterable
from typing import Any

from backend.documents.queries import papers_of
from backend.enrolment.applications import form_of
from backend.enrolment.rows import Application
from backend.foundation.crypto import unseal
from backend.identity.actors import Actor
from backend.policy.rules.facts import EXCHANGE_ITEMS, FACTS, PAPER_KINDS, Value
from backend.policy.rules.predicates import said
from backend.verification.decide_case import open_case_for
from backend.verification.diary import DEPARTMENTS, FIELDS
from backend.verification.facts import checks_of, facts_of, missing_facts, record_of
from backend.verification.queries import cases_waiting, disputes_of
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
    "by-hand": "部门查不到,请人工核对",
    "appeal": "家长申诉",
}


def open_cases(banners: Iterable[str], limit: int = 200) -> list[dict[str, Any]]:
    """The queue of these banners, oldest first; no child's data, only why and since when."""
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
        for case, receipt, stage in cases_waiting(banners, limit)
    ]


def reason_text(reason: str) -> str:
    """A reason of a case in words."""
    kind, _, what = reason.partition(":")
    name = FACTS[what].name if what in FACTS else what
    department, _, item = what.partition("/")
    if department in DEPARTMENTS and item:
        name = f"{DEPARTMENTS[department]}“{EXCHANGE_ITEMS[what][0]}”"
    name = PAPER_KINDS.get(what, name)
    return f"{REASONS.get(kind, kind)}：{name}" if name else REASONS.get(kind, kind)


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
        "reasons": list(case.reasons),
        "reason_texts": [reason_text(reason) for reason in case.reasons],
        "child": {"name": person.name, "born_on": person.born_on.isoformat(), "sex": person.sex},
        "guardian": {"name": person.guardian_name, "relation": person.relation},
        "form": form_of(application),
        "checks": [_check_view(check, application) for check in checks_of(application)],
        "papers": papers_of(application.child_id),
        "disputes": [{"check": str(check), "text": text} for check, text in disputes_of(application)],
        "appeal": _appeal(case, application),
        "facts": facts_of(application),
        "missing": [_fact_view(name, None) for name in missing_facts(application)],
        "contested": _contested(application),
    }


def _appeal(case: Case, application: Application) -> str | None:
    if case.appeal_sealed is None:
        return None
    return unseal(application.child_id, f"review_case.appeal.{application.id}", case.appeal_sealed)


def _fact_view(name: str, value: Value | None) -> dict[str, Any]:
    fact = FACTS[name]
    shown = None if value is None else said(value, fact)
    return {"fact": name, "name": fact.name, "kind": fact.kind, "values": dict(fact.values), "value": shown}


def _contested(application: Application) -> list[dict[str, Any]]:
    """Facts of answers that do not agree with the family: a person who sees the papers may put them right."""
    facts = facts_of(application)
    names = [name for check in checks_of(application) if check.state != "match" for name in check.confirms]
    missing = set(missing_facts(application))
    return [_fact_view(name, facts.get(name)) for name in dict.fromkeys(names) if name not in missing]


def _check_view(check: Check, application: Application) -> dict[str, Any]:
    record = record_of(check, application) or {}
    family = said_for_item(f"{check.department}/{check.item}", application)
    told = {"relation": family.relation, "owners": family.guardian, "same_household": True, "none": True}
    return {
        "id": str(check.id),
        "department": DEPARTMENTS.get(check.department, check.department),
        "item": check.item_name,
        "state": check.state,
        "at": check.answered_at.isoformat() if check.answered_at else None,
        "rows": [
            {
                "field": FIELDS.get(name, name),
                "said": family.fields.get(name, told.get(name)),
                "record": record.get(name),
                "differs": name in check.differs,
            }
            for name in check.compares
        ],
    }

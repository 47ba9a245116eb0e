"""The review desk's look at a case: what the family wrote and what departments say, side by side, differences marked."""

import uuid
from typing import Any

from backend.documents.queries import papers_of
from backend.enrolment.applications import form_of
from backend.enrolment.rows import Application
from backend.foundation.crypto import unseal
from backend.identity.actors import Actor
from backend.policy.rules.facts import FACTS, Value
from backend.policy.rules.predicates import said
from backend.verification.deal_case import names_of
from backend.verification.decide_case import open_case_for
from backend.verification.diary_words import diary_word, item_word
from backend.verification.facts import checks_of, facts_of, missing_facts, record_of
from backend.verification.proposals import proposals_of
from backend.verification.queries import disputes_of
from backend.verification.reason_words import reason_text
from backend.verification.rows import Case, Check
from backend.verification.said import person_of, said_for_item


def case_view(actor: Actor, case_id: uuid.UUID) -> dict[str, Any]:
    """One case with the child's record; the look is written down. Raises NotFound, NotAllowed."""
    case, application = open_case_for(actor, case_id)
    return record_view(application) | {
        "id": str(case.id),
        "reasons": list(case.reasons),
        "reason_texts": [reason_text(reason) for reason in case.reasons],
        "appeal": _appeal(case, application),
        "first": _first(case, actor),
        "taken_by": names_of({case.taken_by}).get(case.taken_by, "") if case.taken_by else "",
    }


def record_view(application: Application) -> dict[str, Any]:
    """What the family wrote, what departments say and what was read off its papers. The caller has written the look down."""
    person = person_of(application)
    return {
        "receipt": application.receipt,
        "application": str(application.id),
        "banner": application.banner,
        "stage": application.stage,
        "child": {"name": person.name, "born_on": person.born_on.isoformat(), "sex": person.sex},
        "guardian": {"name": person.guardian_name, "relation": person.relation},
        "form": form_of(application),
        "checks": [_check_view(check, application) for check in checks_of(application)],
        "papers": papers_of(application.child_id),
        "disputes": [{"check": str(check), "text": text} for check, text in disputes_of(application)],
        "readings": [proposal.view() for proposal in proposals_of(application)],
        "facts": facts_of(application),
        "missing": [_fact_view(name, None) for name in missing_facts(application)],
        "contested": _contested(application),
    }


def _first(case: Case, reader: Actor) -> dict[str, Any] | None:
    """The decision that waits for a second official's word, for whoever reads it."""
    if case.first_by is None or case.first_at is None:
        return None
    return {
        "by": names_of({case.first_by}).get(case.first_by, ""),
        "at": case.first_at.isoformat(),
        "decision": case.first_decision,
        "words": diary_word("decision", case.first_decision or ""),
        "reason_name": diary_word("reason", case.first_reason_code or ""),
        "reason": case.first_reason,
        "may_answer": case.first_by != reader.account_id,
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
        "department": diary_word("department", check.department),
        "item": item_word(check),
        "state": check.state,
        "at": check.answered_at.isoformat() if check.answered_at else None,
        "rows": [
            {
                "field": diary_word("field", name),
                "said": family.fields.get(name, told.get(name)),
                "record": record.get(name),
                "differs": name in check.differs,
            }
            for name in check.compares
        ],
    }

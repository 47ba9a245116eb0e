"""Facts that a person, or a deadline that passed, establishes for an application, over what departments answered."""

from collections.abc import Mapping
from datetime import date

from backend.enrolment.rows import Application
from backend.foundation import clock
from backend.foundation.database import db
from backend.foundation.logging import principal
from backend.foundation.problems import Refusal
from backend.policy.rules.facts import FACTS, Value
from backend.verification.rows import EstablishedFacts
from backend.verification.rules.reasons import NOT_BY_HAND


class FactInvalid(Refusal):
    """A fact that the vocabulary does not have, or a value that is none of its kind; `fact` names it."""

    code = "fact-invalid"
    status = 422


def read_fact(name: str, value: Value) -> Value:
    """The value where it is one of the fact's. Raises FactInvalid."""
    fact = FACTS.get(name)
    if fact is None or fact.source in NOT_BY_HAND:
        raise FactInvalid(fact=name)
    fits = {
        "truth": isinstance(value, bool),
        "number": isinstance(value, int) and not isinstance(value, bool) and value >= 0,
        "text": isinstance(value, str) and (not fact.values or value in fact.values),
        "date": isinstance(value, str) and _is_date(value),
    }
    if not fits[fact.kind]:
        raise FactInvalid(fact=fact.name)
    return value


def _is_date(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def establish(application: Application, facts: Mapping[str, Value], reason: str) -> None:
    """Write down facts that a person (or a deadline) established."""
    row = EstablishedFacts(
        application_id=application.id, facts=dict(facts), reason=reason.strip(), at=clock.now(), by=principal.get()
    )
    db.session.add(row)
    db.session.flush()

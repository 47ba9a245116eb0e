"""Keep what a department answered: the verdict per field, sealed facts for the appeal, and the line of the call."""

import json
import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from backend.enrolment.rows import Application
from backend.foundation import clock
from backend.foundation.crypto import seal
from backend.foundation.database import db
from backend.foundation.task_kinds import KINDS
from backend.verification.forget_records import plan_forgetting
from backend.verification.gateways.exchange import Answer
from backend.verification.open_checks import ASKED_IN, PURPOSE, wake_judge_by_the_last
from backend.verification.rows import Check, ExchangeCall
from backend.verification.rules.compare import compare
from backend.verification.said import said_for_item


@dataclass(frozen=True)
class Told:
    """How an answer came: the request's id, which attempt it was, how long it took, by which transport."""

    request_id: str
    attempt: int
    took_ms: int
    transport: str = "online"

    def write_call(self, check: Check, outcome: str, fields: Sequence[str]) -> None:
        """One line of the log of calls (网数条例 §12)."""
        db.session.add(
            ExchangeCall(
                at=clock.now(),
                department=check.department,
                item=check.item,
                check_id=check.id,
                request_id=self.request_id,
                transport=self.transport,
                purpose=PURPOSE,
                basis=check.basis,
                outcome=outcome,
                fields=list(fields),
                took_ms=self.took_ms,
            )
        )


def keep_answer(key: uuid.UUID, answer: Answer, told: Told) -> None:
    """Write the verdict and wake the judge by the last one; nothing where nobody waits for it any more.

    The application is locked before anything else, so that answers that arrive at once wait in one order.
    """
    check = db.session.get_one(Check, key)
    application = db.session.get_one(Application, check.application_id, with_for_update=True)
    if application.state not in ASKED_IN or check.submission != application.submissions or check.answered_at:
        return
    item = f"{check.department}/{check.item}"
    compared = compare(item, tuple(check.compares), answer.record, said_for_item(item, application))
    mark(key, compared.state, told.attempt)
    check.differs = list(compared.differs)
    check.answered_at = check.asked_at
    check.source = f"{answer.source} {answer.as_of}".strip()
    subject = application.child_id
    if answer.record is not None:
        kept = json.dumps(answer.record, ensure_ascii=False)
        check.record_sealed = seal(subject, f"check_row.record.{check.id}", kept)
    facts = json.dumps(dict(compared.facts), ensure_ascii=False)
    check.facts_sealed = seal(subject, f"check_row.facts.{check.id}", facts)
    told.write_call(check, compared.state, sorted(answer.record or ()))
    plan_forgetting()
    wake_judge_by_the_last(check, "answer")


def mark(key: uuid.UUID, state: str, attempts: int) -> Check:
    """The check, with how it stands now; an answer that stands is not undone by a later failure."""
    check = db.session.get_one(Check, key)
    if check.answered_at is None:
        check.state, check.asked_at, check.attempts = state, clock.now(), attempts
    return check


def give_up(key: uuid.UUID, state: str) -> None:
    """No answer came in all tries: a person looks."""
    check = mark(key, state, KINDS["ask-department"].tries)
    wake_judge_by_the_last(check, "outage")


def keep_unasked(key: uuid.UUID) -> None:
    """The family gave no number by which this register could be asked: a person looks instead."""
    check = mark(key, "not-found", 0)
    check.answered_at = check.asked_at
    wake_judge_by_the_last(check, "answer")

"""Ask one department one question. No failure decides anything: it is tried again, and at last a person is asked."""

import json
import uuid
from dataclasses import dataclass
from typing import Any

from backend.enrolment.rows import Application
from backend.families.queries import consented_at
from backend.foundation import clock
from backend.foundation.crypto import seal
from backend.foundation.database import db
from backend.foundation.logging import log
from backend.foundation.task_kinds import KINDS
from backend.foundation.tasks import Claim
from backend.foundation.unit_of_work import reading, unit_of_work
from backend.policy.rules.facts import EXCHANGE_ITEMS
from backend.verification.gateways.exchange import Answer, DepartmentTooSlow, DepartmentUnavailable, exchange
from backend.verification.open_checks import wake_judge_by_the_last
from backend.verification.rows import Check
from backend.verification.rules.compare import compare
from backend.verification.rules.registers import read_record
from backend.verification.said import can_be_asked, keys_for, said_for_item

PURPOSE = "compulsory-education enrolment check"
BASIS = "政务数据共享条例"
ANSWERED = ("match", "mismatch", "not-found")


@dataclass(frozen=True)
class Question:
    """What a department is asked: `item` is department/item."""

    item: str
    keys: dict[str, Any]
    consented: str


def ask_department(claim: Claim, check_id: str) -> None:
    """Put the question and keep the verdict; on an outage the reason is kept and the task is tried again.

    Raises DepartmentUnavailable until the last attempt, which leaves the check to a person.
    """
    key = uuid.UUID(check_id)
    question = _question(key)
    if question is None or not can_be_asked(question.item, question.keys):
        with claim.finishing():
            if question is not None:
                _keep_unasked(key)
        return
    try:
        answer = _ask(question, f"{check_id}-{claim.attempts}")
    except DepartmentUnavailable as outage:
        _note_outage(claim, key, "timeout" if isinstance(outage, DepartmentTooSlow) else "unavailable")
        return
    with claim.finishing():
        _keep_answer(key, answer, claim.attempts)


def _question(key: uuid.UUID) -> Question | None:
    """The question of a check, or None where nobody waits for its answer any more."""
    with reading():
        check = db.session.get_one(Check, key)
        application = db.session.get_one(Application, check.application_id)
        if check.state in ANSWERED or application.state != "checking" or check.submission != application.submissions:
            return None
        consented = consented_at(application.child_id, "departments")
        item = f"{check.department}/{check.item}"
        return Question(item, keys_for(item, application), consented.isoformat() if consented else "")


def _ask(question: Question, request_id: str) -> Answer:
    """The answer, its record read as declared. Whatever goes wrong on the way is an outage, never a verdict (P19)."""
    department, item = question.item.split("/")
    context = {
        "request_id": request_id,
        "purpose": PURPOSE,
        "basis": BASIS,
        "consented_at": question.consented,
        "operator": "sunroll",
    }
    try:
        answer = exchange().ask(department, item, question.keys, context)
        return Answer(read_record(answer.record, EXCHANGE_ITEMS[question.item][1]), answer.source, answer.as_of)
    except DepartmentUnavailable:
        raise
    except Exception as fault:
        log(__name__).warning("department-answer-unreadable", item=question.item, fault=type(fault).__name__)
        raise DepartmentUnavailable(department) from fault


def _note_outage(claim: Claim, key: uuid.UUID, state: str) -> None:
    if claim.attempts < KINDS[claim.kind].tries:
        with unit_of_work():
            _mark(key, state, claim.attempts)
        raise DepartmentUnavailable(state)
    with claim.finishing():
        check = _mark(key, state, claim.attempts)
        wake_judge_by_the_last(check, "outage")


def _mark(key: uuid.UUID, state: str, attempts: int) -> Check:
    check = db.session.get_one(Check, key)
    check.state, check.asked_at, check.attempts = state, clock.now(), attempts
    return check


def _keep_unasked(key: uuid.UUID) -> None:
    """The family gave no number by which this register could be asked: a person looks instead."""
    check = _mark(key, "not-found", 0)
    check.answered_at = check.asked_at
    wake_judge_by_the_last(check, "answer")


def _keep_answer(key: uuid.UUID, answer: Answer, attempts: int) -> None:
    check = db.session.get_one(Check, key)
    application = db.session.get_one(Application, check.application_id)
    if application.state != "checking" or check.submission != application.submissions:
        return
    item = f"{check.department}/{check.item}"
    compared = compare(item, tuple(check.compares), answer.record, said_for_item(item, application))
    _mark(key, compared.state, attempts)
    check.differs = list(compared.differs)
    check.answered_at = check.asked_at
    check.source = f"{answer.source} {answer.as_of}".strip()
    subject = application.child_id
    if answer.record is not None:
        kept = json.dumps(answer.record, ensure_ascii=False)
        check.record_sealed = seal(subject, f"check_row.record.{check.id}", kept)
    facts = json.dumps(dict(compared.facts), ensure_ascii=False)
    check.facts_sealed = seal(subject, f"check_row.facts.{check.id}", facts)
    wake_judge_by_the_last(check, "answer")

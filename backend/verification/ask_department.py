"""Ask one department one question. No failure decides anything: it is tried again, and at last a person is asked."""

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from backend.enrolment.rows import Application
from backend.foundation import clock
from backend.foundation.database import db
from backend.foundation.logging import log
from backend.foundation.task_kinds import KINDS
from backend.foundation.tasks import Claim, put_off
from backend.foundation.unit_of_work import reading, unit_of_work
from backend.policy.rules.facts import EXCHANGE_ITEMS
from backend.verification.department_turns import note_answer, note_failure, turn_of
from backend.verification.gateways.exchange import (
    Answer,
    DepartmentTooSlow,
    DepartmentUnavailable,
    exchange,
    line_of,
)
from backend.verification.keep_answer import Told, give_up, keep_answer, keep_unasked, mark
from backend.verification.open_checks import ASKED_IN, asked_for
from backend.verification.rows import Check
from backend.verification.rules.registers import read_record
from backend.verification.said import can_be_asked, keys_for

ANSWERED = ("match", "mismatch", "not-found")


@dataclass(frozen=True)
class Question:
    """What a department is asked: `item` is department/item; `context` says why it is asked; `opened_at` is since when
    the answer is waited for.
    """

    item: str
    keys: dict[str, Any]
    context: dict[str, str]
    opened_at: datetime

    @property
    def department(self) -> str:
        """The department's code."""
        return self.item.split("/", maxsplit=1)[0]

    def has_waited_too_long(self) -> bool:
        """Whether the line's patience is over: a person looks then."""
        return clock.now() - self.opened_at > timedelta(seconds=line_of(self.department).patience_s)


def ask_department(claim: Claim, check_id: str) -> None:
    """Put the question and keep the verdict; on an outage the reason is kept and the task is tried again.

    While the department's line is closed, busy or over its quota the task waits without losing a try, at most as long
    as the line's patience. Raises DepartmentUnavailable until the last attempt, which leaves the check to a person.
    """
    key = uuid.UUID(check_id)
    question = _question(key)
    if question is None or not can_be_asked(question.item, question.keys):
        with claim.finishing():
            if question is not None:
                keep_unasked(key)
        return
    if _waits_for_its_turn(claim, key, question):
        return
    began = clock.monotonic()
    request_id = f"{check_id}-{claim.attempts}"
    try:
        answer = _ask(question, request_id)
    except DepartmentUnavailable as outage:
        _note_outage(claim, key, question, outage, Told(request_id, claim.attempts, _ms_since(began)))
        return
    with claim.finishing():
        keep_answer(key, answer, Told(request_id, claim.attempts, _ms_since(began)))
        note_answer(question.department)


def _question(key: uuid.UUID) -> Question | None:
    """The question of a check, or None where nobody waits for its answer any more."""
    with reading():
        check = db.session.get_one(Check, key)
        application = db.session.get_one(Application, check.application_id)
        if check.state in ANSWERED or application.state not in ASKED_IN or check.submission != application.submissions:
            return None
        item, context = f"{check.department}/{check.item}", asked_for(check, application.child_id)
        return Question(item, keys_for(item, application), context, check.opened_at)


def _waits_for_its_turn(claim: Claim, key: uuid.UUID, question: Question) -> bool:
    """Whether the question has to come back later; one that has waited too long is given to a person."""
    with unit_of_work():
        turn = turn_of(question.department)
    if turn.come_back_at is None:
        return False
    if question.has_waited_too_long():
        with claim.finishing():
            give_up(key, "unavailable")
        return True
    if turn.why == "closed":
        with unit_of_work():
            mark(key, "unavailable", max(0, claim.attempts - 1))
    put_off(claim, turn.come_back_at)
    return True


def _ask(question: Question, request_id: str) -> Answer:
    """The answer, its record read as declared. Whatever goes wrong on the way is an outage, never a verdict (P19)."""
    department, item = question.item.split("/")
    try:
        answer = exchange().ask(department, item, question.keys, {"request_id": request_id, **question.context})
        return Answer(read_record(answer.record, EXCHANGE_ITEMS[question.item][1]), answer.source, answer.as_of)
    except DepartmentUnavailable:
        raise
    except Exception as fault:
        log(__name__).warning("department-answer-unreadable", item=question.item, fault=type(fault).__name__)
        raise DepartmentUnavailable(department) from fault


def _note_outage(claim: Claim, key: uuid.UUID, question: Question, outage: DepartmentUnavailable, told: Told) -> None:
    """The failure is written down for the check and the line; a line that closed with it costs the question no try."""
    state = "timeout" if isinstance(outage, DepartmentTooSlow) else "unavailable"
    with unit_of_work():
        closed_until = note_failure(question.department, str(key), outage.retry_after_s)
        check = mark(key, state, claim.attempts)
        told.write_call(check, state, [])
    is_over = question.has_waited_too_long()
    if closed_until is not None and not is_over:
        put_off(claim, closed_until)
        return
    if claim.attempts < KINDS[claim.kind].tries and not is_over:
        raise DepartmentUnavailable(state)
    with claim.finishing():
        give_up(key, state)


def _ms_since(began: float) -> int:
    return round((clock.monotonic() - began) * 1000)

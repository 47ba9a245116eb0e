"""Ask one department one question. No failure decides anything: it is tried again, and at last a person is asked."""

import json
import uuid

from backend.enrolment.rows import Application
from backend.families.queries import consented_at
from backend.foundation import clock
from backend.foundation.crypto import seal
from backend.foundation.database import db
from backend.foundation.task_kinds import KINDS
from backend.foundation.tasks import Claim
from backend.foundation.unit_of_work import reading, unit_of_work
from backend.verification.gateways.exchange import Answer, DepartmentTooSlow, DepartmentUnavailable, exchange
from backend.verification.open_checks import wake_judge
from backend.verification.rows import Check
from backend.verification.rules.compare import compare
from backend.verification.said import keys_for, said_for_item

PURPOSE = "compulsory-education enrolment check"
ANSWERED = ("match", "mismatch", "not-found")


def ask_department(claim: Claim, check_id: str) -> None:
    """Put the question and keep the verdict; on an outage the reason is kept and the task is tried again.

    Raises DepartmentUnavailable until the last attempt, which leaves the check to a person.
    """
    key = uuid.UUID(check_id)
    with reading():
        check = db.session.get_one(Check, key)
        application = db.session.get_one(Application, check.application_id)
        asked = check.state in ANSWERED or application.state != "checking"
        keys = {} if asked else keys_for(f"{check.department}/{check.item}", application)
        consented = None if asked else consented_at(application.child_id, "verification")
        department, item = check.department, check.item
    if asked:
        with claim.finishing():
            pass
        return
    context = {
        "request_id": f"{check_id}-{claim.attempts}",
        "purpose": PURPOSE,
        "basis": "政务数据共享条例",
        "consented_at": consented.isoformat() if consented else "",
        "operator": "sunroll",
    }
    try:
        answer = exchange().ask(department, item, keys, context)
    except DepartmentUnavailable as outage:
        _note_outage(claim, key, "timeout" if isinstance(outage, DepartmentTooSlow) else "unavailable")
        return
    with claim.finishing():
        _keep_answer(key, answer)


def _note_outage(claim: Claim, key: uuid.UUID, state: str) -> None:
    last = claim.attempts >= KINDS[claim.kind].tries
    if not last:
        with unit_of_work():
            _mark_outage(key, state)
        raise DepartmentUnavailable(state)
    with claim.finishing():
        check = _mark_outage(key, state)
        wake_judge(db.session.get_one(Application, check.application_id), f"outage/{check.id}")


def _mark_outage(key: uuid.UUID, state: str) -> Check:
    check = db.session.get_one(Check, key)
    check.state = state
    check.asked_at = clock.now()
    check.attempts += 1
    return check


def _keep_answer(key: uuid.UUID, answer: Answer) -> None:
    check = db.session.get_one(Check, key)
    application = db.session.get_one(Application, check.application_id)
    item = f"{check.department}/{check.item}"
    said = said_for_item(item, application)
    compared = compare(item, tuple(check.compares), answer.record, said)
    check.state = compared.state
    check.differs = list(compared.differs)
    check.asked_at = check.answered_at = clock.now()
    check.attempts += 1
    check.source = f"{answer.source} {answer.as_of}".strip()
    subject = application.child_id
    if answer.record is not None:
        kept = json.dumps(answer.record, ensure_ascii=False)
        check.record_sealed = seal(subject, f"check_row.record.{check.id}", kept)
    facts = json.dumps(dict(compared.facts), ensure_ascii=False)
    check.facts_sealed = seal(subject, f"check_row.facts.{check.id}", facts)
    wake_judge(application, f"answer/{check.id}")

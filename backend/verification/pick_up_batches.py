"""Pick up the answers of a department that is asked by files: each file is believed whole or not at all."""

import hashlib
import uuid
from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import select, update

from backend.foundation import clock
from backend.foundation.audit import record
from backend.foundation.database import db
from backend.foundation.logging import log
from backend.foundation.tasks import Claim
from backend.foundation.unit_of_work import reading, unit_of_work
from backend.policy.rules.facts import EXCHANGE_ITEMS
from backend.verification.drop_batch import plan_pick_up
from backend.verification.gateways.drop_folder import FileNotOurs, drop_folder
from backend.verification.gateways.exchange import Answer, line_of
from backend.verification.gateways.tables import TableUnreadable, read_table
from backend.verification.keep_answer import Told, give_up, keep_answer
from backend.verification.open_checks import hold_applications, plan_batch
from backend.verification.rows import BatchFile, Check
from backend.verification.rules.batches import BatchAnswer, BatchWrong, read_answers

AT_ONCE = 200
FILES_AT_MOST = 3
OVERDUE_AFTER_PERIODS, OVERDUE_AFTER_S = 3, 900
"""A file is overdue after three periods, and never sooner than a quarter of an hour."""


def pick_up_batches(claim: Claim, department: str) -> None:
    """Read every answer that waits; a wrong one is refused, its questions go into the next file.

    Answers are kept in portions: killed in between, the file still lies there and what is kept is not kept twice.
    """
    for answer in drop_folder().answers(department):
        _pick_up(department, answer)
    with claim.finishing():
        if _end_overdue(department):
            plan_pick_up(department, line_of(department).every_s)


def _pick_up(department: str, name: str) -> None:
    batch_name, digest = f"{name.split('.', maxsplit=1)[0]}.csv", ""
    try:
        data = drop_folder().take(department, name)
        digest = hashlib.sha256(data).hexdigest()
        item, asked = _awaited(department, batch_name)
        answers = read_answers(batch_name, EXCHANGE_ITEMS[item][1], asked, read_table(data))
    except (BatchWrong, TableUnreadable, FileNotOurs) as wrong:
        _refuse(department, name, batch_name, digest, str(wrong))
        return
    for start in range(0, len(answers), AT_ONCE):
        with unit_of_work():
            _keep(answers[start : start + AT_ONCE], name)
    with unit_of_work():
        _end(batch_name, "answered")
    drop_folder().remove(department, name, batch_name)


def _awaited(department: str, batch: str) -> tuple[str, list[str]]:
    """(department/item, questions) of a file that is waited for. Raises BatchWrong."""
    with reading():
        row = db.session.get(BatchFile, batch)
        if row is None or row.state != "dropped" or row.department != department:
            raise BatchWrong("nobody waits for this file")
        asked = db.session.execute(select(Check.id).where(Check.batch == batch)).scalars()
        return f"{row.department}/{row.item}", [str(key) for key in asked]


def _keep(answers: Sequence[BatchAnswer], name: str) -> None:
    hold_applications(uuid.UUID(answer.question) for answer in answers)
    for answer in answers:
        check = db.session.get_one(Check, uuid.UUID(answer.question))
        told = Told(name, check.attempts, 0, "batch")
        keep_answer(check.id, Answer(answer.record, answer.source[:100], answer.as_of[:40]), told)


def _refuse(department: str, name: str, batch: str, digest: str, why: str) -> None:
    """Nothing in the file is believed; its questions are asked again in the next file, the file is taken away."""
    log(__name__).error("batch-refused", department=department, file=name, why=why)
    with unit_of_work():
        row = db.session.get(BatchFile, batch)
        if row is not None and row.department == department and row.state == "dropped":
            told = {"at": clock.now().isoformat(), "name": name, "sha256": digest, "why": why}
            row.refusals = [*row.refusals, told]
            _end(batch, "overdue")
            _ask_again(row)
        record("batch.refused", "batch", name, why, sha256=digest)
    drop_folder().remove(department, name, batch)


def _end(batch: str, state: str) -> None:
    row = db.session.get_one(BatchFile, batch)
    row.state, row.ended_at = state, clock.now()


def _ask_again(batch: BatchFile) -> None:
    """Its questions go into the next file; those that were in three files go to a person."""
    open_checks = select(Check.id, Check.attempts).where(Check.batch == batch.name, Check.answered_at.is_(None))
    for_a_person = [key for key, attempts in db.session.execute(open_checks) if attempts >= FILES_AT_MOST]
    hold_applications(for_a_person)
    for key in for_a_person:
        give_up(key, "timeout")
    db.session.execute(
        update(Check)
        .where(Check.batch == batch.name, Check.answered_at.is_(None), Check.attempts < FILES_AT_MOST)
        .values(batch=None)
        .execution_options(synchronize_session=False)
    )
    db.session.flush()
    plan_batch(batch.department, batch.item, line_of(batch.department))


def _end_overdue(department: str) -> bool:
    """Files that were not answered in time are overdue; whether any file is still waited for."""
    waited = timedelta(seconds=max(OVERDUE_AFTER_S, OVERDUE_AFTER_PERIODS * line_of(department).every_s))
    found = db.session.execute(
        select(BatchFile).where(BatchFile.department == department, BatchFile.state == "dropped").with_for_update()
    )
    open_files = list(found.scalars())
    overdue = [batch for batch in open_files if clock.now() - batch.dropped_at >= waited]
    hold_applications(
        db.session.execute(select(Check.id).where(Check.batch.in_([batch.name for batch in overdue]))).scalars()
    )
    for batch in overdue:
        _end(batch.name, "overdue")
        _ask_again(batch)
    return len(overdue) < len(open_files)

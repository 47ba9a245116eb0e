"""Officials release a checked run; the last word needed throws the one switch that all readers look at (promises P5).

A placement needs two officials of the banner, an exam's admission two of the exam office. Classes are formed in public: the press in the hall is the word, and lists
that the checker passes are published in the same transaction, so that nobody sees them first (docs/decisions/0004).
"""

import uuid
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from backend.foundation import clock
from backend.foundation.audit import record
from backend.foundation.database import db
from backend.foundation.problems import NotFound, Refusal
from backend.foundation.tasks import put_task
from backend.identity.actors import Actor
from backend.identity.authorize import authorize_office
from backend.policy.books_in_force import book_of_hash
from backend.policy.deadlines import deadline_after
from backend.publication.enter_ledger import enter_run
from backend.publication.rows import Approval, PublishedRun, Run
from backend.publication.runs import RunNotReady
from backend.publication.scopes import scopes_of, stage_of

WORDS_NEEDED = {"placement": 2, "draw": 2, "exam-admission": 2}
THEN = {
    "placement": "announce-run",
    "draw": "announce-draw",
    "classes": "make-records",
    "exam-admission": "announce-exam",
}


class SecondOfficialNeeded(Refusal):
    """The same official cannot give both words."""

    code = "second-official-needed"


class ContentChanged(Refusal):
    """The output is not the one that was looked at; it is read again first."""

    code = "content-changed"


def approve_run(run_id: uuid.UUID, actor: Actor, output_sha256: str) -> Run:
    """Give one official's word for exactly this output; the second one publishes it, or lets it wait for the book's hour.

    Raises NotFound, NotAllowed, RunNotReady, ContentChanged, SecondOfficialNeeded,
    CalendarUndecreed (families could not be told until when they have to answer).
    """
    run = db.session.execute(select(Run).where(Run.id == run_id).with_for_update()).scalar_one_or_none()
    if run is None:
        raise NotFound
    authorize_office(actor, "run.approve", scopes_of(run.scope))
    if run.state not in {"checked", "approved"} or run.check_id is None or run.kind not in WORDS_NEEDED:
        raise RunNotReady(state=run.state)
    hour = waits_until(run)
    if run.kind in {"placement", "draw"}:
        deadline_after(book_of_hash(run.book_sha256), "confirmation", hour or clock.now())
    if run.output_sha256 != output_sha256:
        raise ContentChanged
    words = [word for word in approvals_of(run.id) if word.output_sha256 == output_sha256]
    if len(words) >= WORDS_NEEDED[run.kind]:
        raise RunNotReady(state="waits-for-its-hour")
    if any(word.account_id == actor.account_id for word in words):
        raise SecondOfficialNeeded
    db.session.add(Approval(run_id=run.id, account_id=actor.account_id, output_sha256=output_sha256, at=clock.now()))
    record("run.approved", "run", run.id, output_sha256=output_sha256)
    if run.state == "checked":
        run.state = "approved"
        db.session.flush()
    if len(words) + 1 >= WORDS_NEEDED[run.kind]:
        if hour is None:
            _publish(run)
        else:
            put_task("lock-letters", str(run.id), {"run_id": str(run.id)})
            put_task("publish-run", str(run.id), {"run_id": str(run.id)}, due_at=hour)
    return run


def waits_until(run: Run) -> datetime | None:
    """The hour of the book that a placement's first publication waits for, None where there is none or it has struck."""
    if run.kind != "placement" or run.corrects is not None:
        return None
    hour = book_of_hash(run.book_sha256).opening_hour(stage_of(run.scope))
    return hour if hour is not None and clock.now() < hour else None


def publish_at_hour(run_id: str) -> None:
    """Throw the switch for a run that both officials have released and whose hour has come; a withdrawn one stays so."""
    run = db.session.execute(select(Run).where(Run.id == uuid.UUID(run_id)).with_for_update()).scalar_one()
    words = [word for word in approvals_of(run.id) if word.output_sha256 == run.output_sha256]
    if run.state == "approved" and len(words) >= WORDS_NEEDED[run.kind] and waits_until(run) is None:
        _publish(run)


def publish_by_press(run: Run) -> None:
    """Publish class lists that the checker has just passed. Raises RunNotReady for anything else."""
    if run.kind in WORDS_NEEDED or run.state != "checked":
        raise RunNotReady(state=run.state)
    run.state = "approved"
    db.session.flush()
    _publish(run)


def _publish(run: Run) -> None:
    """Throw the switch: from this commit on every reader sees this run and its place in the ledger; before, none did."""
    run.state = "published"
    db.session.flush()
    switch = {"run_id": run.id, "check_id": run.check_id, "switched_at": clock.now()}
    db.session.execute(
        insert(PublishedRun)
        .values(kind=run.kind, scope=run.scope, **switch)
        .on_conflict_do_update(index_elements=["kind", "scope"], set_=switch)
    )
    enter_run(run)
    record("run.published", "run", run.id, run.correction_reason, output_sha256=run.output_sha256)
    put_task(THEN[run.kind], str(run.id), {"run_id": str(run.id)})


def approvals_of(run_id: uuid.UUID) -> list[Approval]:
    """The words given for a run so far, in order."""
    return list(db.session.execute(select(Approval).where(Approval.run_id == run_id).order_by(Approval.id)).scalars())

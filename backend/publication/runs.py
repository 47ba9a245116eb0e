"""Freezing a run's input, taking its output with the checker's report, and reading both back."""

import json
import secrets
import uuid
import zlib
from typing import Any

from sqlalchemy import func, select, update

from backend.fairness.canonical import canonical_json, sha256_hex
from backend.fairness.ceremony import commitment
from backend.fairness.merkle import merkle_root
from backend.foundation import clock
from backend.foundation.audit import record
from backend.foundation.crypto import seal, unseal_bytes
from backend.foundation.database import db
from backend.foundation.problems import NotFound, Refusal
from backend.foundation.tasks import put_task
from backend.identity.actors import Actor
from backend.identity.authorize import authorize_office
from backend.publication.ceremony_refusals import CeremonyMissing
from backend.publication.rows import PassedCheck, PublishedRun, Run
from backend.publication.rules.ledger import KINDS, leaves
from backend.publication.scopes import scopes_of

ENDED = ("published", "withdrawn")
"""A run in one of these is no longer under way."""


class RunUnderWay(Refusal):
    """A run of this kind and scope is neither published nor given up; it is finished first."""

    code = "run-under-way"


class AlreadyPublished(Refusal):
    """The result is public; it is changed only by a correction that says why."""

    code = "already-published"


class RunNotReady(Refusal):
    """The run is not in the state that this step needs."""

    code = "run-not-ready"


def freeze_run(
    kind: str,
    scope: str,
    value: dict[str, Any],
    book_sha256: str,
    by: Actor,
    correction_reason: str | None = None,
) -> Run:
    """A new run with its input sealed by hash and the office bound to its part of the seed.

    `value` is the decision's input with an empty seed. The published root is over its people, a salted leaf each: the
    same leaves that a family's proof leads up from once the result is out.
    Raises RunUnderWay, AlreadyPublished (unless a correction says why).
    """
    published = _published_before(kind, scope)
    if published is not None and not correction_reason:
        raise AlreadyPublished
    data, roster = canonical_json(value), value[KINDS[kind].people or ""]
    run_id, secret, salt_key = uuid.uuid4(), secrets.token_hex(32), secrets.token_bytes(32)
    run = Run(
        id=run_id,
        kind=kind,
        scope=scope,
        rows_count=len(roster),
        roster_root=merkle_root(leaves(roster, "input", salt_key)).hex(),
        office_commitment=commitment(secret),
        office_sealed=seal(run_id, f"run.office.{run_id}", secret),
        salt_sealed=seal(run_id, f"run.salt.{run_id}", salt_key),
        input_bytes=zlib.compress(data),
        input_sha256=sha256_hex(data),
        book_sha256=book_sha256,
        frozen_at=clock.now(),
        frozen_by=by.account_id,
        corrects=published.run_id if published else None,
        correction_reason=correction_reason,
    )
    db.session.add(run)
    db.session.flush()
    record("run.frozen", "run", run.id, correction_reason, input_sha256=run.input_sha256, count=len(roster))
    return run


def _published_before(kind: str, scope: str) -> PublishedRun | None:
    """What stands published there. Only one freezing goes on at a time, and none beside a run that has not ended."""
    db.session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(f"run/{kind}/{scope}", 0))))
    open_run = db.session.execute(
        select(Run.id).where(Run.kind == kind, Run.scope == scope, Run.state.not_in(ENDED))
    ).scalar_one_or_none()
    if open_run is not None:
        raise RunUnderWay(run=str(open_run))
    return db.session.get(PublishedRun, (kind, scope))


def open_run(actor: Actor, run_id: uuid.UUID, action: str) -> Run:
    """The run, for an official who may do the action on its scope. Raises NotFound, NotAllowed."""
    run = db.session.get(Run, run_id)
    if run is None:
        raise NotFound
    authorize_office(actor, action, scopes_of(run.scope))
    return run


BEGINS = {
    "placement": "allocate-run",
    "draw": "draw-private",
    "classes": "form-classes",
    "exam-admission": "admit-exam",
}
WITHOUT_DRAW = {"exam-admission"}
"""Kinds that no chance decides: they need no ceremony."""


def begin_run(run: Run) -> None:
    """The work begins with the seed that the ceremony made, if chance has a part in it; a run that failed keeps its seed.

    Raises RunNotReady, CeremonyMissing.
    """
    if run.state not in {"frozen", "failed"}:
        raise RunNotReady(state=run.state)
    if run.ceremony is None and run.kind not in WITHOUT_DRAW:
        raise CeremonyMissing
    last_try = run.finished_at.isoformat() if run.finished_at else "first"
    run.state = "running"
    run.done_share = 0
    record("run.started", "run", run.id, seed=run.ceremony["seed"] if run.ceremony else None)
    put_task(BEGINS[run.kind], f"{run.id}/{last_try}", {"run_id": str(run.id)})


def input_of(run: Run) -> dict[str, Any]:
    """The whole input of the decision: the frozen value, held against its hash, with the seed made in public."""
    value = frozen_input_of(run)
    if run.ceremony is None:
        raise RunNotReady(state=run.state)
    return value | {"seed": run.ceremony["seed"]}


def frozen_input_of(run: Run) -> dict[str, Any]:
    """The frozen input, its seed still empty, held against its hash."""
    data = zlib.decompress(run.input_bytes)
    if sha256_hex(data) != run.input_sha256:
        raise RunDamaged(str(run.id))
    value: dict[str, Any] = json.loads(data)
    return value


def salt_key_of(run: Run) -> bytes:
    """The key of the salts of the run's lists, 32 bytes. Whoever has it can guess rows from hashes."""
    return unseal_bytes(run.id, f"run.salt.{run.id}", run.salt_sealed)


def output_of(run: Run) -> dict[str, Any]:
    """The output, read back and held against its hash."""
    data = zlib.decompress(run.output_bytes or b"")
    if sha256_hex(data) != run.output_sha256:
        raise RunDamaged(str(run.id))
    value: dict[str, Any] = json.loads(data)
    return value


class RunDamaged(Exception):
    """Stored bytes do not have the hash they were stored with: somebody changed the database."""


def finish_run(run: Run, output: dict[str, Any], report: dict[str, Any], *, passed: bool) -> None:
    """Keep the output with the checker's report; only a pass leads on to approval."""
    data = canonical_json(output)
    run.output_bytes = zlib.compress(data)
    run.output_sha256 = sha256_hex(data)
    run.report = report
    run.finished_at = clock.now()
    run.done_share = 100
    db.session.flush()
    if passed:
        check = PassedCheck(run_id=run.id, output_sha256=run.output_sha256, checked_at=clock.now())
        db.session.add(check)
        db.session.flush()
        run.check_id = check.id
    run.state = "checked" if passed else "failed"
    record("run.checked" if passed else "run.failed", "run", run.id, output_sha256=run.output_sha256)


def show_progress(run_id: uuid.UUID, share: int) -> None:
    """Tell how far the work is, 0 to 100, for the bar on the page."""
    db.session.execute(update(Run).where(Run.id == run_id).values(done_share=share))


def published_run(kind: str, scope: str) -> Run | None:
    """The run that readers see for this kind and scope, or None before its publication."""
    return db.session.execute(
        select(Run)
        .join(PublishedRun, PublishedRun.run_id == Run.id)
        .where(PublishedRun.kind == kind, PublishedRun.scope == scope)
    ).scalar_one_or_none()

"""Ask the departments again about what is still open, a whole banner at a time; never about what is decided."""

import uuid
from typing import Any

from sqlalchemy import select, update

from backend.enrolment.rows import Application
from backend.foundation.audit import record
from backend.foundation.database import db
from backend.foundation.tasks import put_task
from backend.identity.actors import Actor
from backend.identity.authorize import authorize_office
from backend.identity.rules.roles import banner_scopes
from backend.verification.gateways.exchange import line_of
from backend.verification.open_checks import ASKED_IN, plan_batch
from backend.verification.rows import Case, Check

AT_ONCE = 500
OPEN = ("waiting", "unavailable", "timeout")
FIRST = str(uuid.UUID(int=0))


def rerun_checks(actor: Actor, banner: str) -> str:
    """Begin a run over the banner; its id. It goes on by itself, also after a kill. Raises NotAllowed."""
    authorize_office(actor, "case.decide", banner_scopes(banner))
    run = uuid.uuid4().hex
    _plan(run, banner, FIRST)
    record("checks.rerun", "banner", banner, run=run)
    return run


def rerun_some(run: str, banner: str, after: str) -> None:
    """One portion of a run: the next 500 open checks by id, and the task of the portion after it.

    A check is touched where no answer stands, its submission is the newest, and no official has said a word on its
    case: a decision made by hand is never asked about again.
    """
    keys = list(db.session.execute(_open_after(banner, uuid.UUID(after))).all())
    batches: set[tuple[str, str]] = set()
    for key, department, item in keys:
        values: dict[str, Any] = {"attempts": 0, "state": "waiting"}
        if line_of(department).transport == "batch":
            batches.add((department, item))
            values["batch"] = None
        else:
            put_task("ask-department", f"{key}/{run}", {"check_id": str(key)})
        db.session.execute(update(Check).where(Check.id == key).values(**values))
    for department, item in sorted(batches):
        plan_batch(department, item, line_of(department))
    if len(keys) == AT_ONCE:
        _plan(run, banner, str(keys[-1][0]))
    else:
        record("checks.rerun-asked", "banner", banner, run=run)


def _plan(run: str, banner: str, after: str) -> None:
    put_task("rerun-checks", f"{run}/{after}", {"run": run, "banner": banner, "after": after})


def _open_after(banner: str, after: uuid.UUID) -> Any:
    """(check, department, item) of what is open behind `after`; files on their way are waited for."""
    spoken_of = select(Case.application_id).where(
        Case.decided_at.is_(None), Case.first_at.is_not(None) | Case.appeal_sealed.is_not(None)
    )
    return (
        select(Check.id, Check.department, Check.item)
        .join(Application, Application.id == Check.application_id)
        .where(
            Check.id > after,
            Application.banner == banner,
            Application.state.in_(ASKED_IN),
            Application.submissions == Check.submission,
            Check.answered_at.is_(None),
            Check.state.in_(OPEN),
            Check.batch.is_(None) | (Check.state == "timeout"),
            Application.id.not_in(spoken_of),
        )
        .order_by(Check.id)
        .limit(AT_ONCE)
        .with_for_update(of=Check, skip_locked=True)
    )

"""Applications: found, opened for who may, read, and moved; the only place where an application's state changes."""

import json
import uuid
from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import select, update

from backend.enrolment.refusals import StateForbids
from backend.enrolment.rows import LIVE, Application, ApplicationEvent
from backend.enrolment.rules.form import Form
from backend.enrolment.rules.states import may_follow
from backend.foundation import clock
from backend.foundation.audit import record
from backend.foundation.crypto import unseal
from backend.foundation.database import db
from backend.foundation.logging import principal
from backend.foundation.problems import NotFound
from backend.identity.actors import Actor
from backend.identity.authorize import Grant, authorize
from backend.identity.rules.roles import Scope, banner_scopes
from backend.policy.books_in_force import book_in_force


def application_scopes(application: Application) -> tuple[Scope, ...]:
    """The scopes an application lies in: its child first, then its banner and the city."""
    return (Scope("child", str(application.child_id)), *banner_scopes(application.banner))


def open_application(
    actor: Actor, application_id: uuid.UUID, action: str, purpose: str | None = None, *, lock: bool = False
) -> tuple[Grant, Application]:
    """The application, with the proof that the actor may do `action` on it; `lock` holds its row until the end.

    Raises NotFound, also where it is not theirs.
    """
    application = db.session.get(Application, application_id, with_for_update=lock or None, populate_existing=lock)
    if application is None:
        raise NotFound
    return authorize(actor, action, application_scopes(application), purpose), application


def form_place(application_id: uuid.UUID) -> str:
    """Where the form is sealed for."""
    return f"application.form.{application_id}"


def form_of(application: Application) -> dict[str, Any]:
    """The form as it was saved (keys of rules.form.Form, unanswered ones left out); empty before the first save."""
    if application.form_sealed is None:
        return {}
    told: dict[str, Any] = json.loads(unseal(application.child_id, form_place(application.id), application.form_sealed))
    return told


def read_form(application: Application) -> Form | None:
    """The form as a value, or None before the first save."""
    told = form_of(application)
    return Form.model_validate(told) if told else None


def live_application_of(child_id: uuid.UUID) -> Application | None:
    """The child's one live registration in the prefecture (A22), or None."""
    return db.session.execute(select(Application).where(Application.child_id == child_id, LIVE)).scalar_one_or_none()


def latest_application_of(child_id: uuid.UUID) -> Application | None:
    """The live application of the child, else the one that moved last, or None."""
    return (
        live_application_of(child_id)
        or db.session.execute(
            select(Application).where(Application.child_id == child_id).order_by(Application.moved_at.desc()).limit(1)
        ).scalar_one_or_none()
    )


def applications_in(banner: str, stage: str, states: Iterable[str], year: int | None = None) -> Sequence[Application]:
    """The applications of a banner and stage in these states, by id; of the year of the book in force unless said.

    Raises NoBookInForce.
    """
    wanted = select(Application).where(
        Application.banner == banner,
        Application.stage == stage,
        Application.state.in_(list(states)),
        Application.year == (book_in_force(banner).year if year is None else year),
    )
    return db.session.execute(wanted.order_by(Application.id)).scalars().all()


def events_of(application: Application) -> Sequence[ApplicationEvent]:
    """Everything that happened to the application, in order."""
    found = db.session.execute(
        select(ApplicationEvent).where(ApplicationEvent.application_id == application.id).order_by(ApplicationEvent.id)
    )
    return found.scalars().all()


def move_application(application: Application, state: str, reason: str, **facts: Any) -> None:
    """Move the application to `state`, for a reason that may be shown to the family; `facts` hold no person's data.

    Raises StateForbids where the step is not in rules/states.py, or where somebody else moved it meanwhile.
    """
    before = application.state
    if not may_follow(before, state):
        raise StateForbids(state=before)
    db.session.flush()
    moment = clock.now()
    moved = db.session.execute(
        update(Application)
        .where(Application.id == application.id, Application.state == before)
        .values(state=state, moved_at=moment)
        .execution_options(synchronize_session="fetch")
    )
    if moved.rowcount != 1:  # type: ignore[attr-defined]
        db.session.refresh(application)
        raise StateForbids(state=application.state)
    write_event(application, before, reason, facts)


def write_event(application: Application, before: str | None, reason: str, facts: dict[str, Any]) -> None:
    """Write down that the application came from `before` to where it stands."""
    db.session.add(
        ApplicationEvent(
            application_id=application.id,
            at=application.moved_at,
            from_state=before,
            to_state=application.state,
            principal=principal.get(),
            reason=reason,
            facts=facts,
        )
    )
    record(f"application.{application.state}", "application", application.id, reason, **facts)

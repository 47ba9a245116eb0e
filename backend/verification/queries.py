"""Questions asked of verification's tables: the queue, an application's disputes and decisions."""

import uuid
from collections.abc import Iterable, Sequence

from sqlalchemy import ColumnElement, func, select

from backend.enrolment.rows import Application
from backend.foundation.crypto import unseal
from backend.foundation.database import db
from backend.identity.actors import Actor
from backend.policy.books_in_force import books_in_force
from backend.verification.rows import Case, Check, Dispute


def banners_of(actor: Actor, action: str) -> list[str]:
    """The banners on which the official may do the action; a role on the city holds for all banners."""
    scopes = actor.scopes_for(action)
    if any(scope.kind == "city" for scope in scopes):
        return [book.banner for book in books_in_force()]
    return sorted({scope.id for scope in scopes if scope.kind == "banner"})


def cases_waiting(
    banners: Iterable[str], limit: int, *wanted: ColumnElement[bool]
) -> list[tuple[Case, str | None, str]]:
    """(case, receipt, stage) of these banners that wait for a person and are as `wanted`, oldest first."""
    rows = db.session.execute(
        select(Case, Application.receipt, Application.stage)
        .join(Application, Application.id == Case.application_id)
        .where(Case.banner.in_(list(banners)), Case.decided_at.is_(None), Application.state == "in_review")
        .where(*wanted)
        .order_by(Case.opened_at, Case.id)
        .limit(limit)
    )
    return [(case, receipt, stage) for case, receipt, stage in rows]


def has_reason(kind: str) -> ColumnElement[bool]:
    """Whether one of a case's reasons is of this kind: `mismatch` of `mismatch:land/property`."""
    reason = func.jsonb_array_elements_text(Case.reasons).column_valued("reason_told")
    return select(reason).where(func.split_part(reason, ":", 1) == kind).correlate(Case).exists()


def decisions_on(application: Application) -> Sequence[Case]:
    """The cases of an application that people decided, oldest first."""
    return (
        db.session.execute(
            select(Case)
            .where(Case.application_id == application.id, Case.decided_by.is_not(None))
            .order_by(Case.decided_at)
        )
        .scalars()
        .all()
    )


def disputes_of(application: Application) -> list[tuple[uuid.UUID, str]]:
    """(check, what the family wrote) of every dispute that waits for an answer, oldest first."""
    rows = db.session.execute(
        select(Dispute)
        .join(Check, Check.id == Dispute.check_id)
        .where(Check.application_id == application.id, Dispute.answered_at.is_(None))
        .order_by(Dispute.filed_at)
    ).scalars()
    return [(row.check_id, unseal(application.child_id, f"dispute.text.{row.id}", row.text_sealed)) for row in rows]

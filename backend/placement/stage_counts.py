"""How far a stage is: applications by state, and its runs."""

from typing import Any

from sqlalchemy import func, select

from backend.enrolment.rows import Application
from backend.foundation.database import db
from backend.identity.actors import Actor
from backend.identity.authorize import authorize_office
from backend.identity.rules.roles import banner_scopes
from backend.publication.rows import Run


def by_state(banner: str, stage: str) -> dict[str, int]:
    """State → number of applications of the stage."""
    found = db.session.execute(
        select(Application.state, func.count())
        .where(Application.banner == banner, Application.stage == stage)
        .group_by(Application.state)
    )
    return {state: count for state, count in found}  # noqa: C416  # rows are no pairs to a type checker


def stage_counts(actor: Actor, banner: str, stage: str) -> dict[str, Any]:
    """{states, runs} of a stage, for an official of the banner. Raises NotAllowed."""
    authorize_office(actor, "statistics.read", banner_scopes(banner))
    runs = db.session.execute(
        select(Run.id, Run.state)
        .where(Run.kind == "placement", Run.scope == f"{banner}/{stage}")
        .order_by(Run.frozen_at)
    )
    return {"states": by_state(banner, stage), "runs": [{"id": str(key), "state": state} for key, state in runs]}

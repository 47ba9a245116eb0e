"""How far a stage is: applications by state, and its runs."""

from typing import Any

from sqlalchemy import func, select

from backend.enrolment.rows import Application
from backend.foundation.database import db
from backend.identity.actors import Actor
from backend.identity.authorize import authorize_office
from backend.identity.rules.roles import banner_scopes
from backend.placement.rounds import over_plan, runs_of_stage
from backend.policy.books_in_force import book_in_force


def by_state(banner: str, stage: str) -> dict[str, int]:
    """State → number of applications of the stage."""
    found = db.session.execute(
        select(Application.state, func.count())
        .where(
            Application.banner == banner,
            Application.stage == stage,
            Application.year == book_in_force(banner).year,
        )
        .group_by(Application.state)
    )
    return {state: count for state, count in found}  # noqa: C416  # rows are no pairs to a type checker


def stage_counts(actor: Actor, banner: str, stage: str) -> dict[str, Any]:
    """{states, runs, over_plan} of a stage, for an official of the banner. Raises NotAllowed."""
    authorize_office(actor, "statistics.read", banner_scopes(banner))
    runs = [{"id": str(run.id), "state": run.state} for run in runs_of_stage(banner, stage)]
    return {"states": by_state(banner, stage), "runs": runs, "over_plan": over_plan(banner, stage)}

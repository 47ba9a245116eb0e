"""How far a stage is: applications by state, its runs, and what was decided about single children."""

from typing import Any

from sqlalchemy import func, select

from backend.enrolment.rows import Application
from backend.foundation.database import db
from backend.identity.actors import Actor
from backend.identity.authorize import authorize_office
from backend.identity.rules.roles import banner_scopes
from backend.placement.rounds import HOLDING, over_plan, runs_of_stage
from backend.placement.rows import PlacementRow, Proposal, TransferRequest
from backend.policy.books_in_force import book_in_force
from backend.policy.places import schools_of
from backend.publication.rows import Run
from backend.seats.rows import Seat


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
    counts = {"states": by_state(banner, stage), "runs": runs, "over_plan": over_plan(banner, stage)}
    return counts | {"migrants": migrants(banner, stage)}


def migrants(banner: str, stage: str) -> dict[str, int]:
    """{settled, in_public, in_private}: children of households elsewhere, and where they have their place (D14).

    They stand in the same list as all others; the rule asks that public schools take most of them (两为主、两纳入).
    """
    private = {school.code for school in schools_of(banner, stage) if school.private}
    found = db.session.execute(
        select(PlacementRow.school, func.count())
        .select_from(Seat)
        .join(Application, Application.id == Seat.application_id)
        .outerjoin(PlacementRow, (PlacementRow.application_id == Application.id) & PlacementRow.state.in_(HOLDING))
        .where(
            Seat.is_migrant,
            Application.banner == banner,
            Application.stage == stage,
            Application.year == book_in_force(banner).year,
            Application.state != "withdrawn",
        )
        .group_by(PlacementRow.school)
    )
    counts = {school: count for school, count in found}  # noqa: C416  # rows are no pairs to a type checker
    in_private = sum(count for school, count in counts.items() if school in private)
    placed = sum(count for school, count in counts.items() if school)
    return {"settled": sum(counts.values()), "in_public": placed - in_private, "in_private": in_private}


def public_counts(banner: str, stage: str) -> dict[str, int]:
    """How many special cases, corrections and transfers there were: told to everybody, with the results."""
    found = db.session.execute(
        select(Proposal.kind, func.count())
        .where(Proposal.banner == banner, Proposal.stage == stage, Proposal.approved_at.is_not(None))
        .group_by(Proposal.kind)
    )
    counts = {kind: count for kind, count in found}  # noqa: C416  # rows are no pairs to a type checker
    return {
        "special_cases": counts.get("special-case", 0),
        "corrections": counts.get("correction", 0),
        "transfers": counts.get("transfer", 0),
    }


def outcome_of(run: Run) -> dict[str, int]:
    """School → how many children a run gave it; the key "" counts those without a school. Empty before it has run."""
    found = db.session.execute(
        select(PlacementRow.school, func.count())
        .where(PlacementRow.run_id == run.id)
        .group_by(PlacementRow.school)
        .order_by(PlacementRow.school)
    )
    return {school or "": count for school, count in found}


def open_transfers(banner: str, stage: str) -> int:
    """How many requests for a transfer wait for their answer."""
    return db.session.execute(
        select(func.count()).where(
            TransferRequest.banner == banner, TransferRequest.stage == stage, TransferRequest.state == "open"
        )
    ).scalar_one()

"""Run the allocation on the frozen input, have it checked independently, and keep both (promises P4)."""

import uuid
from typing import Any

from sqlalchemy import delete, select

from backend.enrolment.rows import Application
from backend.foundation.database import db
from backend.foundation.tasks import put_task
from backend.identity.actors import Actor
from backend.placement.rows import PlacementRow
from backend.placement.rules.run import check_placement, run_placement
from backend.publication.check_reports import report_value
from backend.publication.rows import Run
from backend.publication.runs import RunNotReady, finish_run, input_of, open_run, start_run


def order_allocation(run_id: uuid.UUID, witness_texts: dict[str, str], actor: Actor) -> Run:
    """An official presses the one button: the seed is made from the witnesses' texts and the work is put on.

    Raises NotFound, NotAllowed, RunNotReady, WitnessesMissing.
    """
    run = open_run(actor, run_id, "run.allocate")
    if run.kind != "placement":
        raise RunNotReady(state=run.state)
    start_run(run, witness_texts)
    tried = db.session.execute(select(PlacementRow.id).where(PlacementRow.run_id == run.id).limit(1)).first()
    put_task("allocate-run", f"{run.id}/{'again' if tried else 'first'}", {"run_id": str(run.id)})
    return run


def allocate_run(run_id: str) -> None:
    """Allocate, check, keep. Does nothing where the run is not running any more."""
    run = db.session.execute(select(Run).where(Run.id == uuid.UUID(run_id)).with_for_update()).scalar_one()
    if run.state != "running":
        return
    value = input_of(run)
    output = run_placement(value)
    report = check_placement(value, output)
    told = report_value(report) | {"over_plan": _over_plan(output)}
    finish_run(run, output, told, passed=report.passed)
    _keep_rows(run, output)


def _over_plan(output: dict[str, Any]) -> list[str]:
    """Schools with more admitted than seats: told aloud, whatever the rules allow."""
    return [school["id"] for school in output["schools"] if school["taken"] > school["seats"]]


def _keep_rows(run: Run, output: dict[str, Any]) -> None:
    db.session.execute(delete(PlacementRow).where(PlacementRow.run_id == run.id))
    receipts = [placement["id"] for placement in output["placements"]]
    applications = {
        application.receipt: application
        for application in db.session.execute(select(Application).where(Application.receipt.in_(receipts))).scalars()
    }
    for placement in output["placements"]:
        application = applications[placement["id"]]
        db.session.add(
            PlacementRow(
                run_id=run.id,
                application_id=application.id,
                child_id=application.child_id,
                receipt=placement["id"],
                school=placement["school"],
                step=placement.get("step") or ("choice" if placement["school"] else None),
                position=placement.get("position") or placement.get("choice"),
                reason=placement.get("reason") or {},
            )
        )

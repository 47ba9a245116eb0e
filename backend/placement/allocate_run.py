"""Run the allocation on the frozen input, have it checked independently, explain it, and keep all of it (promises P4)."""

import uuid
from typing import Any

from sqlalchemy import delete, select

from backend.enrolment.rows import Application
from backend.foundation.audit import record
from backend.foundation.database import db
from backend.placement.rows import PlacementRow
from backend.placement.rules.parse import parse_placement
from backend.placement.rules.run import check_parsed_placement, place
from backend.placement.why_cards import keep_why_cards
from backend.publication.check_reports import report_value
from backend.publication.rows import Run
from backend.publication.runs import finish_run, input_of, show_progress

HALF_WAY = 50


def allocate_run(run_id: str) -> None:
    """Allocate, check, explain, keep. Does nothing where the run is not running any more."""
    run = db.session.execute(select(Run).where(Run.id == uuid.UUID(run_id)).with_for_update()).scalar_one()
    if run.state != "running":
        return
    given = parse_placement(input_of(run))
    result = place(given)
    output = result.document()
    show_progress(run.id, HALF_WAY)
    report = check_parsed_placement(given, output)
    excess = schools_over_plan(output)
    for school in excess:
        record("alarm.over-plan", "school", school, "派位结果超过学位数", run=str(run.id))
    passed = report.passed and not excess
    why = keep_why_cards(run, given, result) if passed else {}
    finish_run(run, output, report_value(report) | {"over_plan": excess, "why": why}, passed=passed)
    _keep_rows(run, output)


def schools_over_plan(output: dict[str, Any]) -> list[str]:
    """Schools with more admitted than seats. No rule of the zone or the choice mechanism leads there: it is an alarm."""
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

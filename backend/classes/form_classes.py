"""Form a school's classes once the ceremony has made the seed (A34, A37, C09), and publish what the checker passes at once.

The press in the hall was the word: between the lists and their publication stands no person (docs/decisions/0004).
"""

import uuid
from typing import Any

from sqlalchemy import select

from backend.classes.publish_plan import plan_of_run
from backend.classes.rows import ClassMember, TeamDrawn
from backend.classes.rules.both_ways import both_ways
from backend.classes.rules.class_checker import check_classes
from backend.classes.rules.decided import class_input, class_output
from backend.classes.rules.forming import form_classes as form
from backend.classes.rules.team_draw import draw_teams
from backend.enrolment.rows import Application
from backend.foundation.database import db
from backend.publication.approve_run import publish_by_press
from backend.publication.check_reports import report_value
from backend.publication.enter_ledger import Statement, enter_drawn, enter_statement
from backend.publication.rows import Run
from backend.publication.runs import finish_run, input_of


def form_classes(run_id: str) -> None:
    """Form, check, keep, draw the teams, publish. Does nothing where the run is not running any more."""
    run = db.session.execute(select(Run).where(Run.id == uuid.UUID(run_id)).with_for_update()).scalar_one()
    if run.state != "running":
        return
    given = class_input(input_of(run))
    result = form(given)
    check = check_classes(given, result)
    output = class_output(result)
    finish_run(run, output, report_value(check) | both_ways(given, result), passed=check.passed)
    if not check.passed:
        _tell_fault(run)
        return
    _keep_members(run, output)
    _draw_teams(run, given.options.classes, given.options.seed)
    publish_by_press(run)
    _enter_teams(run)


def _enter_teams(run: Run) -> None:
    """Which team drew which class enters the ledger beside the lists: anybody recomputes it from the seed (T-3.8)."""
    drawn = db.session.execute(select(TeamDrawn).where(TeamDrawn.run_id == run.id).order_by(TeamDrawn.position))
    rows = [
        {"position": one.position, "team": one.team, "ticket": one.ticket, "class": one.number}
        for one in drawn.scalars()
    ]
    plan = plan_of_run(run)
    if rows and plan is not None:
        rule = {"teams": sorted(str(row["team"]) for row in rows), "teams_sha256": plan.told["teams_sha256"]}
        enter_drawn(f"team-draw/{run.id}", run, "team-draw", rule, {"drawn": rows})


def _tell_fault(run: Run) -> None:
    """What the checker refused stands in the ledger: the lists are formed again with this very seed (decision 0010)."""
    failed = [one["title"] for one in (run.report or {})["properties"] if not one["passed"]]
    rule = {"decided": "class-fault", "scope": run.scope, "run": str(run.id)}
    told = {"seed": (run.ceremony or {})["seed"], "output_sha256": run.output_sha256, "failed": failed}
    at = run.finished_at.isoformat() if run.finished_at else ""
    enter_statement(f"class-fault/{run.id}/{at}", run.book_sha256, Statement(rule, (), told))


def _keep_members(run: Run, output: dict[str, Any]) -> None:
    receipts = [member["no"] for member in output["classes"]]
    found = db.session.execute(select(Application.receipt, Application.id).where(Application.receipt.in_(receipts)))
    applications = {receipt: key for receipt, key in found}  # noqa: C416  # rows are no pairs to a type checker
    for member in output["classes"]:
        application_id = applications.get(member["no"])
        db.session.add(
            ClassMember(run_id=run.id, application_id=application_id, no=member["no"], number=member["class"])
        )
    db.session.flush()


def _draw_teams(run: Run, classes: int, seed: str) -> None:
    """First the lists, then the teams (先分班后抽签, C10, T-3.8): by tickets of the same seed under a name of their own."""
    plan = plan_of_run(run)
    if plan is None or not plan.teams:
        return
    for drawn in draw_teams([team["team"] for team in plan.teams], range(1, classes + 1), seed):
        told = {"position": drawn.position, "ticket": drawn.ticket}
        db.session.add(TeamDrawn(run_id=run.id, team=drawn.team, number=drawn.class_number, **told))
    db.session.flush()

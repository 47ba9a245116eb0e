"""Run the allocation on the frozen input, have it checked independently, explain it, and keep all of it (promises P4)."""

import uuid
from typing import Any

from sqlalchemy import ARRAY, Text, any_, delete, literal, select

from backend.enrolment.rows import Application
from backend.foundation.audit import record
from backend.foundation.database import db
from backend.foundation.tasks import put_task
from backend.placement.choice_reasons import Reason, Seated, choice_reasons
from backend.placement.rows import PlacementRow
from backend.placement.rules.inputs import ChoiceInput, PlacementInput
from backend.placement.rules.parse import parse_placement
from backend.placement.rules.results import ChoiceResult
from backend.placement.rules.run import check_parsed_placement, place
from backend.placement.why_cards import keep_why_cards, report_of_cards
from backend.publication.check_reports import report_value
from backend.publication.rows import Run
from backend.publication.runs import finish_run, input_of, show_progress
from backend.seats.rows import Seat

CARDS_AT_ONCE = 10_000
"""So many families' cards are made in one task: a worker that dies loses these, and the page sees how far it is."""
CARDS_BEGIN = 20
"""The share of the whole that is done when the first card is made, of 100."""


def allocate_run(run_id: str, explained: int = 0) -> None:
    """Allocate, check, explain, keep. Does nothing where the run is not running any more.

    More cards than `CARDS_AT_ONCE` are made task by task, each in its own transaction; `explained` are those that stand.
    The placement is the same in every task: it depends on the frozen input alone.
    """
    run = db.session.execute(select(Run).where(Run.id == uuid.UUID(run_id)).with_for_update()).scalar_one()
    if run.state != "running":
        return
    given = parse_placement(input_of(run))
    result = place(given)
    receipts = [one.id for one in given.applicants]
    is_last = explained + CARDS_AT_ONCE >= len(receipts)
    output = result.document()
    passed = True
    told: dict[str, Any] = {}
    if is_last or not explained:
        passed, told = _checked(run, given, output)
    if passed:
        keep_why_cards(run, given, result, receipts[explained : explained + CARDS_AT_ONCE])
        if not is_last:
            _go_on(run, explained + CARDS_AT_ONCE, len(receipts))
            return
    seated = _seated(receipts)
    why = report_of_cards(run, given, result, seated) if passed else {}
    finish_run(run, output, told | {"why": why}, passed=passed)
    reasons = {}
    if isinstance(given, ChoiceInput) and isinstance(result, ChoiceResult):
        reasons = choice_reasons(given, result, seated)
    _keep_rows(run, output, seated, reasons)


def _checked(run: Run, given: PlacementInput, output: dict[str, Any]) -> tuple[bool, dict[str, Any]]:
    """Whether the checker passed it and no school is over its plan, and the report of both."""
    report = check_parsed_placement(given, output)
    excess = schools_over_plan(output)
    for school in excess:
        record("alarm.over-plan", "school", school, "派位结果超过学位数", run=str(run.id))
    return report.passed and not excess, report_value(report) | {"over_plan": excess}


def _go_on(run: Run, explained: int, cards: int) -> None:
    """The next cards in the next task; what stands is seen as soon as this one is done."""
    show_progress(run.id, CARDS_BEGIN + (100 - CARDS_BEGIN) * explained // cards)
    last_try = run.finished_at.isoformat() if run.finished_at else "first"
    put_task("allocate-run", f"{run.id}/{last_try}/{explained}", {"run_id": str(run.id), "explained": explained})


def schools_over_plan(output: dict[str, Any]) -> list[str]:
    """Schools with more admitted than seats. No rule of the zone or the choice mechanism leads there: it is an alarm."""
    return [school["id"] for school in output["schools"] if school["taken"] > school["seats"]]


def _seated(receipts: list[str]) -> dict[str, tuple[Application, Seat]]:
    found = db.session.execute(
        select(Application, Seat)
        .join(Seat, Seat.application_id == Application.id)
        .where(Application.receipt == any_(literal(receipts, ARRAY(Text))))
    )
    return {str(application.receipt): (application, seat) for application, seat in found}


def _keep_rows(run: Run, output: dict[str, Any], seated: Seated, by_choices: dict[str, Reason]) -> None:
    """Keep the rows; what a result by choices does not say itself comes from `by_choices`."""
    db.session.execute(delete(PlacementRow).where(PlacementRow.run_id == run.id))
    for placement in output["placements"]:
        application = seated[placement["id"]][0]
        reason = placement.get("reason") or by_choices[placement["id"]]
        db.session.add(
            PlacementRow(
                run_id=run.id,
                application_id=application.id,
                child_id=application.child_id,
                receipt=placement["id"],
                school=placement["school"],
                step=placement.get("step") or reason.get("step"),
                position=placement.get("position") or placement.get("choice"),
                reason=reason,
            )
        )

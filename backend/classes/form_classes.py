"""Form a school's classes with one press (A34, A37, C09): frozen input, public seed, the checker, then the release."""

import uuid
from typing import Any

from sqlalchemy import select

from backend.classes.class_lists import newest_run
from backend.classes.intake import admitted, pupil_rows
from backend.classes.rows import ClassMember
from backend.classes.rules.class_checker import check_classes
from backend.classes.rules.forming import form_classes as form
from backend.classes.rules.reading import read_options, read_pupils
from backend.classes.rules.values import ClassInput
from backend.enrolment.rows import Application
from backend.foundation.database import db
from backend.foundation.problems import NotFound, Refusal
from backend.foundation.tasks import put_task
from backend.identity.actors import Actor
from backend.identity.authorize import authorize_office
from backend.identity.rules.roles import school_scopes
from backend.policy.books_in_force import book_in_force
from backend.policy.places import school_named
from backend.policy.rows import SchoolRow
from backend.publication.check_reports import report_value
from backend.publication.rows import Run
from backend.publication.runs import finish_run, freeze_run, input_of, start_run
from backend.publication.scopes import classes_scope

BALANCE = ("age",)
WAITING = ("drawn", "offered")


class IntakeOpen(Refusal):
    """Children of this school have not answered yet; `count` says how many. Classes are formed once for all."""

    code = "intake-open"


class IntakeEmpty(Refusal):
    """No child has a confirmed place at this school."""

    code = "intake-empty"


class ClassesInvalid(Refusal):
    """The number of classes does not fit the intake: at least one, at most one a child."""

    code = "classes-invalid"
    status = 422


def order_classes(actor: Actor, school: str, classes: int, witness_texts: dict[str, str]) -> Run:
    """The one press: the confirmed children are frozen, the seed is made from the witnesses' texts, the work begins.

    A run that the checker refused is done again with the seed it has: there is no second draw.
    Raises NotAllowed, NotFound, IntakeOpen, IntakeEmpty, ClassesInvalid, WitnessesMissing, RunUnderWay,
    AlreadyPublished.
    """
    authorize_office(actor, "classes.form", school_scopes(school))
    row = school_named(school)
    if row is None:
        raise NotFound
    run = newest_run(school)
    if run is None or run.state != "failed":
        run = _freeze(actor, row, classes)
    start_run(run, witness_texts)
    last_try = run.finished_at.isoformat() if run.finished_at else "first"
    put_task("form-classes", f"{run.id}/{last_try}", {"run_id": str(run.id)})
    return run


def _freeze(actor: Actor, school: SchoolRow, classes: int) -> Run:
    if waiting := len(admitted(school.code, WAITING)):
        raise IntakeOpen(count=waiting)
    pupils = pupil_rows(school.code)
    if not pupils:
        raise IntakeEmpty
    if not 1 <= classes <= len(pupils):
        raise ClassesInvalid(pupils=len(pupils))
    value = {"pupils": pupils, "classes": classes, "balance": list(BALANCE), "tolerance": None, "seed": ""}
    book = book_in_force(school.banner)
    return freeze_run("classes", classes_scope(school.code, book.year), value, book.sha256, actor)


def form_classes(run_id: str) -> None:
    """Form, check, keep. Does nothing where the run is not running any more."""
    run = db.session.execute(select(Run).where(Run.id == uuid.UUID(run_id)).with_for_update()).scalar_one()
    if run.state != "running":
        return
    given = class_input(input_of(run))
    result = form(given)
    check = check_classes(given, result)
    output = {"classes": [{"no": no, "class": number} for no, number in result.classes], "report": dict(result.report)}
    finish_run(run, output, report_value(check), passed=check.passed)
    if check.passed:
        _keep_members(run, output)


def class_input(value: dict[str, Any]) -> ClassInput:
    """The former's input from a run's value. ValueError where the value is damaged."""
    options, faults = read_options(str(value["classes"]), value["seed"], value["balance"], value["tolerance"])
    given, more = read_pupils(enumerate(value["pupils"], start=2), options)
    if faults or more:
        raise ValueError([*faults, *more])
    return given


def _keep_members(run: Run, output: dict[str, Any]) -> None:
    receipts = [member["no"] for member in output["classes"]]
    found = db.session.execute(select(Application.receipt, Application.id).where(Application.receipt.in_(receipts)))
    applications = {receipt: key for receipt, key in found}  # noqa: C416  # rows are no pairs to a type checker
    for member in output["classes"]:
        db.session.add(
            ClassMember(
                run_id=run.id,
                application_id=applications[member["no"]],
                no=member["no"],
                number=member["class"],
            )
        )

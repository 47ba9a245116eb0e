"""Form a school's classes with one press (A34, A37, C09): frozen input, public seed, the checker, then the release."""

import uuid
from typing import Any

from sqlalchemy import func, select

from backend.classes.intake import pupil_rows
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
from backend.placement.rows import PlacementRow
from backend.policy.books_in_force import book_in_force
from backend.policy.places import school_named
from backend.publication.rows import Run
from backend.publication.runs import finish_run, freeze_run, input_of, start_run

BALANCE = ("age",)


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

    Raises NotAllowed, NotFound, IntakeOpen, IntakeEmpty, ClassesInvalid, WitnessesMissing, RunUnderWay,
    AlreadyPublished.
    """
    authorize_office(actor, "classes.form", school_scopes(school))
    if school_named(school) is None:
        raise NotFound
    waiting = db.session.execute(
        select(func.count())
        .select_from(PlacementRow)
        .where(PlacementRow.school == school, PlacementRow.state.in_(("drawn", "offered")))
    ).scalar_one()
    if waiting:
        raise IntakeOpen(count=waiting)
    pupils = pupil_rows(school)
    if not pupils:
        raise IntakeEmpty
    if not 1 <= classes <= len(pupils):
        raise ClassesInvalid(pupils=len(pupils))
    value = {"pupils": pupils, "classes": classes, "balance": list(BALANCE), "tolerance": None, "seed": ""}
    book = book_in_force(school.split("-", maxsplit=1)[0])
    run = freeze_run("classes", school, value, book.sha256, actor)
    start_run(run, witness_texts)
    put_task("form-classes", str(run.id), {"run_id": str(run.id)})
    return run


def form_classes(run_id: str) -> None:
    """Form, check, keep. Does nothing where the run is not running any more."""
    run = db.session.execute(select(Run).where(Run.id == uuid.UUID(run_id)).with_for_update()).scalar_one()
    if run.state != "running":
        return
    given = class_input(input_of(run))
    result = form(given)
    check = check_classes(given, result)
    properties = [
        {"name": item.name, "title": item.name, "passed": item.passed, "detail": "；".join(item.details[:5])}
        for item in check.properties
    ]
    output = {"classes": [{"no": no, "class": number} for no, number in result.classes], "report": dict(result.report)}
    finish_run(run, output, {"properties": properties}, passed=check.passed)
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

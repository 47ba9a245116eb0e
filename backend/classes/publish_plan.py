"""The plan of a school's classes is published: the list sealed, wishes counted, teams made, before anybody knows the seed.

先公布、后抽签 (A38, 两先一抽一不调): what is published here is what the seed decides about, and nothing else.
"""

from collections import Counter
from typing import Any

from backend.classes.class_lists import newest_run
from backend.classes.gather_intake import Intake, gather_intake
from backend.classes.import_sheets import teachers_of
from backend.classes.intake import admitted
from backend.classes.rows import ClassPlan
from backend.classes.rules.reading import is_subject, read_hundredths
from backend.classes.rules.teacher_sheet import TeacherLine
from backend.classes.rules.teams import TeamsImpossible, balance_of, form_teams
from backend.fairness.canonical import canonical_json, sha256_hex
from backend.foundation import clock
from backend.foundation.database import db
from backend.foundation.problems import NotFound, Refusal
from backend.identity.actors import Actor
from backend.identity.authorize import authorize_office
from backend.identity.rules.roles import school_scopes
from backend.placement.pre_admission import require_filed
from backend.policy.books_in_force import book_in_force
from backend.policy.places import school_named
from backend.publication.enter_ledger import Statement, enter_statement
from backend.publication.rows import Run
from backend.publication.runs import freeze_run
from backend.publication.scopes import classes_scope

BALANCE = ("age",)
WAITING = ("drawn", "offered")
NARROWEST, WIDEST = 50, 100
"""A draw's tolerance in hundredths of a point: below half a point a lottery turns into an optimisation."""
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


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


class ToleranceInvalid(Refusal):
    """A draw lets the means differ by half a point to one point."""

    code = "tolerance-invalid"
    status = 422


class TeamsUnfit(Refusal):
    """The teachers do not make one team a class; `why` says what is missing."""

    code = "teams-unfit"
    status = 422


class ScoresMissing(Refusal):
    """Some pupils have scores and others have none: the sheet is imported again with all of them."""

    code = "scores-missing"


def publish_plan(actor: Actor, school: str, classes: int, tolerance: str | None = None) -> Run:
    """The plan with the sealed list: `classes`, and the way: None for the floor, or points ("0.5" to "1") for the draw.

    Raises NotAllowed, NotFound, IntakeOpen, NotFiledYet, IntakeEmpty, ClassesInvalid, ToleranceInvalid, ScoresMissing, TeamsUnfit,
    RunUnderWay, AlreadyPublished.
    """
    authorize_office(actor, "classes.form", school_scopes(school))
    row = school_named(school)
    if row is None:
        raise NotFound
    if waiting := len(admitted(school, WAITING)):
        raise IntakeOpen(count=waiting)
    require_filed(row)
    if classes < 1:
        raise ClassesInvalid(pupils=len(gather_intake(school, 1).rows))
    intake = gather_intake(school, classes)
    _fits(intake, classes, tolerance)
    lines = teachers_of(school)
    teams = _teams(lines, classes) if lines else []
    sealed = {"pupils": list(intake.rows), "classes": classes, "balance": list(BALANCE), "tolerance": tolerance}
    book = book_in_force(row.banner)
    run = freeze_run("classes", classes_scope(school, book.year), {**sealed, "seed": ""}, book.sha256, actor)
    plan = ClassPlan(
        run_id=run.id,
        school=school,
        year=book.year,
        told=_told(intake, classes, tolerance) | {"teams_sha256": sha256_hex(canonical_json(teams)) if teams else None},
        teams=teams,
        published_at=clock.now(),
        published_by=actor.account_id,
    )
    db.session.add(plan)
    db.session.flush()
    rule = {"decided": "class-plan", "scope": run.scope, "run": str(run.id)}
    enter_statement(
        f"class-plan/{run.id}", book.sha256, Statement(rule, (), plan.told | {"input_sha256": run.input_sha256})
    )
    return run


def plan_of_run(run: Run) -> ClassPlan | None:
    """The plan that a class run was frozen with."""
    return db.session.get(ClassPlan, run.id)


def standing_plan(school: str) -> tuple[Run, ClassPlan] | None:
    """The newest class run of the school and its plan, or None before the plan is published."""
    run = newest_run(school)
    plan = plan_of_run(run) if run else None
    return (run, plan) if run and plan else None


def _fits(intake: Intake, classes: int, tolerance: str | None) -> None:
    if not intake.rows:
        raise IntakeEmpty
    if classes > len(intake.rows):
        raise ClassesInvalid(pupils=len(intake.rows))
    if len({frozenset(row) for row in intake.rows}) > 1:
        raise ScoresMissing
    hundredths = None if tolerance is None else read_hundredths(tolerance)
    if tolerance is not None and (hundredths is None or not NARROWEST <= hundredths <= WIDEST):
        raise ToleranceInvalid


def _told(intake: Intake, classes: int, tolerance: str | None) -> dict[str, Any]:
    """What everybody may know: counts, no number of a child."""
    count = len(intake.rows)
    scores = [name for name in intake.rows[0] if name == "score" or is_subject(name)]
    return {
        "pupils": count,
        "classes": classes,
        "sizes": [count // classes, -(-count // classes)],
        "way": "draw" if tolerance is not None or not scores else "floor",
        "tolerance": tolerance if scores else None,
        "scores": scores,
        "balance": ["sex", "special", "ethnicity", "household", *BALANCE],
        "wishes": dict(Counter(f"{wish.kind}/{wish.reason}" for wish in intake.wishes)),
        "wishes_dropped": len(intake.labels.dropped),
        "special": sum(row["special"] == "1" for row in intake.rows),
    }


def _teams(lines: list[TeacherLine], classes: int) -> list[dict[str, Any]]:
    today = clock.today()
    known = {line.no: line for line in lines}
    teachers = [line.teacher(today) for line in lines]
    try:
        teams = form_teams(teachers, classes)
    except TeamsImpossible as fault:
        raise TeamsUnfit(why="；".join(_in_words(code, facts) for code, facts in fault.faults)) from fault
    balance = balance_of({one.no: one for one in teachers}, teams)
    return [
        {
            "team": team_name(place),
            "head": known[team.head].name,
            "teaches": {subject: known[no].name for subject, no in team.teaches.items()},
            "skill": balance.skill[place],
            "age": balance.age[place],
            "women": balance.sex.get("female", (0,) * classes)[place],
            "titles": {title: counts[place] for title, counts in balance.title.items()},
        }
        for place, team in enumerate(teams)
    ]


def team_name(place: int) -> str:
    """A, B … Z, AA, AB …: teams have letters, so that nobody takes them for classes."""
    first, last = divmod(place, len(LETTERS))
    return (LETTERS[first - 1] if first else "") + LETTERS[last]


def _in_words(code: str, facts: dict[str, object]) -> str:
    if code == "heads":
        return f"班主任有 {facts['heads']} 名，班级有 {facts['classes']} 个，应一样多"
    return f"{facts['subject']}有 {facts['teachers']} 名教师，多于 {facts['classes']} 个班，请留下不任教的"

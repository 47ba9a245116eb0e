"""Children who come after the classes were published: each joins the class that the rule names, so that nobody chooses."""

from collections import Counter

from sqlalchemy import select

from backend.classes.class_lists import newest_run
from backend.classes.intake import admitted
from backend.classes.rows import ClassMember
from backend.classes.rules.late_arrival import ClassStanding, class_for_late_arrival
from backend.enrolment.rows import Application
from backend.families.people import particulars_of
from backend.families.rows import Child
from backend.foundation.audit import record
from backend.foundation.database import db
from backend.foundation.problems import Refusal
from backend.foundation.tasks import put_task
from backend.identity.actors import Actor
from backend.identity.authorize import authorize_office
from backend.identity.rules.roles import school_scopes
from backend.publication.rows import Run


class ClassesNotFormed(Refusal):
    """The school's classes are not published yet; whoever has confirmed by then is in the draw."""

    code = "classes-not-formed"


def join_classes(actor: Actor, school: str) -> int:
    """How many confirmed children without a class have joined one now (domain 3.1, T-3.7); their records follow.

    Raises NotAllowed, ClassesNotFormed.
    """
    authorize_office(actor, "classes.form", school_scopes(school))
    run = newest_run(school)
    if run is None or run.state != "published" or run.ceremony is None:
        raise ClassesNotFormed
    db.session.execute(select(Run.id).where(Run.id == run.id).with_for_update())
    standing = _standing(run)
    late = [(row.receipt, application, child) for row, application, child in admitted(school, ("confirmed",))]
    joined = 0
    for receipt, application, child in late:
        if application.state != "confirmed":
            continue
        sex = particulars_of(child)["sex"]
        number = class_for_late_arrival(_classes(standing), sex, receipt, run.ceremony["seed"])
        standing[number][sex] += 1
        db.session.add(ClassMember(run_id=run.id, application_id=application.id, no=receipt, number=number))
        record("class.joined", "application", application.id, number=number, run=str(run.id))
        put_task("make-records", f"{run.id}/{receipt}", {"run_id": str(run.id)})
        joined += 1
    return joined


def _classes(standing: dict[int, Counter[str]]) -> list[ClassStanding]:
    return [ClassStanding(number, sexes) for number, sexes in standing.items()]


def _standing(run: Run) -> dict[int, Counter[str]]:
    """Class → how many pupils of each sex it has, late ones included."""
    members = db.session.execute(
        select(ClassMember.number, Child)
        .join(Application, Application.id == ClassMember.application_id)
        .join(Child, Child.id == Application.child_id)
        .where(ClassMember.run_id == run.id)
    )
    standing: dict[int, Counter[str]] = {}
    for number, child in members:
        standing.setdefault(number, Counter())[particulars_of(child)["sex"]] += 1
    return standing

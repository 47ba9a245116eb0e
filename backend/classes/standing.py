"""Who is in which class now: the published lists and every move since."""

from collections import Counter

from sqlalchemy import select

from backend.classes.gather_intake import facts_of
from backend.classes.rows import ClassMember, ClassMove
from backend.classes.rules.late_arrival import ClassStanding
from backend.enrolment.rows import Application
from backend.families.people import particulars_of
from backend.families.rows import Child
from backend.foundation.database import db
from backend.publication.rows import Run
from backend.publication.runs import frozen_input_of
from backend.publication.scopes import place_of


def moves_of(run: Run) -> list[ClassMove]:
    """The move ledger of a run, in order."""
    return list(
        db.session.execute(select(ClassMove).where(ClassMove.run_id == run.id).order_by(ClassMove.number)).scalars()
    )


def classes_now(run: Run) -> dict[str, int]:
    """Number of a pupil → class, after all moves; who left the school is not in it."""
    found = db.session.execute(
        select(ClassMember.no, ClassMember.number).where(ClassMember.run_id == run.id).order_by(ClassMember.no)
    )
    now = {no: number for no, number in found}  # noqa: C416  # rows are no pairs to a type checker
    for move in moves_of(run):
        if move.to_class is None:
            now.pop(move.no, None)
        else:
            now[move.no] = move.to_class
    return now


def sizes_now(run: Run) -> dict[int, int]:
    """Class → how many pupils it has now; every class of the plan stands in it."""
    counts = Counter(classes_now(run).values())
    return {number: counts[number] for number in range(1, class_count(run) + 1)}


def class_count(run: Run) -> int:
    """How many classes were formed."""
    return int(frozen_input_of(run)["classes"])


def standings(run: Run) -> list[ClassStanding]:
    """Every class with its pupils by sex, as the rule for late arrivals reads it."""
    now, sexes = classes_now(run), sexes_of(run)
    counts: dict[int, Counter[str]] = {number: Counter() for number in range(1, class_count(run) + 1)}
    for no, number in now.items():
        counts[number][sexes.get(no, "")] += 1
    return [ClassStanding(number, by_sex) for number, by_sex in counts.items()]


def sexes_of(run: Run) -> dict[str, str]:
    """Number of a pupil → sex: from the frozen list, for late arrivals from the child or from what the bureau entered."""
    sexes = {row["no"]: row["sex"] for row in frozen_input_of(run)["pupils"]}
    late = db.session.execute(
        select(ClassMember.no, Child)
        .join(Application, Application.id == ClassMember.application_id)
        .join(Child, Child.id == Application.child_id)
        .where(ClassMember.run_id == run.id, ClassMember.no.not_in(list(sexes)))
    )
    entered = {
        line.no: line.sex for line in facts_of(place_of(run.scope)).values() if line.sex and line.no not in sexes
    }
    return sexes | entered | {no: str(particulars_of(child)["sex"]) for no, child in late}

"""Classes with one press, late arrivals by rule, and a school record for every child, once for life (C09, D29, T-3.7, T-4.3)."""

from typing import Any

import pytest
from sqlalchemy import func, insert, select, text
from sqlalchemy.exc import DBAPIError

from backend.classes.class_lists import class_lists, newest_run
from backend.classes.gather_intake import gather_intake
from backend.classes.intake import admitted_list, age_half, standing_counts
from backend.classes.join_classes import ClassesNotFormed, join_classes
from backend.classes.publish_plan import ClassesInvalid, IntakeEmpty, IntakeOpen, ToleranceInvalid, publish_plan
from backend.classes.rows import ClassMember
from backend.enrolment.rows import Application
from backend.families.people import people_of
from backend.families.rows import Child
from backend.foundation import clock
from backend.foundation.audit import AccessRow
from backend.foundation.database import db
from backend.foundation.unit_of_work import unit_of_work
from backend.identity.actors import NotAllowed
from backend.placement.answer_place import confirm_place, decline_place
from backend.placement.special_cases import approve, propose
from backend.publication.ceremony_refusals import CeremonyMissing
from backend.publication.runs import AlreadyPublished, RunUnderWay, begin_run
from backend.publication.withdraw_run import withdraw_run
from backend.results.school_result import class_sizes
from tests.ceremony_builders import hold_ceremony
from tests.class_builders import CHILDREN, P01, all_in_one_class, formed_at_first, school
from tests.enrolment_builders import KANGBASHI
from tests.placement_builders import bureau, work

pytestmark = pytest.mark.usefixtures("opened")


def test_the_plan_waits_for_all_answers(families: Any) -> None:
    with pytest.raises(IntakeOpen) as refusal:
        publish_plan(school(), P01, 2)
    assert refusal.value.facts == {"count": CHILDREN}
    for actor, application in families:
        with unit_of_work():
            decline_place(actor, application.id, clock.now())
    with pytest.raises(IntakeEmpty):
        publish_plan(school(), P01, 2)


def test_the_number_of_classes_fits_and_only_the_school_plans(intake: Any) -> None:
    for classes in (0, CHILDREN + 1):
        with pytest.raises(ClassesInvalid):
            publish_plan(school(), P01, classes)
    for tolerance in ("0.2", "3", "x"):
        with pytest.raises(ToleranceInvalid):
            publish_plan(school(), P01, 2, tolerance)
    with pytest.raises(NotAllowed):
        publish_plan(school(f"{KANGBASHI}-P02"), P01, 2)
    with pytest.raises(NotAllowed):
        publish_plan(bureau(), P01, 2)
    assert newest_run(P01) is None


def test_a_frozen_list_has_no_classes_before_the_ceremony(intake: Any) -> None:
    """D8: the plan stands, and nobody, the database included, puts a child into a class before the seed is made."""
    with unit_of_work():
        run = publish_plan(school(), P01, 2)
    with pytest.raises(CeremonyMissing):
        begin_run(run)
    values = {"run_id": run.id, "application_id": intake[0].id, "no": intake[0].receipt, "number": 1}
    with pytest.raises(DBAPIError, match="before the seed"), db.session.begin_nested():
        db.session.execute(insert(ClassMember).values(**values))
    with pytest.raises(RunUnderWay):
        publish_plan(school(), P01, 2)
    with unit_of_work():
        withdraw_run(school(), run.id, "班数写错了，重新公布方案")
    assert newest_run(P01) is None
    with unit_of_work():
        again = publish_plan(school(), P01, 1)
    assert newest_run(P01) is again


def test_classes_are_even_published_once_and_every_child_gets_its_record(intake: list[Application]) -> None:
    run = formed_at_first()
    assert [each["size"] for each in class_sizes(P01, run_year(run))] == [2, 2]
    assert {application.state for application in intake} == {"recorded"}
    assert standing_counts(P01) == {"recorded": CHILDREN}
    assert len(class_lists(school(), P01)["classes"]) == CHILDREN
    with pytest.raises(AlreadyPublished):
        publish_plan(school(), P01, 2)
    values = {"run_id": run.id, "no": "stranger", "number": 1}
    with pytest.raises(DBAPIError, match="without a move"), db.session.begin_nested():
        db.session.execute(insert(ClassMember).values(**values))
    with pytest.raises(DBAPIError), db.session.begin_nested():
        db.session.execute(text("UPDATE class_member SET number = 1"))


def run_year(run: Any) -> int:
    return int(run.scope.rpartition("/")[2])


def test_the_input_of_classes_names_no_child(intake: list[Application]) -> None:
    """Contracts 3: receipt, sex, ethnicity, household place, age half, labels; nothing presets a class."""
    people = people_of([db.session.get_one(Child, application.child_id) for application in intake])
    rows = gather_intake(P01, 2).rows
    allowed = {"no", "sex", "ethnicity", "household", "age", "together", "apart", "special"}
    assert set(rows[0]) <= allowed
    assert not [person for person in people.values() if person.name in str(rows) or str(person.id_number) in str(rows)]


@pytest.mark.parametrize(("month", "half"), [(9, "older"), (12, "older"), (2, "older"), (3, "younger"), (8, "younger")])
def test_the_age_year_begins_in_september(month: int, half: str) -> None:
    assert age_half(clock.today().replace(month=month, day=1)) == half


def test_a_run_that_the_checker_refused_keeps_no_lists_and_is_done_again_with_its_seed(
    intake: list[Application], monkeypatch: pytest.MonkeyPatch
) -> None:
    from backend.classes import form_classes as room  # noqa: PLC0415  # the test breaks the former once

    true_form = room.form
    monkeypatch.setattr(room, "form", all_in_one_class(true_form))
    with unit_of_work():
        run = publish_plan(school(), P01, 2)
    hold_ceremony(run, school())
    work()
    assert run.state == "failed"
    seed = run.ceremony["seed"]
    assert db.session.execute(select(func.count()).select_from(ClassMember)).scalar_one() == 0
    monkeypatch.setattr(room, "form", true_form)
    with unit_of_work():
        begin_run(run)
    work()
    assert (run.state, run.ceremony["seed"]) == ("published", seed)
    assert {application.state for application in intake} == {"recorded"}


def test_who_comes_late_joins_the_smallest_class_by_rule_and_is_recorded(families: Any) -> None:
    """T-3.7 and nobody in limbo: a committee's child after the draw."""
    (late_actor, late), *others = families
    with unit_of_work():
        decline_place(late_actor, late.id, clock.now())
    for actor, application in others:
        with unit_of_work():
            confirm_place(actor, application.id, clock.now())
    with pytest.raises(ClassesNotFormed):
        join_classes(school(), P01)
    run = formed_at_first()
    sizes = {each["class"]: each["size"] for each in class_sizes(P01, run_year(run))}
    with unit_of_work():
        proposal = propose("special-case", bureau(), late.id, P01, "委员会一致同意")
    with unit_of_work():
        approve("special-case", bureau(), proposal.id)
        confirm_place(late_actor, late.id, clock.now())
    with unit_of_work():
        assert join_classes(school(), P01) == 1
    work()
    assert late.state == "recorded"
    number = db.session.execute(select(ClassMember.number).where(ClassMember.application_id == late.id)).scalar_one()
    assert sizes[number] == min(sizes.values())
    with unit_of_work():
        assert join_classes(school(), P01) == 0


def test_every_look_at_the_admitted_list_is_written_down_child_by_child(intake: list[Application]) -> None:
    looks = select(func.count()).select_from(AccessRow).where(AccessRow.purpose.contains("admitted list"))
    before = db.session.execute(looks).scalar_one()
    rows = admitted_list(school(), P01)
    assert [row["receipt"] for row in rows] == sorted(str(application.receipt) for application in intake)
    assert db.session.execute(looks).scalar_one() == before + CHILDREN
    with pytest.raises(NotAllowed):
        admitted_list(school(f"{KANGBASHI}-P02"), P01)

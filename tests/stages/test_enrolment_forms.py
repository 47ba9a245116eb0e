"""The form of an application: what is missing, what must exist, when it is locked (A18, A23, T-2.6)."""

import uuid
from datetime import timedelta

import pytest
from sqlalchemy import select, text

from backend.enrolment.add_paper import add_paper
from backend.enrolment.applications import (
    form_of,
    move_application,
)
from backend.enrolment.choose_schools import choose_schools
from backend.enrolment.papers_due import owed_by
from backend.enrolment.refusals import (
    ChoicesInvalid,
    FormIncomplete,
    PapersMissing,
    StateForbids,
)
from backend.enrolment.save_form import save_form
from backend.enrolment.submit_application import ReturnDeadlinePassed, submit_application
from backend.foundation import clock
from backend.foundation.database import db
from backend.foundation.problems import Malformed
from backend.foundation.tasks import Task
from tests.enrolment_builders import (
    KANGBASHI,
    drafted,
    form,
    open_banner,
    submitted,
    unit_of,
)
from tests.families_builders import registered


def test_what_is_missing_is_told_by_name(app) -> None:
    open_banner()
    actor, application = drafted()
    assert owed_by(application).missing[:3] == ["unit_code", "address", "home"]
    with pytest.raises(FormIncomplete) as incomplete:
        submit_application(actor, application.id, clock.now())
    assert [error["code"] for error in incomplete.value.errors] == ["unit_code", "address", "home"]
    save_form(actor, application.id, form())
    due = [paper.kind for paper, _ in owed_by(application).papers]
    assert "household" in due
    assert "property" in due
    with pytest.raises(PapersMissing) as missing:
        submit_application(actor, application.id, clock.now())
    assert [error["code"] for error in missing.value.errors] == due


def test_papers_follow_what_the_family_says(app) -> None:
    """B05: a tenant is asked for a lease, an owner for the deed."""
    open_banner()
    actor, application = drafted()
    save_form(actor, application.id, form(home={"kind": "rented"}, work={"kind": "insured", "months": 12}))
    due = {paper.kind for paper, _ in owed_by(application).papers}
    assert "property" not in due
    assert "lease" in due


def test_the_form_is_sealed_and_normalised(app) -> None:
    open_banner()
    actor, application = drafted()
    save_form(
        actor,
        application.id,
        form(household="banner", home={"kind": "owned", "use": "residence", "owner_relation": "parent"}),
    )
    told = form_of(application)
    assert told["household"] == "here"
    assert told["home"] == {"kind": "owned", "use": "住宅", "owner_relation": "parents"}
    assert told["registered_on"] == "2019-06-01"
    dumped = db.session.execute(text("SELECT string_agg(a::text, ' ') FROM application a")).scalar_one()
    assert "演练小区".encode().hex() not in dumped
    assert application.unit_code == unit_of(KANGBASHI)


def test_places_schools_and_twins_that_do_not_exist_are_refused_all_at_once(app) -> None:
    open_banner()
    actor, application = drafted()
    wrong = form(unit_code="150603999999", sibling_at="150603-J01", twins_with=str(uuid.uuid4()))
    with pytest.raises(Malformed) as refused:
        save_form(actor, application.id, wrong)
    assert [error["code"] for error in refused.value.errors] == ["unit-unknown", "school-unknown", "twin-unknown"]


def test_twins_name_each_other_only_within_the_family(app) -> None:
    open_banner()
    actor, application = drafted()
    _, twin = registered(actor)
    save_form(actor, application.id, form(twins_with=str(twin.id), sibling_at="150603-P02"))
    assert (application.twins_with, application.sibling_at) == (twin.id, "150603-P02")
    _, stranger = registered()
    for other in (stranger.id, application.child_id):
        with pytest.raises(Malformed):
            save_form(actor, application.id, form(twins_with=str(other)))


def test_a_submitted_form_is_locked_and_a_returned_one_open_again(app) -> None:
    open_banner()
    actor, application = submitted()
    with pytest.raises(StateForbids):
        save_form(actor, application.id, form())
    move_application(application, "checking", "departments")
    move_application(application, "in_review", "a mismatch")
    application.return_by = clock.now() + timedelta(days=3)
    move_application(application, "returned", "the number is unreadable")
    save_form(actor, application.id, form(address="演练小区2号楼"))
    receipt = application.receipt
    submit_application(actor, application.id, clock.now())
    assert (application.state, application.receipt, application.submissions) == ("submitted", receipt, 2)
    keys = db.session.execute(select(Task.dedupe_key).where(Task.kind == "open-checks")).scalars().all()
    assert len(set(keys)) == 2


def test_a_correction_after_its_deadline_is_refused_and_the_window_plays_no_part(app) -> None:
    """T-2.6; the correction has its own deadline, [.., return_by)."""
    open_banner()
    actor, application = submitted()
    for state in ("checking", "in_review"):
        move_application(application, state, "-")
    application.return_by = clock.now() + timedelta(days=30)
    move_application(application, "returned", "-")
    with pytest.raises(ReturnDeadlinePassed):
        submit_application(actor, application.id, application.return_by)
    just_before = application.return_by - timedelta(microseconds=1)
    assert submit_application(actor, application.id, just_before).state == "submitted"


def test_choices_are_of_the_zone_and_stand_in_the_form(app) -> None:
    book = open_banner()
    actor, application = drafted()
    save_form(actor, application.id, form())
    with pytest.raises(ChoicesInvalid):
        choose_schools(actor, application.id, ["150603-P02"])
    with pytest.raises(ChoicesInvalid):
        choose_schools(actor, application.id, [])
    choose_schools(actor, application.id, ["150603-P01"])
    assert application.choices == form_of(application)["choices"] == ["150603-P01"]
    assert book.placement.choices_at_most >= 1


def test_after_the_submission_only_what_must_be_taken_again_is_taken(app) -> None:
    open_banner()
    actor, application = submitted()
    with pytest.raises(StateForbids):
        add_paper(actor, application.id, "household", b"a better one")
    db.session.execute(text("UPDATE paper SET state = 'retake' WHERE kind = 'household'"))
    db.session.expire_all()
    assert add_paper(actor, application.id, "household", b"a better one").state == "waiting"

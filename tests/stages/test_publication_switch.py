"""Readers see no result or one whole, checked, twice approved result (promises P5, P25); SQL itself refuses the rest."""

from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from backend.foundation.database import db
from backend.foundation.unit_of_work import unit_of_work
from backend.identity.actors import NotAllowed
from backend.identity.rules.roles import Scope
from backend.placement.freeze_placement import freeze_placement
from backend.placement.place_view import place_view
from backend.publication.approve_run import ContentChanged, SecondOfficialNeeded, approve_run
from backend.publication.rows import Run
from backend.publication.runs import RunDamaged, RunNotReady, begin_run, frozen_input_of, output_of
from backend.results.school_result import ResultNotPublished, school_result
from tests.ceremony_builders import hold_ceremony
from tests.enrolment_builders import KANGBASHI
from tests.families_builders import official, renewed
from tests.placement_builders import after_the_close, bureau, checked_run, settled, work

pytestmark = pytest.mark.usefixtures("opened")

P01 = f"{KANGBASHI}-P01"


@pytest.fixture
def families() -> list[Any]:
    made = [settled() for _ in range(3)]
    after_the_close()
    return [(renewed(actor), application) for actor, application in made]


@pytest.fixture
def run(families: list[Any]) -> Run:
    return checked_run()


def seen(families: list[Any]) -> list[str | None]:
    """The school each family sees."""
    views = [place_view(actor, application.id) for actor, application in families]
    return [view["school"]["code"] if view["school"] else None for view in views]


def public_rows() -> int | None:
    try:
        return len(school_result(P01)["rows"])
    except ResultNotPublished:
        return None


def refused(statement: str, **values: Any) -> bool:
    """Whether the database itself refuses the statement."""
    try:
        with db.session.begin_nested():
            db.session.execute(text(statement), values)
    except DBAPIError:
        return True
    return False


def test_before_the_last_word_nobody_sees_a_part_and_after_it_everybody_sees_the_whole(run: Run, families: Any) -> None:
    """P5: the views of families and of the public change together, with the one switch."""
    assert (seen(families), public_rows()) == ([None] * 3, None)
    approve_run(run.id, bureau(), run.output_sha256 or "")
    assert (seen(families), public_rows()) == ([None] * 3, None)
    approve_run(run.id, bureau(), run.output_sha256 or "")
    assert (seen(families), public_rows()) == ([P01] * 3, 3)
    work()
    assert (seen(families), public_rows()) == ([P01] * 3, 3)


def test_one_official_cannot_give_both_words(run: Run) -> None:
    """P25."""
    one = bureau()
    approve_run(run.id, one, run.output_sha256 or "")
    with pytest.raises(SecondOfficialNeeded):
        approve_run(run.id, one, run.output_sha256 or "")
    assert run.state == "approved"
    assert refused(
        "INSERT INTO approval (run_id, account_id, output_sha256, at) VALUES (:run, :one, :sha, now())",
        run=run.id,
        one=one.account_id,
        sha=run.output_sha256,
    )


def test_a_word_is_for_the_bytes_that_were_looked_at(run: Run) -> None:
    with pytest.raises(ContentChanged):
        approve_run(run.id, bureau(), "0" * 64)
    assert run.state == "checked"


def test_officials_of_another_banner_and_of_a_school_have_no_word(run: Run) -> None:
    for other in (
        official("banner-admissions", Scope("banner", "150621")),
        official("school-admissions", Scope("school", P01)),
    ):
        with pytest.raises(NotAllowed):
            approve_run(run.id, other, run.output_sha256 or "")


def test_nothing_is_approved_before_it_is_checked_and_nothing_checked_runs_again(families: Any) -> None:
    with unit_of_work():
        frozen = freeze_placement(KANGBASHI, "primary", "测试派位", bureau())
    with pytest.raises(RunNotReady):
        approve_run(frozen.id, bureau(), "")
    assert refused("UPDATE run SET state = 'published' WHERE id = :run", run=frozen.id)
    hold_ceremony(frozen, bureau())
    work()
    with pytest.raises(RunNotReady):
        begin_run(frozen)


def test_no_statement_publishes_a_run_without_a_passed_check(families: Any) -> None:
    """P5 in SQL: no pass, another run's pass, and the pass of other bytes all fail; the true one succeeds."""
    run = checked_run()
    names = "kind, scope, run_id, check_id, switched_at"
    switch = f"INSERT INTO published_run ({names}) VALUES ('placement', :scope, :run, :check, now())"  # noqa: S608
    assert refused(switch, scope="x/primary/2026", run=run.id, check=(run.check_id or 0) + 1)
    assert refused("UPDATE run SET output_sha256 = :sha WHERE id = :run", sha="1" * 64, run=run.id)
    assert refused("UPDATE run SET check_id = NULL WHERE id = :run", run=run.id)
    assert refused("UPDATE run SET state = 'published' WHERE id = :run", run=run.id)
    assert refused("UPDATE passed_check SET output_sha256 = :sha", sha="1" * 64)
    assert not refused(switch, scope="x/primary/2026", run=run.id, check=run.check_id)


def test_without_the_constraint_a_changed_output_would_be_published(run: Run) -> None:
    """The control of the test above (P27): with the key dropped, the change goes through."""
    db.session.execute(text("ALTER TABLE run DROP CONSTRAINT fk_run_checked_output"))
    assert not refused("UPDATE run SET output_sha256 = :sha WHERE id = :run", sha="1" * 64, run=run.id)


def test_bytes_that_somebody_changed_are_not_read(run: Run) -> None:
    db.session.execute(
        text("UPDATE run SET input_bytes = output_bytes, output_bytes = input_bytes WHERE id = :run"), {"run": run.id}
    )
    db.session.expire(run)
    with pytest.raises(RunDamaged):
        frozen_input_of(run)
    with pytest.raises(RunDamaged):
        output_of(run)


def test_a_published_run_never_changes_its_state(run: Run) -> None:
    for _ in range(2):
        approve_run(run.id, bureau(), run.output_sha256 or "")
    assert refused("UPDATE run SET state = 'checked' WHERE id = :run", run=run.id)
    with pytest.raises(RunNotReady):
        approve_run(run.id, bureau(), run.output_sha256 or "")

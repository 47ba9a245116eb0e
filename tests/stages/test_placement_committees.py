"""Committees and corrections need two officials and a reason; over the plan only by the book's leave (P2, P25, D04)."""

from typing import Any

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from backend.enrolment.rows import Application
from backend.foundation import clock
from backend.foundation.audit import AuditRow
from backend.foundation.database import db
from backend.foundation.problems import NotFound
from backend.foundation.unit_of_work import unit_of_work
from backend.identity.actors import NotAllowed
from backend.placement.allocate_run import schools_over_plan
from backend.placement.answer_place import confirm_place, decline_place
from backend.placement.freeze_placement import (
    freeze_placement,
)
from backend.placement.place_view import place_view
from backend.placement.rounds import over_plan, taken_at
from backend.placement.rows import PlacementRow, Proposal
from backend.placement.special_cases import (
    NotForThisState,
    OverPlan,
    ProposerCannotApprove,
    ReasonMissing,
    SchoolUnknown,
    approve,
    propose,
)
from backend.placement.stage_counts import stage_counts
from backend.publication.runs import RunUnderWay
from tests.enrolment_builders import DALATE, KANGBASHI
from tests.placement_builders import (
    at_home,
    bureau,
    given,
    published,
    row_of,
    seats_at,
)

pytestmark = pytest.mark.usefixtures("both_opened")

P01, P02 = f"{KANGBASHI}-P01", f"{KANGBASHI}-P02"
D01 = f"{DALATE}-P01"


def test_a_special_case_needs_two_a_reason_and_a_school_of_the_stage() -> None:
    actor, application = at_home(1)[0]
    published()
    with pytest.raises(NotForThisState):
        propose("special-case", bureau(), application.id, P02, "委员会一致同意")
    decline_place(actor, application.id, clock.now())
    one = bureau()
    with pytest.raises(ReasonMissing):
        propose("special-case", one, application.id, P02, "好")
    with pytest.raises(SchoolUnknown):
        propose("special-case", one, application.id, f"{KANGBASHI}-J01", "委员会一致同意")
    with pytest.raises(NotAllowed):
        propose("special-case", bureau(DALATE), application.id, P02, "委员会一致同意")
    proposal = propose("special-case", one, application.id, P02, "委员会一致同意")
    with pytest.raises(ProposerCannotApprove):
        approve("special-case", one, proposal.id)
    with pytest.raises(NotFound):
        approve("correction", bureau(), proposal.id)
    first, second = bureau(), bureau()
    assert approve("special-case", first, proposal.id).approved_by == first.account_id
    assert approve("special-case", second, proposal.id).approved_by == first.account_id


def test_two_officials_are_a_rule_of_the_table() -> None:
    """P25 in SQL."""
    actor, application = at_home(1)[0]
    published()
    decline_place(actor, application.id, clock.now())
    proposal = propose("special-case", bureau(), application.id, P02, "委员会一致同意")
    db.session.flush()
    with pytest.raises(IntegrityError), db.session.begin_nested():
        db.session.execute(update(Proposal).where(Proposal.id == proposal.id).values(approved_by=Proposal.proposed_by))


def left_over(banner: str) -> tuple[Application, Application]:
    """(placed, unplaced): two children at a school of one seat, the result published."""
    school = f"{banner}-P01"
    made = [application for _, application in at_home(2, banner)]
    seats_at(school, 1)
    published(banner)
    placed, unplaced = sorted(made, key=lambda one: row_of(one).school is None)
    assert (row_of(placed).school, row_of(unplaced).school) == (school, None)
    return placed, unplaced


def test_more_than_the_plan_needs_the_books_leave_and_is_told_aloud() -> None:
    """康巴什's book allows a special case over the plan: it is given, and an alarm stands on the desk and in the audit."""
    _, unplaced = left_over(KANGBASHI)
    assert over_plan(KANGBASHI, "primary") == {}
    given("special-case", unplaced, P01)
    assert over_plan(KANGBASHI, "primary") == {P01: 1}
    assert stage_counts(bureau(), KANGBASHI, "primary")["over_plan"] == {P01: 1}
    alarms = select(AuditRow).where(AuditRow.action == "alarm.over-plan", AuditRow.object_id == P01)
    assert len(db.session.execute(alarms).scalars().all()) == 1


def test_without_a_rule_a_full_school_takes_nobody_more(monkeypatch: pytest.MonkeyPatch) -> None:
    _, unplaced = left_over(DALATE)
    strict = _strict_book()
    monkeypatch.setattr("backend.placement.special_cases.book_in_force", lambda _banner: strict)
    with pytest.raises(OverPlan):
        given("special-case", unplaced, D01)
    assert over_plan(DALATE, "primary") == {}


def _strict_book() -> Any:
    from backend.policy.books_in_force import book_in_force  # noqa: PLC0415  # the test replaces the other name

    book = book_in_force(DALATE)
    return book.model_copy(update={"placement": book.placement.model_copy(update={"over_plan": ()})})


def test_an_allocation_over_the_plan_is_an_alarm_whoever_computed_it() -> None:
    assert schools_over_plan({"schools": [{"id": "A", "seats": 1, "taken": 1}]}) == []
    assert schools_over_plan({"schools": [{"id": "A", "seats": 1, "taken": 2}]}) == ["A"]


def test_while_a_list_is_frozen_no_committee_takes_its_seats() -> None:
    """P2: the frozen list counts on the seats that were free when it was frozen."""
    placed, unplaced = left_over(KANGBASHI)
    with unit_of_work():
        proposal = propose("correction", bureau(), placed.id, P02, "地址单元录入有误")
    with unit_of_work():
        freeze_placement(KANGBASHI, "primary", "第二轮", bureau(), "第一轮后有空余学位")
    assert unplaced.state == "frozen"
    with pytest.raises(RunUnderWay):
        approve("correction", bureau(), proposal.id)
    with pytest.raises(RunUnderWay):
        freeze_placement(KANGBASHI, "primary", "第三轮", bureau(), "再来一轮")


def test_a_further_round_gives_only_what_is_free_and_says_why() -> None:
    _, unplaced = left_over(KANGBASHI)
    with pytest.raises(ReasonMissing):
        freeze_placement(KANGBASHI, "primary", "第二轮", bureau(), " ")
    run = published(reason="第一轮后还有孩子没有学校")
    assert run.scope == f"{KANGBASHI}/primary/2026/2"
    assert unplaced.state == "unplaced"
    assert taken_at(P01) == 1
    seats_at(P01, 2)
    published(reason="追加了一个学位")
    assert (row_of(unplaced).school, unplaced.state) == (P01, "placed")
    assert over_plan(KANGBASHI, "primary") == {}


def test_a_correction_moves_a_child_and_both_rows_stay() -> None:
    actor, application = at_home(1)[0]
    published()
    confirm_place(actor, application.id, clock.now())
    given("correction", application, P02, "地址单元录入有误")
    assert row_of(application).school == P02
    assert taken_at(P01) == 0
    view = place_view(actor, application.id)
    assert (view["school"]["code"], view["state"]) == (P02, "placed")
    assert "原因：地址单元录入有误" in view["why"]["text"]
    rows = select(PlacementRow.state).where(PlacementRow.application_id == application.id)
    assert sorted(db.session.execute(rows).scalars()) == ["offered", "superseded"]

"""After the freeze (promises D8; D28): a list is given back with a reason, a child is struck out and never removed."""

import json
from typing import Any

import pytest
from sqlalchemy import select

from backend.foundation.database import db
from backend.foundation.unit_of_work import unit_of_work
from backend.identity.actors import NotAllowed
from backend.placement.freeze_placement import freeze_placement
from backend.placement.leave_list import give_back_list, leave_frozen_list, strike_from_list
from backend.placement.rounds import run_under_way, taken_at
from backend.placement.special_cases import NotForThisState
from backend.policy.deadlines import CalendarUndecreed, deadline_after
from backend.policy.rules.working_days import CalendarNotDecreed
from backend.publication.approve_run import approve_run
from backend.publication.ceremonies import ceremony_document, ceremony_of
from backend.publication.ceremony_refusals import NotOnTheList, WithdrawalReasonMissing, WithdrawalWanted
from backend.publication.rows import LedgerEntry
from backend.publication.runs import RunNotReady, frozen_input_of
from backend.publication.strike_out import strike_out
from backend.results.frozen_lists import frozen_lists
from tests.ceremony_builders import hold_ceremony
from tests.enrolment_builders import DALATE, KANGBASHI
from tests.families_builders import renewed
from tests.placement_builders import after_the_close, bureau, checked_run, released, settled, work

pytestmark = pytest.mark.usefixtures("opened")

P01 = f"{KANGBASHI}-P01"
REASON = "漏了补登的孩子，重新封存"


@pytest.fixture
def families() -> list[Any]:
    made = [settled() for _ in range(3)]
    after_the_close()
    return made


def frozen() -> Any:
    with unit_of_work():
        return freeze_placement(KANGBASHI, "primary", "测试派位", bureau())


def test_a_list_frozen_by_mistake_is_given_back_by_one_official_before_the_seed(families: list[Any]) -> None:
    run = frozen()
    with pytest.raises(WithdrawalReasonMissing):
        give_back_list(bureau(), run.id, "错了")
    with pytest.raises(NotAllowed):
        give_back_list(bureau(DALATE), run.id, REASON)
    with unit_of_work():
        give_back_list(bureau(), run.id, REASON)
    assert run.state == "withdrawn"
    assert {application.state for _, application in families} == {"settled"}
    assert (run_under_way(KANGBASHI, "primary"), frozen_lists()) == (None, [])
    entry = db.session.execute(select(LedgerEntry).where(LedgerEntry.cause == f"withdrawn/{run.id}")).scalar_one()
    public = json.loads(entry.shown["public.json"])
    assert (public["reason"], public["root"], public["seed"]) == (REASON, run.roster_root, None)
    again = frozen()
    assert (again.scope, again.rows_count) == (run.scope, 3)


def test_once_the_seed_is_made_two_officials_give_it_back_and_the_seed_stays_public(families: list[Any]) -> None:
    """Nobody draws again alone until the result pleases."""
    run, first = checked_run(), bureau()
    with unit_of_work():
        assert give_back_list(first, run.id, REASON).withdrawn_at is None
    assert run.state == "checked"
    with pytest.raises(WithdrawalWanted):
        give_back_list(first, run.id, REASON)
    with unit_of_work():
        give_back_list(bureau(), run.id, "")
    assert run.state == "withdrawn"
    entry = db.session.execute(select(LedgerEntry).where(LedgerEntry.cause == f"withdrawn/{run.id}")).scalar_one()
    assert json.loads(entry.shown["public.json"])["seed"] == (run.ceremony or {})["seed"]
    with pytest.raises(RunNotReady):
        approve_run(run.id, bureau(), run.output_sha256 or "")


def test_what_is_published_is_not_withdrawn(families: list[Any]) -> None:
    run = checked_run()
    for _ in range(2):
        approve_run(run.id, bureau(), run.output_sha256 or "")
    with pytest.raises(RunNotReady):
        give_back_list(bureau(), run.id, REASON)


def test_a_child_that_leaves_stays_in_the_list_and_takes_no_seat(families: list[Any]) -> None:
    (mother, leaving), (_, other), (_, third) = families
    run = frozen()
    before = frozen_input_of(run)
    with unit_of_work():
        leave_frozen_list(renewed(mother), leaving.id, "搬到外地")
        strike_from_list(bureau(), KANGBASHI, "primary", other.receipt or "", "书面退出")
        strike_from_list(bureau(), KANGBASHI, "primary", other.receipt or "", "书面退出")
    assert frozen_input_of(run) == before
    hold_ceremony(run, bureau())
    struck = ceremony_document(run, ceremony_of(run.id))["struck_out"]
    numbers = [one["id"] for one in before["applicants"]]
    assert [numbers[one["row"]] for one in struck] == [leaving.receipt, other.receipt]
    assert all(set(one) == {"row", "struck_at"} for one in struck)
    work()
    released(run)
    assert [leaving.state, other.state, third.state] == ["declined", "declined", "placed"]
    assert taken_at(P01) == 1


def test_only_who_stands_on_a_list_under_way_is_struck_out(families: list[Any]) -> None:
    mother, application = families[0]
    with pytest.raises(NotForThisState):
        leave_frozen_list(renewed(mother), application.id, "搬到外地")
    run = frozen()
    with pytest.raises(NotOnTheList):
        strike_out(run, "X", "搬到外地", bureau())
    with pytest.raises(WithdrawalReasonMissing):
        strike_out(run, application.receipt or "", " ", bureau())


def test_a_term_that_reaches_an_undecreed_year_is_refused_before_anything_is_released(
    families: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The refusal names the year; a release without a deadline for the families never happens."""
    run = checked_run()

    def undecreed(*_: object) -> None:
        raise CalendarNotDecreed(2031)

    monkeypatch.setattr("backend.policy.deadlines.by_the_rules", undecreed)
    with pytest.raises(CalendarUndecreed) as caught:
        approve_run(run.id, bureau(), run.output_sha256 or "")
    assert caught.value.facts == {"year": 2031}
    assert run.state == "checked"
    with pytest.raises(CalendarUndecreed):
        deadline_after(None, "confirmation", None)  # type: ignore[arg-type]

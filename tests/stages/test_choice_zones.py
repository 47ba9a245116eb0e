"""A multi-school zone by ranked choices through the service: class, keys, siblings, overflow, and every card (C04, D06, D08)."""

from typing import Any

import pytest
from sqlalchemy import delete

from backend.enrolment.applications import move_application
from backend.enrolment.choose_schools import choose_schools
from backend.enrolment.rows import Application
from backend.enrolment.save_form import save_form
from backend.enrolment.submit_application import submit_application
from backend.foundation import clock
from backend.foundation.database import db
from backend.foundation.unit_of_work import unit_of_work
from backend.identity.actors import Actor
from backend.placement.choice_reasons import choosable
from backend.placement.place_view import place_view
from backend.placement.roster import applications_in_states, roster_input, standings
from backend.placement.rules.choice_numbers import OVERFLOW
from backend.placement.rules.inputs import ChoiceApplicant
from backend.placement.rules.why_changes import Change
from backend.policy.books_in_force import book_in_force
from backend.policy.rows import Overflow, Plan, SchoolRow, Zone
from backend.policy.rules.parse_book import book_of
from backend.publication.rows import Run
from backend.results.school_result import school_result
from backend.seats.settle_seats import settle_seat
from backend.verification.establish import establish
from tests import enrolment_builders
from tests.enrolment_builders import KANGBASHI, attach_all_owed, drafted, form, open_banner, unit_of
from tests.families_builders import renewed
from tests.placement_builders import OWNED, after_the_close, published, seats_at

P01, P02, P03 = (f"{KANGBASHI}-P0{number}" for number in (1, 2, 3))
FACTS = OWNED | {"home.in_area": True, "household.in_area": True}
Applied = tuple[Actor, Application]


@pytest.fixture(autouse=True)
def ground(quiet_city: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """One unit in the zones of two schools, a third school behind them, and a book that lets families rank."""
    usual = enrolment_builders.book_for

    def by_choices(*asked: Any) -> Any:
        content = usual(*asked).content
        placement = content["placement"] | {"mechanism": "choice", "choices_at_most": 3}
        return book_of(
            content | {"placement": placement, "families": {"sibling_follows": True, "twins_together": True}}
        )

    monkeypatch.setattr(enrolment_builders, "book_for", by_choices)
    with unit_of_work():
        year = open_banner().year
        told = {"address": "演练路", "phone": "0477-0000000", "conditions": "36个班"}
        db.session.add(
            SchoolRow(code=P03, banner=KANGBASHI, stage="primary", private=False, name="演练primary3", **told)
        )
        db.session.flush()
        db.session.add(Plan(year=year, school=P03, seats=9, classes=1))
        db.session.execute(delete(Zone).where(Zone.school.in_((P01, P02))))
        for school in (P01, P02):
            db.session.add(
                Zone(year=year, school=school, unit_code=unit_of(KANGBASHI), seat_types=[], multi_school=True)
            )
            db.session.add(Overflow(year=year, school=school, place=1, to_school=P03))


def applied(choices: list[str], on: str, facts: dict[str, Any] | None = None, **told: Any) -> Applied:
    """A family that ranked schools before it handed in, checked and settled."""
    with unit_of_work():
        actor, application = drafted(None, KANGBASHI)
        save_form(actor, application.id, form(KANGBASHI, **told))
        if choices:
            choose_schools(actor, application.id, choices)
        attach_all_owed(actor, application)
        submit_application(actor, application.id, clock.now())
        move_application(application, "checking", "测试")
        establish(application, FACTS | {"home.registered_on": on} | (facts or {}), "测试用材料")
        move_application(application, "verified", "测试")
        settle_seat(book_in_force(KANGBASHI), application)
    return actor, application


def rows() -> dict[str, dict[str, Any]]:
    book = book_in_force(KANGBASHI)
    ready = applications_in_states(book, "primary", ("settled",))
    value = roster_input(book, "primary", "测试", ready, standings(book, "primary", ready))
    return {row["id"]: row for row in value["applicants"]}


def result(one: Applied) -> dict[str, Any]:
    return place_view(renewed(one[0]), one[1].id)


def test_choices_come_first_then_the_zone_then_its_overflow_numbered_by_class_and_key() -> None:
    early, late = applied([P02, P01], "2015-03-01"), applied([P01], "2016-05-31")
    silent = applied([], "2015-03-01")
    told = rows()
    first, second, third = (told[str(one[1].receipt)] for one in (early, late, silent))
    assert first["choices"] == [P02, P01, P03]
    assert second["choices"] == [P01, P02, P03]
    assert third["choices"] == [P01, P02, P03]
    assert first["priority"] == {P01: 0, P02: 0, P03: OVERFLOW}
    assert second["priority"] == {P01: 1, P02: OVERFLOW + 1, P03: OVERFLOW + 1}
    assert third["priority"][P01] == 0


def test_a_zone_of_several_schools_is_placed_by_keys_siblings_and_overflow_and_every_card_says_why() -> None:
    """The earlier registered takes the last seat, the younger sibling goes before, who finds both full overflows."""
    sibling = applied([P02], "2017-08-01", {"sibling.at_school": True}, sibling_at=P02)
    early, middle = applied([P01, P02], "2015-03-01"), applied([P01, P02], "2016-05-20")
    late = applied([P01], "2016-05-31")
    for school in (P01, P02):
        seats_at(school, 1)
    after_the_close()
    run = published()
    assert isinstance(run, Run)
    got = [result(one) for one in (sibling, early, middle, late)]
    assert [each["school"]["code"] for each in got] == [P02, P01, P03, P03]
    assert [each["why"]["step"] for each in got] == ["sibling", "choice", "overflow", "overflow"]
    told = got[2]["why"]["text"]
    assert "片区学校已满，按公布的顺序统筹到有空余学位的学校。" in told
    assert any(line.startswith("演练primary1已经录满，最后录取的是：") and "2015年3月1日" in line for line in told)
    assert any(line.startswith("演练primary2已经录满，最后录取的是：先于其他孩子安排") for line in told)
    assert "录取的是您家的第 1 志愿。" in got[1]["why"]["text"]
    assert not any(receipt in "".join(told) for receipt in (str(early[1].receipt), str(sibling[1].receipt)))


def test_twins_who_rank_alike_have_one_number_and_go_to_the_first_school_with_room_for_both() -> None:
    """One seat is left at their first choice: it goes to the next in line, and the twins stay together."""
    one, other = applied([P01, P02], "2015-03-01"), applied([P01, P02], "2016-05-20")
    behind = applied([P01], "2016-05-31")
    one[1].twins_with = other[1].child_id
    seats_at(P01, 1)
    seats_at(P02, 2)
    told = rows()
    first, second = (told[str(each[1].receipt)] for each in (one, other))
    assert first["bundle"] == second["bundle"] == "twins-" + min(str(each[1].receipt) for each in (one, other))
    assert first["priority"] == second["priority"] == {P01: 0, P02: 0, P03: OVERFLOW}
    after_the_close()
    published()
    assert [result(each)["school"]["code"] for each in (one, other, behind)] == [P02, P02, P01]


def test_twins_who_rank_differently_go_their_own_ways() -> None:
    one, other = applied([P01, P02], "2015-03-01"), applied([P02, P01], "2015-03-01")
    one[1].twins_with = other[1].child_id
    assert not any("bundle" in row for row in rows().values())


def test_the_card_names_the_smallest_change_in_words_and_the_public_page_its_last_one_in() -> None:
    """Wishes 3: not a number of the program, but the class and the day that would have done; found by running again."""
    applied([P02], "2014-01-01")
    applied([P01], "2015-03-01")
    late = applied([P01], "2016-05-31")
    for school in (P01, P02):
        seats_at(school, 1)
    after_the_close()
    run = published()
    assert run.report is not None
    assert run.report["why"]["wrong"] == 0
    change = result(late)["why"]["change"]
    assert (change["kind"], change["at"], change["then"]["code"]) == ("priority", P01, P01)
    assert any(f"不动产登记日期 {day}" in change["text"] for day in ("2015年3月1日", "2014年1月1日"))
    page = school_result(P01)
    assert page["cutoff"]["keys"] == {"不动产登记日期": "2015-03-01"} | page["cutoff"]["keys"]
    assert [(row["step"], row["position"]) for row in page["rows"]] == [("choice", None)]
    assert [kind["count"] for kind in page["by_seat_type"]] == [1]


def test_a_card_speaks_only_of_choices_that_the_family_could_have_made() -> None:
    """Wishes 3: one more choice is a school of the own zone."""
    one = ChoiceApplicant("A1", (P01,), {P01: 0, P02: 0})
    assert choosable(one, Change("choice", P02, at=P02))
    assert not choosable(one, Change("choice", P03, at=P03))
    assert choosable(one, Change("seats", P01, at=P01, by=1))

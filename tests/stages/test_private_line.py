"""A private school's line after its draw (domain 2.8, 2.10, B10): free seats go down the drawn order, in public, by themselves."""

from typing import Any

import pytest

from backend.foundation import clock
from backend.foundation.database import db
from backend.foundation.unit_of_work import unit_of_work
from backend.placement.answer_place import confirm_place, decline_place
from backend.placement.freeze_placement import freeze_placement
from backend.placement.place_view import place_view
from backend.placement.private_line import private_free, private_lines
from backend.placement.private_wish import wish_private
from backend.placement.rounds import taken_at
from backend.placement.waiting_list import own_line, public_line
from backend.policy.rows import Plan
from backend.publication.runs import output_of
from tests.enrolment_builders import KANGBASHI
from tests.families_builders import bearer, renewed
from tests.placement_builders import after_the_close, bureau, checked, published, released, settled, work
from tests.private_builders import PRIVATE, drawn, open_private_school


@pytest.fixture(autouse=True)
def ground(opened: None) -> None:
    open_private_school()


@pytest.fixture
def families() -> list[Any]:
    """Three families that registered for the one private seat, in the drawn order; the draw is published."""
    made = {application.receipt: (actor, application) for actor, application in (settled() for _ in range(3))}
    with unit_of_work():
        for actor, application in made.values():
            wish_private(renewed(actor), application.id, PRIVATE)
    after_the_close()
    run = drawn()
    return [(renewed(made[row["no"]][0]), made[row["no"]][1]) for row in output_of(run)["results"]]


def declined(family: Any) -> None:
    with unit_of_work():
        decline_place(family[0], family[1].id, clock.now())
    work()


def test_a_private_seat_given_up_goes_to_the_next_of_the_drawn_order(families: list[Any]) -> None:
    """中山石岐: later vacancies in the drawn order; everybody sees line and moves."""
    first, second, third = families
    assert private_lines(KANGBASHI, "primary") == {PRIVATE: [second[1].receipt, third[1].receipt]}
    assert own_line(third[0], third[1].id)["lines"][0] | {"last_moved_at": None} == {
        "school": PRIVATE,
        "name": "康巴什民办小学",
        "place": 2,
        "of": 2,
        "free": 0,
        "moved": 0,
        "last_moved_at": None,
    }
    assert place_view(third[0], third[1].id)["state"] == "settled"
    declined(first)
    assert (second[1].state, third[1].state, taken_at(PRIVATE)) == ("placed", "settled", 1)
    shown = place_view(second[0], second[1].id)
    assert (shown["school"]["code"], shown["why"]["step"], shown["state"]) == (PRIVATE, "waiting-list", "placed")
    told = public_line(PRIVATE)
    assert ([one["no"] for one in told["line"]], [one["no"] for one in told["moves"]]) == (
        [third[1].receipt],
        [second[1].receipt],
    )
    with unit_of_work():
        confirm_place(second[0], second[1].id, clock.now())


def test_who_gave_up_a_private_place_is_left_over_for_the_second_public_round(families: list[Any]) -> None:
    """Domain 2.10: end of August those who gave up a private place are placed in spare public seats; nobody is lost."""
    first, second, third = families
    declined(first)
    assert first[1].state == "unplaced"
    published()
    assert (first[1].state, third[1].state) == ("unplaced", "placed")
    published(reason="放弃民办学位的孩子")
    assert (first[1].state, second[1].state) == ("placed", "placed")
    assert place_view(first[0], first[1].id)["school"]["code"] == f"{KANGBASHI}-P01"


def test_a_private_line_waits_while_the_public_list_is_frozen_and_passes_over_who_holds_a_place(
    families: list[Any],
) -> None:
    first, second, third = families
    with unit_of_work():
        confirm_place(first[0], first[1].id, clock.now())
    with unit_of_work():
        run = freeze_placement(KANGBASHI, "primary", "测试派位", bureau())
    declined(first)
    assert (second[1].state, third[1].state, private_free(PRIVATE, "primary")) == ("frozen", "frozen", 1)
    released(checked(run, bureau()))
    assert (second[1].state, third[1].state) == ("placed", "placed")
    assert public_line(PRIVATE)["moves"] == []


def test_a_seat_drawn_for_a_child_that_left_goes_on_at_once() -> None:
    """Struck out is not turned down: the child is told nothing of a draw it left, and the next in line has the seat."""
    made = [settled() for _ in range(2)]
    with unit_of_work():
        for actor, application in made:
            wish_private(renewed(actor), application.id, PRIVATE)
            db.session.query(Plan).filter_by(school=PRIVATE).update({"seats": 2})
    after_the_close()
    drawn((renewed(made[0][0]), made[0][1]))
    assert sorted(application.state for _, application in made) == ["placed", "settled"]
    assert made[0][1].state == "settled"
    assert private_lines(KANGBASHI, "primary") == {PRIVATE: []}


def test_families_and_everybody_read_the_same_draw(app: Any, families: list[Any]) -> None:
    """D09, B10: what a family may register for; the whole draw with all it takes to compute it again."""
    client, (actor, application) = app.test_client(), families[1]
    offered = client.get(f"/api/applications/{application.id}/private", headers=bearer(actor)).get_json()
    assert (offered["school"], [one["code"] for one in offered["schools"]]) == (PRIVATE, [PRIVATE])
    assert (offered["schools"][0]["seats"], offered["schools"][0]["registered"]) == (1, 3)
    drawn = client.get(f"/api/schools/{PRIVATE}/draw").get_json()
    assert [row["no"] for row in drawn["rows"]] == [one.receipt for _, one in families]
    assert client.get(f"/api/schools/{KANGBASHI}-P01/draw").status_code == 404

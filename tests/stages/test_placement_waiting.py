"""Waiting lists that move in sight (domain 2.8, 4): by the run's order, by themselves, in public."""

from typing import Any

import pytest
from sqlalchemy import select

from backend.fairness.tickets import ticket_order
from backend.foundation import clock
from backend.foundation.database import db
from backend.foundation.problems import NotFound
from backend.foundation.unit_of_work import unit_of_work
from backend.placement.answer_place import confirm_place, decline_place
from backend.placement.freeze_placement import freeze_placement
from backend.placement.place_view import place_view
from backend.placement.rounds import taken_at
from backend.placement.waiting_list import lines_of, move_waiting_lists, own_line, public_line
from backend.publication.rows import LedgerEntry
from backend.publication.runs import input_of
from tests.enrolment_builders import KANGBASHI
from tests.families_builders import bearer, renewed
from tests.placement_builders import after_the_close, bureau, published, seats_at, settled, work

P01 = f"{KANGBASHI}-P01"


@pytest.fixture(autouse=True)
def ground(opened: None) -> None:
    seats_at(P01, 2)


@pytest.fixture
def families() -> list[Any]:
    """Five families for two seats of one school, in the order of their tickets; the result is published."""
    made = [settled() for _ in range(5)]
    after_the_close()
    run = published()
    value = input_of(run)
    order = ticket_order([application.receipt or "" for _, application in made], value["seed"], value["draw"])
    made.sort(key=lambda family: order.index(family[1].receipt or ""))
    return [(renewed(actor), application) for actor, application in made]


def placed(families: list[Any]) -> list[str]:
    return [application.state for _, application in families]


def test_who_has_no_place_waits_in_the_order_of_the_draw(families: list[Any]) -> None:
    assert placed(families) == ["placed", "placed", "unplaced", "unplaced", "unplaced"]
    waiting = [application.receipt for _, application in families[2:]]
    assert lines_of(KANGBASHI, "primary")[P01] == waiting
    told = own_line(families[3][0], families[3][1].id)["lines"]
    assert [(one["school"], one["place"], one["of"], one["free"]) for one in told] == [(P01, 2, 3, 0)]
    assert own_line(families[0][0], families[0][1].id)["lines"] == []


def test_a_seat_that_falls_free_goes_to_the_next_by_itself(families: list[Any]) -> None:
    first, third = families[0], families[2]
    with unit_of_work():
        decline_place(first[0], first[1].id, clock.now())
    work()
    assert placed(families) == ["declined", "placed", "placed", "unplaced", "unplaced"]
    view = place_view(third[0], third[1].id)
    assert (view["school"]["code"], view["why"]["step"], view["state"]) == (P01, "waiting-list", "placed")
    assert "候补" in view["why"]["text"][0]
    line = public_line(P01)
    assert ([one["no"] for one in line["line"]], line["free"]) == ([f[1].receipt for f in families[3:]], 0)
    assert [move["no"] for move in line["moves"]] == [third[1].receipt]
    assert taken_at(P01) == 2
    with unit_of_work():
        confirm_place(third[0], third[1].id, clock.now())
    assert third[1].state == "confirmed"


def test_every_move_stands_in_the_ledger_and_names_nobody(families: list[Any]) -> None:
    with unit_of_work():
        decline_place(families[0][0], families[0][1].id, clock.now())
    work()
    entry = db.session.execute(select(LedgerEntry).where(LedgerEntry.cause.startswith("waiting-list/"))).scalar_one()
    assert (families[2][1].receipt or "") not in str(entry.shown)


def test_a_line_moves_once_for_a_seat_and_not_while_a_round_is_under_way(families: list[Any]) -> None:
    """The frozen list of a further round counts on the seats that were free (P2)."""
    with unit_of_work():
        freeze_placement(KANGBASHI, "primary", "第二轮", bureau(), "学校增加了一个学位")
    seats_at(P01, 3)
    with unit_of_work():
        move_waiting_lists(KANGBASHI, "primary")
    assert placed(families)[2:] == ["frozen"] * 3


def test_a_second_turn_offers_nothing_twice(families: list[Any]) -> None:
    seats_at(P01, 3)
    for _ in range(2):
        with unit_of_work():
            move_waiting_lists(KANGBASHI, "primary")
    assert placed(families) == ["placed", "placed", "placed", "unplaced", "unplaced"]
    assert len(public_line(P01)["moves"]) == 1


def test_anybody_sees_the_line_and_finds_the_own_place_by_the_receipt(app: Any, families: list[Any]) -> None:
    client = app.test_client()
    third = families[2]
    page = client.get(f"/public/schools/{P01}/waiting", query_string={"no": third[1].receipt}).get_data(as_text=True)
    assert "排第 1 位" in page
    assert "苏日娜" not in page
    assert client.get(f"/api/schools/{P01}/waiting").get_json()["line"][0]["no"] == third[1].receipt
    own = client.get(f"/api/applications/{third[1].id}/waiting", headers=bearer(third[0])).get_json()
    assert own["lines"][0]["place"] == 1
    with pytest.raises(NotFound):
        public_line("150603-P77")

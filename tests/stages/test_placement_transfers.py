"""Transfers go by free seats, nearest first, with two officials, and never over a plan (D15)."""

from typing import Any

import pytest

from backend.foundation import clock
from backend.foundation.unit_of_work import unit_of_work
from backend.placement.answer_place import confirm_place
from backend.placement.place_view import place_view
from backend.placement.rounds import taken_at
from backend.placement.special_cases import NotForThisState, OverPlan, approve, propose
from backend.placement.transfers import schools_with_room
from tests.enrolment_builders import KANGBASHI
from tests.families_builders import renewed
from tests.placement_builders import after_the_close, bureau, given, published, seats_at, settled, work

pytestmark = pytest.mark.usefixtures("opened")

P01, P02 = f"{KANGBASHI}-P01", f"{KANGBASHI}-P02"
REASON = "全家搬到第二小学旁边"


def transferred(application: Any, school: str) -> None:
    with unit_of_work():
        proposal = propose("transfer", bureau(), application.id, school, REASON)
        approve("transfer", bureau(), proposal.id)
    work()


def test_a_transfer_takes_a_free_seat_and_the_seat_left_goes_to_the_next_in_line() -> None:
    seats_at(P01, 1)
    made = [settled() for _ in range(2)]
    after_the_close()
    published()
    placed, waiting = sorted(made, key=lambda family: family[1].state)
    with unit_of_work():
        confirm_place(renewed(placed[0]), placed[1].id, clock.now())
    room = schools_with_room(KANGBASHI, "primary", placed[1].unit_code or "", placed[1])
    assert [one["school"] for one in room] == [P02]
    transferred(placed[1], P02)
    view = place_view(renewed(placed[0]), placed[1].id)
    assert (view["school"]["code"], view["state"]) == (P02, "placed")
    assert "转学" in view["why"]["text"][0]
    assert (waiting[1].state, taken_at(P01), taken_at(P02)) == ("placed", 1, 1)


def test_nobody_is_transferred_over_the_plan_nor_without_a_place() -> None:
    seats_at(P01, 1)
    seats_at(P02, 1)
    made = [settled() for _ in range(2)]
    after_the_close()
    published()
    placed, waiting = sorted(made, key=lambda family: family[1].state)
    with pytest.raises(NotForThisState):
        transferred(waiting[1], P02)
    given("special-case", waiting[1], P02)
    with pytest.raises(OverPlan):
        transferred(placed[1], P02)

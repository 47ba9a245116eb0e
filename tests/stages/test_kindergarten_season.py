"""A kindergarten's whole path through the service (A07, D27): form, seat type, list, draw, place, class of the own zone."""

from datetime import date
from typing import Any

import pytest

from backend.enrolment.applications import move_application
from backend.enrolment.draft_application import draft_application
from backend.enrolment.rows import Application
from backend.enrolment.save_form import save_form
from backend.enrolment.submit_application import submit_application
from backend.foundation import clock
from backend.foundation.database import db
from backend.foundation.unit_of_work import unit_of_work
from backend.identity.actors import Actor
from backend.placement.answer_place import confirm_place
from backend.placement.freeze_placement import freeze_placement
from backend.placement.place_view import place_view
from backend.policy.books_in_force import book_in_force
from backend.policy.rows import Overflow
from backend.seats.settle_seats import settle_seat
from backend.verification.establish import establish
from tests.enrolment_builders import KANGBASHI, attach_all_owed, form, unit_of
from tests.families_builders import id_number, registered, renewed
from tests.placement_builders import OWNED, after_the_close, bureau, checked, released, seats_at

K01, K02 = f"{KANGBASHI}-K01", f"{KANGBASHI}-K02"
pytestmark = pytest.mark.usefixtures("opened")


def settled_child(unit: int = 1) -> tuple[Actor, Application]:
    """(guardian, settled kindergarten application) of a three-year-old."""
    number = id_number(date(clock.now().year - 4, 10, 1))
    with unit_of_work():
        actor, child = registered(None, id_number=number)
        application = draft_application(actor, child.id, KANGBASHI, "kindergarten", clock.now())
        save_form(actor, application.id, form(KANGBASHI, unit_code=unit_of(KANGBASHI, unit)))
        attach_all_owed(actor, application)
        submit_application(actor, application.id, clock.now())
        move_application(application, "checking", "测试")
        establish(application, OWNED, "测试用材料")
        move_application(application, "verified", "测试")
    with unit_of_work():
        settle_seat(book_in_force(KANGBASHI), application)
    return actor, application


def test_a_kindergarten_places_its_zone_by_lot_and_the_rest_where_there_is_room() -> None:
    seats_at(K01, 1)
    with unit_of_work():
        db.session.add(Overflow(year=book_in_force(KANGBASHI).year, school=K01, place=1, to_school=K02))
    made: list[tuple[Any, Application]] = [settled_child() for _ in range(2)] + [settled_child(2)]
    after_the_close()
    by = bureau()
    with unit_of_work():
        run = freeze_placement(KANGBASHI, "kindergarten", "幼儿园派位", by)
    released(checked(run, by))
    views = [place_view(renewed(actor), application.id) for actor, application in made]
    schools = [view["school"] and view["school"]["code"] for view in views]
    assert (sorted(schools), schools[2]) == ([K01, K02, K02], K02)
    winner = schools.index(K01)
    assert views[winner]["why"]["text"][0].startswith("按片区录取")
    with unit_of_work():
        confirm_place(renewed(made[winner][0]), made[winner][1].id, clock.now())
    assert made[winner][1].state == "confirmed"

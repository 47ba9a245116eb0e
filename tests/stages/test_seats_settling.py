"""Seat types come from the book and established facts alone; a home's seat is used once for some years (A08, T-2.4, T-2.6)."""

import uuid

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from backend.enrolment.rows import Application
from backend.foundation import clock
from backend.foundation.database import db
from backend.foundation.unit_of_work import unit_of_work
from backend.identity.actors import NotAllowed
from backend.policy.books_in_force import book_in_force
from backend.policy.rules.sections import Lock
from backend.seats.address_locks import free_home, lock_home, seat_used
from backend.seats.rows import Conduct, Seat
from backend.seats.settle_seats import order_settlement, settle_seat, waiting_for_facts
from backend.verification.lapse_return import lapse_return
from tests.enrolment_builders import DALATE, KANGBASHI
from tests.families_builders import registered
from tests.placement_builders import OWNED, bureau, settled, verified, work

pytestmark = pytest.mark.usefixtures("both_opened")

THREE, SIX = Lock(stage="primary", years=3), Lock(stage="primary", years=6)
HOME = "150603 001001 GB00001 F00010001"


def seat_of(application: Application) -> Seat:
    return db.session.get_one(Seat, application.id)


def test_the_seat_says_by_which_book_and_why() -> None:
    _, application = settled()
    seat = seat_of(application)
    assert (seat.seat_type, seat.book_sha256) == ("1", book_in_force(KANGBASHI).sha256)
    assert seat.why[0].startswith("第一类：自有住宅并实际居住：符合。")
    assert application.state == "settled"


def test_nobody_is_refused_where_no_type_holds() -> None:
    """D04, D08: the coordination takes in whoever fits no type."""
    _, application = settled(facts={"home.kind": "none", "home.none": True})
    assert seat_of(application).seat_type == "T"


def test_a_fact_that_is_missing_sends_the_application_to_a_person_and_settles_nothing() -> None:
    _, application = verified(facts={"home.kind": "owned"})
    with unit_of_work():
        verdict = settle_seat(book_in_force(KANGBASHI), application)
    assert verdict.settled is None
    assert db.session.get(Seat, application.id) is None
    assert application.state == "in_review"
    assert waiting_for_facts(KANGBASHI, "primary") == []


def test_the_press_settles_everybody_who_waits_and_belongs_to_the_banner() -> None:
    made = [verified()[1] for _ in range(3)]
    with pytest.raises(NotAllowed):
        order_settlement(KANGBASHI, "primary", bureau(DALATE))
    with unit_of_work():
        assert order_settlement(KANGBASHI, "primary", bureau())["waiting"] == 3
    work()
    assert {application.state for application in made} == {"settled"}


@pytest.mark.parametrize(("banner", "code"), [(KANGBASHI, "T"), (DALATE, "5")])
def test_a_return_that_lapsed_ends_in_the_class_that_the_book_names(banner: str, code: str) -> None:
    """T-2.6: 达拉特旗 type 5, 康巴什 the coordination, whatever the home; the application is not left in limbo."""
    facts = OWNED | {"home.in_area": True, "household.in_area": True}
    _, application = verified(banner, facts)
    application.state, application.return_by = "in_review", clock.now()
    db.session.flush()
    application.state = "returned"
    db.session.flush()
    with unit_of_work():
        lapse_return(str(application.id), application.submissions)
    assert application.state == "verified"
    with unit_of_work():
        settle_seat(book_in_force(banner), application)
    assert seat_of(application).seat_type == code


def test_a_return_that_was_answered_in_time_does_not_lapse() -> None:
    _, application = verified()
    lapse_return(str(application.id), application.submissions)
    assert application.state == "verified"
    assert "conduct.papers_late" not in str(waiting_for_facts(KANGBASHI, "primary"))


def test_conduct_of_last_year_counts_and_of_this_year_does_not() -> None:
    for years_ago, code in ((1, "5"), (0, "1")):
        facts = OWNED | {"home.in_area": True, "household.in_area": True}
        _, application = verified(DALATE, facts)
        with unit_of_work():
            db.session.add(
                Conduct(
                    child_id=application.child_id,
                    fact="conduct.formalities_missed",
                    year=application.year - years_ago,
                    noted_at=clock.now(),
                )
            )
            settle_seat(book_in_force(DALATE), application)
        assert seat_of(application).seat_type == code


def test_a_home_is_used_for_three_or_six_years_per_stage_and_not_by_siblings() -> None:
    """T-2.4: the same mother's next child may, the new owner's child may not before 2023 (2026 under six years)."""
    mother, elder = registered()
    _, younger = registered(mother)
    _, stranger = registered()
    lock_home(HOME, THREE, elder.id, "150603-P01", 2020)
    assert not seat_used(HOME, THREE, younger.id, 2022)
    assert seat_used(HOME, THREE, stranger.id, 2022)
    assert not seat_used(HOME, THREE, stranger.id, 2023)
    assert not seat_used(HOME, Lock(stage="junior", years=3), stranger.id, 2022)
    assert seat_used(HOME, Lock(stage="primary", years=3, sibling_exception=False), younger.id, 2022)
    free_home(elder.id, "primary", 2020)
    lock_home(HOME, SIX, elder.id, "150603-P01", 2020)
    assert seat_used(HOME, SIX, stranger.id, 2025)
    assert not seat_used(HOME, SIX, stranger.id, 2026)


def test_a_seat_given_back_frees_the_home() -> None:
    _, child = registered()
    _, stranger = registered()
    lock_home(HOME, THREE, child.id, "150603-P01", 2026)
    free_home(child.id, "primary", 2026)
    assert not seat_used(HOME, THREE, stranger.id, 2026)


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(blanks=st.lists(st.integers(0, len(HOME)), max_size=4), used_in=st.integers(2015, 2030), later=st.integers(0, 9))
def test_a_home_is_known_however_its_number_is_spaced(blanks: list[int], used_in: int, later: int) -> None:
    """The lock holds exactly in [used, used + years), for any writing of the number."""
    _, holder = registered()
    _, asking = registered()
    home = f"{HOME}{uuid.uuid4().hex}"
    spaced = home
    for place in blanks:
        spaced = f"{spaced[:place]} {spaced[place:]}"
    lock_home(home, THREE, holder.id, "150603-P01", used_in)
    assert seat_used(spaced, THREE, asking.id, used_in + later) == (later < THREE.years)

"""Who stands where in an allocation: zone lines, seat types, choices, feeders, siblings, twins, and nobody left out (D04-D08)."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st
from sqlalchemy import delete, update

from backend.enrolment.rows import Application
from backend.foundation.database import db
from backend.foundation.unit_of_work import unit_of_work
from backend.placement.roster import applications_in_states, bundles_of, roster_input, standings
from backend.placement.rules.parse import parse_placement
from backend.placement.zone_balance import outside_zones, zone_balance
from backend.placement.zone_school import Address, Standing, Zones
from backend.policy.books_in_force import book_in_force
from backend.policy.rows import AddressUnit, SchoolRow, Zone
from backend.policy.rules.places import ZoneLine
from backend.verification.establish import establish
from tests.enrolment_builders import KANGBASHI, unit_of
from tests.placement_builders import seats_at, settled

P01, P02 = f"{KANGBASHI}-P01", f"{KANGBASHI}-P02"
PLAN = {P01: 2, P02: 3, "150603-P03": 0}
NAMES = {P01: "一小", P02: "二小"}


def line(school: str, unit: str, *seat_types: str) -> ZoneLine:
    return ZoneLine(school, NAMES.get(school, school), "primary", unit, "社区", seat_types)


def standing(lines: list[ZoneLine], unit: str, seat_type: str = "1", **more: Any) -> Standing:
    return Zones(lines, "primary", PLAN, NAMES).standing(Address(unit, seat_type, **more))


def test_an_address_leads_to_its_school() -> None:
    assert standing([line(P02, "150603001001")], "150603001001") == Standing(P02)


def test_one_community_can_give_different_types_to_different_schools() -> None:
    """锡林浩特: 户籍生 to school A, 有房非户籍生 to school B (domain 2.1)."""
    lines = [line(P01, "150603001001", "2"), line(P02, "150603001001", "1")]
    assert standing(lines, "150603001001", "1").school == P02
    assert standing(lines, "150603001001", "2").school == P01
    other = standing(lines, "150603001001", "3")
    assert (other.school, other.is_outside) == (P01, True)
    assert "招收范围" in (other.line or "")


def test_a_family_chooses_among_the_schools_of_its_address_alone() -> None:
    lines = [line(P01, "150603001001"), line(P02, "150603001001")]
    assert standing(lines, "150603001001", chosen=(P02,)).school == P02
    assert standing(lines, "150603001001", chosen=("150603-P09", P02)).school == P02
    assert standing([line(P01, "150603001001")], "150603001001", chosen=(P02,)).school == P01


def test_a_leaver_stands_at_the_school_its_primary_feeds_unless_the_family_chose() -> None:
    lines = [line(P01, "150603001001")]
    fed = standing(lines, "150603001001", fed_to=P02)
    assert fed.school == P02
    assert "对口直升二小" in (fed.line or "")
    assert standing(lines, "150603001001", fed_to=P02, chosen=(P01,)).school == P01
    assert standing(lines, "150603001001", fed_to="150621-J01").school == P01


def test_an_address_in_no_zone_stands_at_the_school_of_its_town_and_says_so() -> None:
    """D08: coordinated near by; never dropped."""
    lines = [line(P02, "150603001001"), line(P02, "150603001002"), line(P01, "150603001003")]
    near = standing(lines, "150603001099")
    assert (near.school, near.is_outside) == (P02, True)
    assert "由教育局统筹" in (near.line or "")
    assert standing(lines, "150603777001").school == P01
    assert standing([], "").school == P01


UNITS = [f"15060300{town}00{number}" for town in (1, 2) for number in (1, 2, 3)]


@examples(max_examples=100, deadline=None)
@given(
    lines=st.lists(
        st.builds(line, st.sampled_from([*PLAN, "150603-P09"]), st.sampled_from(UNITS), st.sampled_from(["1", "2"])),
        max_size=6,
    ),
    unit=st.sampled_from(UNITS) | st.text(max_size=4),
    seat_type=st.sampled_from(["1", "2", "T"]),
    chosen=st.lists(st.sampled_from([*PLAN, "150603-P09"]), max_size=2),
    fed_to=st.sampled_from([None, *PLAN, "150603-P09"]),
)
def test_whatever_the_zones_say_a_child_stands_at_a_school_with_a_plan(
    lines: list[ZoneLine], unit: str, seat_type: str, chosen: list[str], fed_to: str | None
) -> None:
    found = standing(lines, unit, seat_type, chosen=tuple(chosen), fed_to=fed_to)
    assert found.school in PLAN
    own = {each.school for each in lines if each.unit_code == unit and seat_type in each.seat_types} & set(PLAN)
    assert found.is_outside == (not own and fed_to not in PLAN)
    assert found.is_outside <= (found.line is not None)


@pytest.fixture
def ground(opened: None) -> None:
    with unit_of_work():
        db.session.execute(delete(Zone).where(Zone.school == P02, Zone.unit_code == unit_of(KANGBASHI)))
        db.session.execute(delete(Zone).where(Zone.school == P01, Zone.unit_code == unit_of(KANGBASHI, 2)))


def roster() -> dict[str, Any]:
    book = book_in_force(KANGBASHI)
    ready = applications_in_states(book, "primary", ("settled",))
    return roster_input(book, "primary", "测试", ready, standings(book, "primary", ready))


def entry(application: Application) -> dict[str, Any]:
    (found,) = [each for each in roster()["applicants"] if each["id"] == application.receipt]
    return dict(found)


@pytest.mark.usefixtures("ground")
def test_a_roster_is_sound_input_for_the_rules_and_names_nobody() -> None:
    for number in (1, 2):
        settled(unit_code=unit_of(KANGBASHI, number))
    value = roster()
    parse_placement(value)
    assert [each["zone"] for each in sorted(value["applicants"], key=lambda each: each["zone"])] == [P01, P02]
    assert set(value["applicants"][0]) == {"id", "zone", "class", "keys", "bundle", "sibling_at"}
    assert value["last_class"] not in value["classes"]


@pytest.mark.usefixtures("ground")
def test_an_elder_sibling_counts_once_a_person_has_established_it() -> None:
    """长幼随学 is no family's word alone."""
    _, application = settled(sibling_at=P02)
    assert entry(application)["sibling_at"] is None
    establish(application, {"sibling.at_school": True}, "学籍系统已查到哥哥在读")
    assert entry(application)["sibling_at"] == P02


@pytest.mark.usefixtures("ground")
def test_private_schools_take_no_child_from_a_zone() -> None:
    """B10: public and private registration are two markets."""
    settled()
    db.session.execute(update(SchoolRow).where(SchoolRow.code == P02).values(private=True))
    assert [school["id"] for school in roster()["schools"]] == [P01]
    assert roster()["schools"][0]["overflow"] == []


@pytest.mark.usefixtures("ground")
def test_triplets_whose_addresses_lead_to_one_school_share_one_label() -> None:
    made = [settled()[1] for _ in range(3)]
    for one, other in ((0, 1), (2, 1)):
        made[one].twins_with = made[other].child_id
    db.session.flush()
    labels = {entry(application)["bundle"] for application in made}
    assert labels == {"twins-" + min(str(application.receipt) for application in made)}


@pytest.mark.usefixtures("ground")
def test_twins_of_two_zones_go_their_own_ways() -> None:
    one, other = settled()[1], settled(unit_code=unit_of(KANGBASHI, 2))[1]
    one.twins_with = other.child_id
    db.session.flush()
    assert {entry(application)["bundle"] for application in (one, other)} == {None}


@pytest.mark.usefixtures("ground")
def test_a_book_that_parts_twins_has_no_bundles() -> None:
    one, other = settled()[1], settled()[1]
    one.twins_with = other.child_id
    db.session.flush()
    book = book_in_force(KANGBASHI)
    ready = applications_in_states(book, "primary", ("settled",))
    places = standings(book, "primary", ready)
    apart = book.model_copy(update={"families": book.families.model_copy(update={"twins_together": False})})
    assert bundles_of(apart, ready, places) == {}
    assert len(bundles_of(book, ready, places)) == 2


@pytest.mark.usefixtures("ground")
def test_a_unit_that_was_never_zoned_keeps_its_child_in_the_roster() -> None:
    unit = f"{KANGBASHI}001009"
    db.session.add(AddressUnit(code=unit, name="新社区", town="演练街道", banner=KANGBASHI))
    db.session.flush()
    _, application = settled(unit_code=unit)
    assert entry(application)["zone"] == P01


def test_before_the_list_is_frozen_the_desk_sees_how_full_each_zone_is_and_whose_address_leads_nowhere(
    opened: None,
) -> None:
    """A05, A09, A10: children against seats, zone by zone; what is too full flows over, and zones are mended next year."""
    for unit in (1, 1, 1, 2):
        settled(unit_code=unit_of(KANGBASHI, unit), household_unit=unit_of(KANGBASHI, unit))
    seats_at(P01, 2)
    seats_at(P02, 4)
    rows = zone_balance(KANGBASHI, "primary")
    assert [(row["school"], row["standing"], row["percent"]) for row in rows] == [(P01, 3, 150), (P02, 1, 25)]
    assert outside_zones(KANGBASHI, "primary") == []
    with unit_of_work():
        db.session.execute(delete(Zone).where(Zone.unit_code == unit_of(KANGBASHI, 2)))
    assert len(outside_zones(KANGBASHI, "primary")) == 1

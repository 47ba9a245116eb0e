"""Waiting lists stand in the run's own order: everybody without a place is in a line once, and nobody who has one."""

from hypothesis import given, settings

from backend.fairness.tickets import ticket_order
from backend.placement.rules.parse import parse_placement
from backend.placement.rules.run import run_placement
from backend.placement.rules.waiting import waiting_lists
from tests.unit.choice_towns import markets
from tests.unit.zone_towns import towns


@settings(max_examples=60, deadline=None)
@given(towns())
def test_by_zones_who_has_no_place_waits_for_the_own_school_once(value: dict) -> None:
    given_input = parse_placement(value)
    school_of = {one["id"]: one["school"] for one in run_placement(value)["placements"]}
    lines = waiting_lists(given_input, school_of)
    zone_of = {one["id"]: one["zone"] for one in value["applicants"]}
    waiting = [(school, one) for school, line in lines.items() for one in line]
    assert sorted(one for _, one in waiting) == sorted(one for one, school in school_of.items() if school is None)
    assert all(zone_of[one] == school for school, one in waiting)


@settings(max_examples=60, deadline=None)
@given(markets())
def test_by_choices_everybody_waits_for_what_was_ranked_before(value: dict) -> None:
    given_input = parse_placement(value)
    school_of = {one["id"]: one["school"] for one in run_placement(value)["placements"]}
    lines = waiting_lists(given_input, school_of)
    for one in value["applicants"]:
        held = school_of[one["id"]]
        before = one["choices"] if held is None else one["choices"][: one["choices"].index(held)]
        assert {school for school, line in lines.items() if one["id"] in line} == set(before)


def test_the_line_is_the_order_of_the_tickets_inside_a_class() -> None:
    ids = [f"A{number}" for number in range(8)]
    value = {
        "mechanism": "choice",
        "seed": "s",
        "draw": "d",
        "tie_break": "single",
        "schools": [{"id": "S", "seats": 3}],
        "applicants": [{"id": one, "choices": ["S"], "priority": {}} for one in ids],
    }
    school_of = {one["id"]: one["school"] for one in run_placement(value)["placements"]}
    order = ticket_order(ids, "s", "d")
    assert waiting_lists(parse_placement(value), school_of) == {"S": tuple(order[3:])}

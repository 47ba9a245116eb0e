"""Placement by ranked choices: against all stable matchings by brute force, and every promise of deferred acceptance."""

import hashlib
import json
from typing import Any

from choice_towns import Value, markets, rank, schools_of, stable_matchings, standing, ticket
from hypothesis import assume, given
from hypothesis import strategies as st

from backend.matching.deferred_acceptance import deferred_acceptance
from backend.matching.serial_dictatorship import serial_dictatorship
from backend.placement.rules.run import check_placement, run_placement


@given(markets())
def test_it_is_the_stable_matching_that_every_applicant_likes_best(value: Value) -> None:
    placed = schools_of(run_placement(value))
    stable = stable_matchings(value)
    assert placed in stable
    for other in stable:
        for applicant, school in placed.items():
            assert rank(value, applicant, school) <= rank(value, applicant, other[applicant])
        assert {one for one in placed if placed[one]} == {one for one in other if other[one]}


@given(markets(), st.randoms(use_true_random=False))
def test_the_order_of_the_rows_changes_no_byte(value: Value, shuffler: Any) -> None:
    before = run_placement(value)
    for role in ("schools", "applicants"):
        shuffler.shuffle(value[role])
    for one in value["applicants"]:
        one["priority"] = dict(reversed(one["priority"].items()))
    assert run_placement(dict(reversed(value.items()))) == before


@given(markets(), st.data())
def test_a_better_priority_never_costs_its_owner_a_place(value: Value, data: st.DataObject) -> None:
    assume(value["applicants"])
    one = data.draw(st.sampled_from(value["applicants"]))
    before = rank(value, one["id"], schools_of(run_placement(value))[one["id"]])
    school = data.draw(st.sampled_from(value["schools"]))["id"]
    one["priority"][school] = one["priority"].get(school, 0) - 1
    assert rank(value, one["id"], schools_of(run_placement(value))[one["id"]]) <= before


@given(markets(largest=5), st.data())
def test_no_false_list_helps_who_hands_it_in(value: Value, data: st.DataObject) -> None:
    assume(value["applicants"])
    one = data.draw(st.sampled_from(value["applicants"]))
    true_choices = one["choices"]
    honest = rank(value, one["id"], schools_of(run_placement(value))[one["id"]])
    one["choices"] = data.draw(st.lists(st.sampled_from([s["id"] for s in value["schools"]]), unique=True))
    got = schools_of(run_placement(value))[one["id"]]
    assume(got is None or got in true_choices)
    assert (true_choices.index(got) if got else len(true_choices)) >= honest


@given(markets(), st.data())
def test_one_more_seat_makes_nobody_worse_off(value: Value, data: st.DataObject) -> None:
    before = schools_of(run_placement(value))
    data.draw(st.sampled_from(value["schools"]))["seats"] += 1
    after = schools_of(run_placement(value))
    assert all(rank(value, one, after[one]) <= rank(value, one, before[one]) for one in before)


@given(markets(), st.data())
def test_a_withdrawal_makes_nobody_else_worse_off(value: Value, data: st.DataObject) -> None:
    assume(value["applicants"])
    before = schools_of(run_placement(value))
    value["applicants"].remove(data.draw(st.sampled_from(value["applicants"])))
    after = schools_of(run_placement(value))
    assert all(rank(value, one, after[one]) <= rank(value, one, before[one]) for one in after)


@given(markets())
def test_choices_below_the_held_one_are_irrelevant(value: Value) -> None:
    before = schools_of(run_placement(value))
    for one in value["applicants"]:
        if before[one["id"]]:
            one["choices"] = one["choices"][: one["choices"].index(before[one["id"]]) + 1]
    assert schools_of(run_placement(value)) == before


@given(markets(levels=0))
def test_each_holds_the_first_choice_whose_cut_off_is_met(value: Value) -> None:
    result = run_placement(value)
    cutoffs = {row["id"]: row["cutoff"] for row in result["schools"]}
    seats = {row["id"]: row["seats"] for row in value["schools"]}
    for one in value["applicants"]:
        met = [
            school
            for school in one["choices"]
            if seats[school]
            and (
                cutoffs[school] is None
                or standing(value, school, one)[:2]
                <= (cutoffs[school]["priority"], bytes.fromhex(cutoffs[school]["ticket"]))
            )
        ]
        assert schools_of(result)[one["id"]] == (met[0] if met else None)


@given(markets())
def test_the_published_figures_are_counted_right(value: Value) -> None:
    result = run_placement(value)
    placed = schools_of(result)
    wishes = {one["id"]: one["choices"] for one in value["applicants"]}
    for row in result["placements"]:
        assert (row["choice"] is None) == (row["school"] is None)
        assert row["school"] is None or wishes[row["id"]][row["choice"] - 1] == row["school"]
    for row in result["schools"]:
        assert row["taken"] == list(placed.values()).count(row["id"])
        assert (row["cutoff"] is None) == (row["taken"] < row["seats"] or row["seats"] == 0)
    assert check_placement(value, result).passed


@given(st.lists(st.integers(0, 2), min_size=1, max_size=4), st.data())
def test_one_order_makes_it_serial_dictatorship(seats: list[int], data: st.DataObject) -> None:
    wish = st.lists(st.sampled_from(range(len(seats))), unique=True)
    choices = data.draw(st.lists(wish, max_size=7))
    order = data.draw(st.permutations(range(len(choices))))
    matched = deferred_acceptance(dict(enumerate(seats)), choices, lambda one, _: order.index(one))
    assert matched == serial_dictatorship(seats, choices, order)


def test_of_two_stable_matchings_it_is_the_one_the_applicants_prefer() -> None:
    """The applicants' best and the schools' best differ here, so the brute force above has something to tell apart."""
    value = {
        "mechanism": "choice",
        "seed": "s",
        "draw": "d",
        "tie_break": "single",
        "schools": [{"id": "S1", "seats": 1}, {"id": "S2", "seats": 1}],
        "applicants": [
            {"id": "A1", "choices": ["S1", "S2"], "priority": {"S1": 1, "S2": 0}},
            {"id": "A2", "choices": ["S2", "S1"], "priority": {"S1": 0, "S2": 1}},
        ],
    }
    assert len(stable_matchings(value)) == 2
    assert schools_of(run_placement(value)) == {"A1": "S1", "A2": "S2"}


def test_the_worked_result_to_the_letter() -> None:
    value = {
        "mechanism": "choice",
        "seed": "s",
        "draw": "d",
        "tie_break": "single",
        "schools": [{"id": " S2", "seats": 0}, {"id": "S1 ", "seats": 1}],
        "applicants": [
            {"id": "b", "choices": ["S2", "S1"]},
            {"id": " a", "choices": [" S1"], "priority": {"S1 ": 1}},
        ],
    }
    filled_in = {
        "mechanism": "choice",
        "seed": "s",
        "draw": "d",
        "tie_break": "single",
        "schools": [{"id": "S1", "seats": 1}, {"id": "S2", "seats": 0}],
        "applicants": [
            {"id": "a", "choices": ["S1"], "priority": {"S1": 1}},
            {"id": "b", "choices": ["S2", "S1"], "priority": {}},
        ],
    }
    named = {"files": {"input": filled_in}, "options": {}}
    text = json.dumps(named, sort_keys=True, ensure_ascii=False, indent=2) + "\n"
    assert run_placement(value) == {
        "placements": [{"id": "a", "school": None, "choice": None}, {"id": "b", "school": "S1", "choice": 2}],
        "schools": [
            {"id": "S1", "seats": 1, "taken": 1, "cutoff": {"priority": 0, "ticket": ticket(value, "b").hex()}},
            {"id": "S2", "seats": 0, "taken": 0, "cutoff": None},
        ],
        "input_sha256": hashlib.sha256(text.encode()).hexdigest(),
    }

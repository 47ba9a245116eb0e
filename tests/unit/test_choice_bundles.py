"""Bundles in a placement by choices: together or not at all, against brute force, and the checker against false claims."""

from typing import Any

import pytest
from choice_towns import (
    Value,
    kept_together,
    markets,
    markets_with_bundles,
    schools_of,
    stable_matchings,
    standing,
    ticket,
)
from hypothesis import given, settings
from hypothesis import strategies as st

from backend.placement.rules.choice_turns import choices_left
from backend.placement.rules.inputs import ChoiceInput
from backend.placement.rules.parse import FaultyInput, parse_placement
from backend.placement.rules.results import ChoiceResult
from backend.placement.rules.run import check_placement, place, run_placement
from backend.placement.rules.waiting import waiting_lists
from backend.placement.rules.why import confirmed, explain


def one(name: str, choices: str, bundle: str | None = None, **priority: int) -> Value:
    return {"id": name, "choices": choices.split(), "priority": priority, "bundle": bundle}


def town(seats: dict[str, int], *applicants: Value) -> Value:
    head = {"mechanism": "choice", "seed": "s", "draw": "d", "tie_break": "single"}
    schools = [{"id": school, "seats": places} for school, places in seats.items()]
    return head | {"schools": schools, "applicants": list(applicants)}


def parted(value: Value, placed: dict[str, str | None]) -> bool:
    places: dict[str, set[str | None]] = {}
    for row in value["applicants"]:
        places.setdefault(row.get("bundle") or row["id"], set()).add(placed[row["id"]])
    return any(len(schools) > 1 for schools in places.values())


@settings(max_examples=40, deadline=None)
@given(markets_with_bundles())
def test_it_is_what_the_rule_gives_by_brute_force(value: Value) -> None:
    result = run_placement(value)
    assert schools_of(result) == kept_together(value)
    assert check_placement(value, result).passed


@settings(max_examples=40, deadline=None)
@given(markets_with_bundles())
def test_no_bundle_is_parted_and_nobody_is_wronged_but_by_a_bundle_that_did_not_fit(value: Value) -> None:
    """Issue and contracts 2: no justified envy except by one who was passed over with a bundle that did not fit."""
    given_input = parse_placement(value)
    result = place(given_input)
    assert isinstance(result, ChoiceResult)
    assert not parted(value, schools_of(result.document()))
    for row in value["applicants"]:
        over = result.passed_over.get(row.get("bundle") or "", frozenset())
        row["choices"] = [school for school in row["choices"] if school not in over]
    assert schools_of(result.document()) in stable_matchings(value)
    assert set(result.passed_over) <= {row.get("bundle") for row in value["applicants"]}


@settings(max_examples=40, deadline=None)
@given(markets_with_bundles(), st.data())
def test_the_checker_accepts_no_other_matching(value: Value, data: st.DataObject) -> None:
    result = run_placement(value)
    row = data.draw(st.sampled_from(result["placements"]))
    choices = next(each["choices"] for each in value["applicants"] if each["id"] == row["id"])
    other = data.draw(st.sampled_from([*choices, None]))
    if other == row["school"]:
        return
    row |= {"school": other, "choice": choices.index(other) + 1 if other else None}
    for school in result["schools"]:
        school["taken"] = [each["school"] for each in result["placements"]].count(school["id"])
    assert not check_placement(value, result).passed


@settings(max_examples=40, deadline=None)
@given(markets_with_bundles(), st.randoms(use_true_random=False))
def test_the_order_of_the_rows_changes_no_byte(value: Value, shuffler: Any) -> None:
    before = run_placement(value)
    for role in ("schools", "applicants"):
        shuffler.shuffle(value[role])
    assert run_placement(value) == before


@settings(deadline=None)
@given(markets())
def test_a_bundle_of_nobody_is_no_bundle(value: Value) -> None:
    before = run_placement(value)
    for row in value["applicants"]:
        row["bundle"] = None
    assert run_placement(value) == before


def test_twins_who_do_not_fit_are_passed_over_together_and_the_next_who_fits_gets_the_seat() -> None:
    value = town(
        {"S": 2, "T": 2}, one("a", "S", S=-1), one("b", "S T"), one("t1", "S T", "x", S=-1), one("t2", "S T", "x", S=-1)
    )
    value["applicants"][0]["priority"] = {"S": -2}
    result = run_placement(value)
    assert schools_of(result) == {"a": "S", "b": "S", "t1": "T", "t2": "T"}
    given_input = parse_placement(value)
    placed = place(given_input)
    assert isinstance(placed, ChoiceResult)
    assert placed.passed_over == {"x": frozenset({"S"})}
    assert waiting_lists(given_input, schools_of(result))["S"] == ("t1", "t2")


def test_the_bundle_draws_one_number_that_of_its_label() -> None:
    value = town({"S": 2}, one("t1", "S", "x"), one("t2", "S", "x"))
    for way, name in (("single", "x"), ("per-school", "S/x")):
        value["tie_break"] = way
        cutoff = run_placement(value)["schools"][0]["cutoff"]
        assert cutoff == {"priority": 0, "ticket": ticket(value, name).hex()}


@pytest.mark.parametrize(
    ("applicants", "fault"),
    [
        ([one("a", "S", "b"), one("b", "S")], ("/applicants/0/bundle", "the bundle label 'b' is also somebody's id")),
        (
            [one("a", "S", "x"), one("b", "", "x")],
            ("/applicants/1/bundle", "'b' and 'a' of the bundle 'x' have not the same choices and priority"),
        ),
        (
            [one("a", "S", "x"), one("b", "S", "x", S=1)],
            ("/applicants/1/bundle", "'b' and 'a' of the bundle 'x' have not the same choices and priority"),
        ),
        ([one("a", "S", " ")], ("/applicants/0/bundle", "is empty")),
        (
            [one("a", "S", "x/y")],
            ("/applicants/0/bundle", "the label 'x/y' has a '/', which per-school tickets use to join two ids"),
        ),
    ],
)
def test_what_a_bundle_may_not_be(applicants: list[Value], fault: tuple[str, str]) -> None:
    value = town({"S": 1}, *applicants) | {"tie_break": "per-school"}
    with pytest.raises(FaultyInput) as found:
        parse_placement(value)
    assert found.value.faults == [fault]


def test_a_bundle_stands_in_the_digest_only_where_there_is_one() -> None:
    value = town({"S": 2}, one("t1", "S", "x"), one("t2", "S", "x"))
    with_it = run_placement(value)["input_sha256"]
    for row in value["applicants"]:
        row["bundle"] = None
    without = run_placement(value)["input_sha256"]
    for row in value["applicants"]:
        del row["bundle"]
    assert run_placement(value)["input_sha256"] == without != with_it


@settings(max_examples=40, deadline=None)
@given(markets_with_bundles())
def test_cards_are_true_with_the_bundles_passed_over_as_they_were(value: Value) -> None:
    given_input = parse_placement(value)
    result = place(given_input)
    cards = explain(given_input, result)
    bundled = {row["id"] for row in value["applicants"] if row.get("bundle")}
    for applicant, changes in cards.items():
        assert not (changes and applicant in bundled)
        assert all(confirmed(given_input, result, applicant, change) for change in changes)


def left(value: Value) -> dict[str, str]:
    """The choices that the checker's own rounds leave to each, as one text."""
    given_input = parse_placement(value)
    assert isinstance(given_input, ChoiceInput)
    standings = {
        row["id"]: {school: standing(value, school, row) for school in row["choices"]} for row in value["applicants"]
    }
    return {applicant: " ".join(lists) for applicant, lists in choices_left(given_input, standings).items()}


@pytest.mark.parametrize(
    ("seats", "applicants", "expected"),
    [
        ({"S": 2}, ["t1 x S", "t2 x S"], {"t1": "S", "t2": "S"}),
        ({"S": 1, "T": 1, "U": 2}, ["t1 x S T U", "t2 x S T U"], {"t1": "U", "t2": "U"}),
        ({"S": 1, "T": 1}, ["t1 x S T", "t2 x S T"], {"t1": "", "t2": ""}),
        ({"S": 0, "T": 2}, ["t1 x S T", "t2 x S T"], {"t1": "S T", "t2": "S T"}),
        ({"S": 2, "T": 3}, ["t1 x S T", "t2 x S T", "t3 x S T"], {"t1": "T", "t2": "T", "t3": "T"}),
        (
            {"S": 1, "T": 1, "U": 4},
            ["t1 x S U", "t2 x S U", "u1 y T U", "u2 y T U", "a - S T"],
            {"t1": "U", "t2": "U", "u1": "U", "u2": "U", "a": "S T"},
        ),
    ],
)
def test_the_checkers_rounds_leave_what_each_bundle_may_still_have(
    seats: dict[str, int], applicants: list[str], expected: dict[str, str]
) -> None:
    """C10: the best school of a parted bundle goes for all its members at once, round by round, and for nobody else."""
    rows = []
    for words in applicants:
        name, label, *choices = words.split()
        rows.append(one(name, " ".join(choices), None if label == "-" else label, **dict.fromkeys(choices, len(rows))))
        rows[-1]["priority"] = dict.fromkeys(choices, 9 if label == "-" else 0)
    assert left(town(seats, *rows)) == expected


def test_whoever_is_turned_away_asks_further_down_and_may_turn_others_away() -> None:
    """The rounds go on until nobody who was turned away has a school to ask; the twins are pushed out by the last of them."""
    rows = [
        one("a", "S T", S=1, T=0),
        one("b", "S", S=0),
        one("t1", "T U", "x", T=1, U=0),
        one("t2", "T U", "x", T=1, U=0),
    ]
    value = town({"S": 1, "T": 2, "U": 2}, *rows)
    assert left(value) == {"a": "S T", "b": "S", "t1": "U", "t2": "U"}
    assert schools_of(run_placement(value)) == {"a": "T", "b": "S", "t1": "U", "t2": "U"}

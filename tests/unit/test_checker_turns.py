"""The turns of a zone checker one by one: brothers and sisters, twins that name two schools, steps that cannot be."""

from typing import Any

import pytest
from test_findings_words import told
from test_seeded_faults import TOWN
from zone_towns import Value, child, placed, town

from backend.fairness.tickets import ReplacedTickets
from backend.placement.rules.inputs import ZoneInput
from backend.placement.rules.parse import parse_placement
from backend.placement.rules.run import check_placement, run_placement
from backend.placement.rules.zone import place_by_zones

FAMILIES: Value = town(
    order=[{"key": "n"}],
    schools=[
        {"id": "P", "seats": 3, "overflow": []},
        {"id": "Q", "seats": 4, "overflow": []},
        {"id": "R", "seats": 9, "overflow": []},
    ],
    applicants=[
        child("s1", zone="Q", sibling_at="P", keys={"n": 1}),
        child("s2", zone="Q", sibling_at="P", keys={"n": 2}),
        child("t1", zone="Q", bundle="T", sibling_at="P", keys={"n": 3}),
        child("t2", zone="Q", bundle="T", sibling_at="R", keys={"n": 3}),
        child("u1", zone="Q", bundle="U", sibling_at="Q", keys={"n": 4}),
        child("u2", zone="Q", bundle="U", sibling_at="R", keys={"n": 4}),
        child("s3", zone="Q", sibling_at="P", keys={"n": 5}),
        child("s4", zone="Q", sibling_at="P", keys={"n": 6}),
        child("q", zone="Q", keys={"n": 7}),
        child("p", keys={"n": 8}),
        child("l", sibling_at="R", **{"class": "5"}),
    ],
)


def test_a_true_result_with_every_kind_of_sibling_passes() -> None:
    """The twins T do not fit into P and go to R; U are served at Q and not asked again at R; s4 is refused."""
    result = run_placement(FAMILIES)
    assert placed(FAMILIES) == {
        "s1": ("P", "sibling", 1),
        "s2": ("P", "sibling", 2),
        "s3": ("P", "sibling", 3),
        "t1": ("R", "sibling", 1),
        "t2": ("R", "sibling", 2),
        "u1": ("Q", "sibling", 1),
        "u2": ("Q", "sibling", 2),
        "s4": ("Q", "zone", 3),
        "q": ("Q", "zone", 4),
        "p": (None, None, 1),
        "l": ("R", "sibling", 3),
    }
    assert check_placement(FAMILIES, result).failed == ()


@pytest.mark.parametrize(
    ("changes", "number", "sentence"),
    [
        ({"p3": {"step": "zone"}}, "Z5", "'p3' cannot be at 'Q' by step 'zone'"),
        ({"p1": {"step": "x"}}, "Z5", "'p1' cannot be at 'P' by step 'x'"),
        ({"z": {"school": "P", "step": "zone"}}, "Z5", "'z' cannot be at 'P' by step 'zone'"),
        ({"s": {"school": "Q"}}, "Z5", "'s' cannot be at 'Q' by step 'sibling'"),
        ({"t1": {"step": "zone"}}, "Z5", "'T' cannot be at None by step 'zone'"),
    ],
)
def test_a_step_that_cannot_be_is_told(changes: dict[str, Any], number: str, sentence: str) -> None:
    result = run_placement(TOWN)
    for row in result["placements"]:
        row.update(changes.get(row["id"], {}))
    assert sentence in told(TOWN, result)[number]


def test_twins_passed_over_by_twins_behind_a_single_child_are_told() -> None:
    """Z10: the largest behind counts, not the last one looked at."""
    twins = [
        child(f"{label}{n}", bundle=label, keys={"n": place}) for label, place in (("T", 1), ("U", 3)) for n in "12"
    ]
    value = town(
        order=[{"key": "n"}],
        schools=[{"id": "P", "seats": 3, "overflow": []}],
        applicants=[*twins, child("a", keys={"n": 2})],
    )
    result = run_placement(value)
    for row in result["placements"]:
        is_refused = row["id"].startswith("T")
        row.update(school=None if is_refused else "P", step=None if is_refused else "zone")
    assert told(value, result)["Z10"] == ["'T' was refused by 'P', and somebody behind who needs as many seats was not"]


@pytest.mark.parametrize(
    ("rule", "values"),
    [
        ({"key": "k", "values": ["y", "x", 3], "direction": "descending"}, ["x", "y", 3, None]),
        ({"key": "k"}, ["0", 9, "b", 10, None]),
        ({"key": "k", "direction": "descending"}, ["0", 9, "b", 10, None]),
    ],
)
def test_a_true_result_passes_in_every_order_of_a_key(rule: Value, values: list[Any]) -> None:
    applicants = [child(f"a{place}", keys={"k": item}) for place, item in enumerate(values)]
    value = town(order=[rule], applicants=applicants)
    assert check_placement(value, run_placement(value)).failed == ()


def changed(value: Value, **rows: dict[str, Any]) -> Value:
    """The true result, with changes to some rows."""
    result = run_placement(value)
    for row in result["placements"]:
        row.update(rows.get(row["id"], {}))
    return result


def test_a_school_that_does_not_exist_is_told_and_stops_no_turn() -> None:
    """Z2, Z5, Z8: the other children's turns are told as they are."""
    value = town(
        order=[{"key": "n"}],
        schools=[{"id": "P", "seats": 1, "overflow": ["Q"]}, {"id": "Q", "seats": 1, "overflow": []}],
        applicants=[child(one, keys={"n": place}) for place, one in enumerate("abc")],
    )
    assert placed(value) == {"a": ("P", "zone", 1), "b": ("Q", "overflow", 1), "c": (None, None, 2)}
    found = told(value, changed(value, b={"school": "X"}))
    assert "'X' holds 1 and has 0 seats" in found["Z2"]
    assert found["Z5"] == ["'b' cannot be at 'X' by step 'overflow'"]
    assert found["Z8"] == [
        "'b' is at 'X' by step 'overflow'; its overflow turn gave 'Q'",
        "'c' is at None by step None; its overflow turn gave 'Q'",
    ]
    stranger = run_placement(value)
    stranger["schools"].append({"id": "X", "seats": 1, "taken": 0})
    assert told(value, stranger)["Z2"] == ["'X' says 0 of 1, it holds 0 of None"]


def test_a_seat_is_counted_only_for_the_step_that_gives_it() -> None:
    """Z8: a child that says it is at a school by no step takes nothing from those behind."""
    value = town(
        order=[{"key": "n"}],
        schools=[{"id": "P", "seats": 0, "overflow": ["Q"]}, {"id": "Q", "seats": 1, "overflow": []}],
        applicants=[child(one, keys={"n": place}) for place, one in enumerate("ab")],
    )
    found = told(value, changed(value, a={"step": None}))
    assert found["Z8"] == [
        "'a' is at 'Q' by step None; its overflow turn gave 'Q'",
        "'b' is at None by step None; its overflow turn gave 'Q'",
    ]


def test_a_bundle_left_out_is_told_with_the_seats_that_it_would_have_had() -> None:
    """Z11."""
    value = town(
        schools=[{"id": "P", "seats": 1, "overflow": ["Q"]}, {"id": "Q", "seats": 3, "overflow": []}],
        applicants=[child("t1", bundle="T"), child("t2", bundle="T")],
    )
    nowhere = {"school": None, "step": None}
    assert told(value, changed(value, t1=nowhere, t2=nowhere))["Z11"] == ["'T' has no school, and 'Q' has 3 free seats"]


def test_true_is_not_one_in_a_reason() -> None:
    """Z4: equal only where the types are."""
    result = run_placement(FAMILIES)
    row = next(row for row in result["placements"] if row["id"] == "s1")
    row["reason"]["keys"]["n"] = True
    assert told(FAMILIES, result)["Z4"] == ["'s1': the reason is not what the input says"]


def test_other_tickets_than_the_seeds_decide_where_they_are_given() -> None:
    """D3: what chance would have given another way is asked of the same program."""
    value = town(schools=[{"id": "P", "seats": 1, "overflow": []}], applicants=[child("a"), child("b")])
    given = parse_placement(value)
    assert isinstance(given, ZoneInput)
    for first in "ab":
        tickets = ReplacedTickets(given.seed, given.draw, {first: bytes(32)})
        assert {one.id: one.school for one in place_by_zones(given, tickets).placements}[first] == "P"

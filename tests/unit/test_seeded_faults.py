"""A fault put into a true zone result breaks the property that forbids it, and the report says where."""

import copy
from collections.abc import Callable
from typing import Any

import pytest
from zone_towns import Value, child

from backend.placement.rules.run import check_placement, run_placement

TOWN: Value = {
    "mechanism": "zone",
    "seed": "s",
    "draw": "d",
    "classes": ["1", "2"],
    "last_class": "5",
    "order": [{"key": "on"}],
    "schools": [
        {"id": "P", "seats": 3, "overflow": ["Q"]},
        {"id": "Q", "seats": 2, "overflow": []},
    ],
    "applicants": [
        child("p1", keys={"on": "2019-01-01"}),
        child("p2", keys={"on": "2019-01-02"}),
        child("p3", keys={"on": "2019-01-03"}),
        child("s", zone="Q", sibling_at="P"),
        child("t1", **{"class": "2"}, bundle="T"),
        child("t2", **{"class": "2"}, bundle="T"),
        child("z", **{"class": "5"}),
    ],
}


def row(result: Value, one: str) -> Value:
    return next(row for row in result["placements"] if row["id"] == one)


def over_plan(result: Value) -> None:
    row(result, "t1").update(school="P", step="zone")


def lose_somebody(result: Value) -> None:
    result["placements"].remove(row(result, "z"))


def two_seats(result: Value) -> None:
    result["placements"].insert(0, copy.deepcopy(row(result, "p1")))


def tear_the_twins(result: Value) -> None:
    row(result, "t1").update(school="Q", step="overflow")


def false_ticket(result: Value) -> None:
    row(result, "p1")["reason"]["ticket"] = "00" * 32


def pass_over(result: Value) -> None:
    first, third = row(result, "p1"), row(result, "p3")
    first["school"], first["step"], third["school"], third["step"] = "Q", "overflow", "P", "zone"


def forget_the_sibling(result: Value) -> None:
    row(result, "s").update(school="Q", step="zone")


def wrong_step(result: Value) -> None:
    row(result, "p3").update(step="last")


def last_class_in_the_overflow(result: Value) -> None:
    row(result, "z").update(step="overflow")


def more_seats_than_there_are(result: Value) -> None:
    result["schools"][0]["seats"] += 1


def fewer_taken_than_there_are(result: Value) -> None:
    result["schools"][0]["taken"] -= 1


def a_stranger(result: Value) -> None:
    result["placements"].append(copy.deepcopy(row(result, "p1")) | {"id": "zz"})


def refuse_the_overflow(result: Value) -> None:
    row(result, "p3").update(school=None, step=None)


def refuse_the_last(result: Value) -> None:
    row(result, "z").update(school=None, step=None)


def unsorted_rows(result: Value) -> None:
    result["placements"].reverse()


@pytest.mark.parametrize(
    ("fault", "properties"),
    [
        (over_plan, {"Z2", "Z3"}),
        (lose_somebody, {"Z1"}),
        (two_seats, {"Z1", "Z2"}),
        (tear_the_twins, {"Z3"}),
        (false_ticket, {"Z4"}),
        (pass_over, {"Z7", "Z10"}),
        (forget_the_sibling, {"Z6"}),
        (wrong_step, {"Z5"}),
        (last_class_in_the_overflow, {"Z5", "Z9"}),
        (more_seats_than_there_are, {"Z2"}),
        (fewer_taken_than_there_are, {"Z2"}),
        (a_stranger, {"Z1", "Z2"}),
        (refuse_the_overflow, {"Z8", "Z11"}),
        (refuse_the_last, {"Z9", "Z11"}),
        (unsorted_rows, {"Z1"}),
    ],
)
def test_a_seeded_fault_breaks_the_property_that_forbids_it(
    fault: Callable[[Value], None], properties: set[str]
) -> None:
    result = run_placement(TOWN)
    assert {one["id"]: (one["school"], one["step"]) for one in result["placements"]} == {
        "p1": ("P", "zone"),
        "p2": ("P", "zone"),
        "p3": ("Q", "overflow"),
        "s": ("P", "sibling"),
        "t1": (None, None),
        "t2": (None, None),
        "z": ("Q", "last"),
    }
    assert check_placement(TOWN, result).passed
    fault(result)
    broken = {one.name.split()[0] for one in check_placement(TOWN, result).failed}
    assert properties <= broken


@pytest.mark.parametrize("result", [None, [], {}, {"placements": {}, "schools": [], "input_sha256": ""}, 5])
def test_a_document_of_another_shape_is_told_as_such(result: Any) -> None:
    report = check_placement(TOWN, result)
    assert [one.name.split()[0] for one in report.failed] == ["S1"]
    assert report.failed[0].details


def test_a_report_tells_twenty_places_and_counts_all() -> None:
    result = run_placement(TOWN | {"applicants": [child(f"a{n:02}") for n in range(30)]})
    for one in result["placements"]:
        one["reason"]["ticket"] = "0"
    (broken,) = [
        one
        for one in check_placement(TOWN | {"applicants": [child(f"a{n:02}") for n in range(30)]}, result).failed
        if one.name.startswith("Z4")
    ]
    assert broken.faults == 30
    assert len(broken.details) == 20

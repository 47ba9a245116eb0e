"""The input of a placement by choices: every fault is told where it is, and what may be left out may."""

from typing import Any

import pytest
from choice_towns import Value, schools_of

from backend.placement.rules.parse import FaultyInput
from backend.placement.rules.run import run_placement


def choice_input(**changes: Any) -> Value:
    good: Value = {
        "mechanism": "choice",
        "seed": "s",
        "draw": "d",
        "tie_break": "per-school",
        "schools": [{"id": "S1", "seats": 1}, {"id": "S2", "seats": 1}],
        "applicants": [{"id": "A1", "choices": ["S1"], "priority": {"S1": 1}}],
    }
    return good | changes


@pytest.mark.parametrize(
    ("changes", "pointers"),
    [
        ({"mechanism": "lottery"}, ["/mechanism"]),
        ({"tie_break": "none"}, ["/tie_break"]),
        ({"seed": 5, "draw": None}, ["/seed", "/draw"]),
        ({"seed": "a\0"}, ["/seed"]),
        ({"classes": []}, ["/classes"]),
        ({"schools": {}}, ["/schools"]),
        ({"schools": [{"id": "S1", "seats": True}]}, ["/schools/0/seats"]),
        ({"schools": [{"id": "S1", "seats": -1}]}, ["/schools/0/seats"]),
        ({"schools": [{"id": "S1", "seats": 1, "overflow": []}]}, ["/schools/0/overflow"]),
        ({"schools": [{"id": "S1", "seats": 1}, {"id": " S1", "seats": 1}]}, ["/schools/1/id"]),
        ({"schools": [{"id": "S1", "seats": 1}, {"id": "a/b", "seats": 1}]}, ["/schools/1/id"]),
        ({"schools": [{"id": "S1", "seats": 1}, {"id": "  ", "seats": 1}]}, ["/schools/1/id"]),
        ({"applicants": [{"id": "a/b", "choices": []}]}, ["/applicants/0/id"]),
        ({"applicants": [{"id": "a", "choices": ["S1", " S1"]}]}, ["/applicants/0/choices/1"]),
        ({"applicants": [{"id": "a", "choices": ["S9", 7]}]}, ["/applicants/0/choices/0", "/applicants/0/choices/1"]),
        ({"applicants": [{"id": "a", "choices": [], "priority": {"S9": 1}}]}, ["/applicants/0/priority/S9"]),
        ({"applicants": [{"id": "a", "choices": [], "priority": {"S1": 1, "S1 ": 1}}]}, ["/applicants/0/priority/S1 "]),
        ({"applicants": [{"id": "a", "choices": [], "priority": {"a/b~c": 1}}]}, ["/applicants/0/priority/a~1b~0c"]),
        ({"applicants": [{"id": "a", "choices": [], "priority": {"S1": "1"}}]}, ["/applicants/0/priority/S1"]),
        ({"applicants": [{"id": "a"}, {"id": "a", "choices": []}]}, ["/applicants/0/choices", "/applicants/1/id"]),
        ({"applicants": [{"id": "a", "choices": [], "zone": "S1"}, 3]}, ["/applicants/0/zone", "/applicants/1"]),
    ],
)
def test_every_fault_of_the_input_is_told_where_it_is(changes: Value, pointers: list[str]) -> None:
    with pytest.raises(FaultyInput) as refused:
        run_placement(choice_input(**changes))
    assert [pointer for pointer, _ in refused.value.faults] == pointers


def test_an_id_may_have_a_slash_where_one_ticket_serves_all_schools() -> None:
    value = choice_input(tie_break="single", applicants=[{"id": "a/b", "choices": ["S1"]}])
    assert schools_of(run_placement(value)) == {"a/b": "S1"}


@pytest.mark.parametrize("missing", ["mechanism", "seed", "draw", "tie_break", "schools", "applicants"])
def test_only_the_priority_may_be_left_out(missing: str) -> None:
    value = choice_input()
    del value[missing]
    with pytest.raises(FaultyInput) as refused:
        run_placement(value)
    assert refused.value.faults == [(f"/{missing}", "is missing")]


def test_a_priority_may_be_negative_or_of_a_school_not_chosen() -> None:
    """R10; the entries of a priority stand in the digest as they are (R8)."""
    applicants = [{"id": "A1", "choices": ["S1"]}, {"id": "A2", "choices": ["S1"], "priority": {"S1": -1, "S2": 7}}]
    value = choice_input(applicants=[*applicants, {"id": "A3", "choices": []}])
    assert schools_of(run_placement(value)) == {"A1": None, "A2": "S1", "A3": None}
    explicit = choice_input(applicants=[{"id": "A1", "choices": ["S1"], "priority": {}}, *value["applicants"][1:]])
    assert run_placement(explicit) == run_placement(value)

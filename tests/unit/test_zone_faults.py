"""The input of a placement by zones: every fault is told where it is."""

import pytest
from zone_towns import Value, child, placed, town

from backend.placement.rules.parse import FaultyInput
from backend.placement.rules.run import run_placement


@pytest.mark.parametrize(
    ("changes", "pointers"),
    [
        ({"tie_break": "single"}, ["/tie_break"]),
        ({"classes": ["1", "1"]}, ["/classes/1"]),
        ({"last_class": "1"}, ["/last_class"]),
        ({"last_class": None}, ["/last_class"]),
        ({"classes": "1", "applicants": [child("a")]}, ["/classes"]),
        ({"order": [{"key": "k"}, {"key": "k"}]}, ["/order/1/key"]),
        ({"order": [{"key": "k", "direction": "up"}]}, ["/order/0/direction"]),
        ({"order": [{"key": "k", "values": ["a", "a"]}]}, ["/order/0/values/1"]),
        ({"order": [{"key": "k", "values": None}]}, ["/order/0/values"]),
        ({"order": [{"key": "k", "value": []}]}, ["/order/0/value"]),
        ({"schools": [{"id": "P", "seats": 1, "overflow": ["P", "P"]}]}, ["/schools/0/overflow/1"]),
        ({"schools": [{"id": "P", "seats": 1, "overflow": ["X"]}]}, ["/schools/0/overflow/0"]),
        ({"schools": [{"id": "P", "seats": 1}]}, ["/schools/0/overflow"]),
        ({"applicants": [child("a", zone="X")]}, ["/applicants/0/zone"]),
        ({"applicants": [child("a", sibling_at="X")]}, ["/applicants/0/sibling_at"]),
        ({"applicants": [child("a", **{"class": "4"})]}, ["/applicants/0/class"]),
        ({"applicants": [child("a", **{"class": 1})]}, ["/applicants/0/class"]),
        ({"applicants": [child("a", keys={"k": 1})]}, ["/applicants/0/keys/k"]),
        ({"applicants": [child("a", keys=None)]}, ["/applicants/0/keys"]),
        ({"applicants": [child("a"), child(" a ")]}, ["/applicants/1/id"]),
        ({"applicants": [child("a", bundle="b"), child("b")]}, ["/applicants/0/bundle"]),
        ({"applicants": [child("a", bundle="a")]}, ["/applicants/0/bundle"]),
        ({"applicants": [child("a", bundle=" ")]}, ["/applicants/0/bundle"]),
        ({"applicants": [child("a", name="x")]}, ["/applicants/0/name"]),
        ({"order": [{"key": "k"}], "applicants": [child("a", keys={"k": True})]}, ["/applicants/0/keys/k"]),
        ({"order": [{"key": "k"}], "applicants": [child("a", keys={"k": "\0"})]}, ["/applicants/0/keys/k"]),
        (
            {"order": [{"key": "k", "values": ["1"]}], "applicants": [child("a", keys={"k": 1})]},
            ["/applicants/0/keys/k"],
        ),
    ],
)
def test_every_fault_of_the_input_is_told_where_it_is(changes: Value, pointers: list[str]) -> None:
    with pytest.raises(FaultyInput) as refused:
        run_placement(town(**changes))
    assert [pointer for pointer, _ in refused.value.faults] == pointers


def test_twins_of_two_zones_are_refused() -> None:
    schools = [{"id": one, "seats": 1, "overflow": []} for one in "PQ"]
    applicants = [child("a", bundle="T"), child("b", bundle="T"), child("c", bundle="T", zone="Q")]
    with pytest.raises(FaultyInput) as refused:
        run_placement(town(schools=schools, applicants=applicants))
    assert [pointer for pointer, _ in refused.value.faults] == ["/applicants/2/zone"]


def test_whatever_names_a_school_or_a_bundle_is_trimmed_and_classes_are_not() -> None:
    """R7."""
    schools = [{"id": " P", "seats": 0, "overflow": [" Q "]}, {"id": "Q\t", "seats": 9, "overflow": []}]
    applicants = [
        child("a", zone="P ", bundle=" T"),
        child("b", zone=" P", bundle="T "),
        child("c", sibling_at=" Q"),
    ]
    trimmed = placed(town(schools=schools, applicants=applicants))
    assert {one: (row[0], row[1]) for one, row in trimmed.items()} == {
        "a": ("Q", "overflow"),
        "b": ("Q", "overflow"),
        "c": ("Q", "sibling"),
    }
    with pytest.raises(FaultyInput):
        run_placement(town(applicants=[child("a", **{"class": "1 "})]))

"""The input of a placement by zones: every fault is told where it is."""

import pytest
from hypothesis import given
from zone_towns import Value, child, placed, town, towns

from backend.placement.rules.parse import FaultyInput, parse_placement
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


def in_full(value: Value) -> Value:
    """The same input with everything written that may be left out, as big files are."""
    return value | {"applicants": [{"bundle": None, "sibling_at": None} | one for one in value["applicants"]]}


@given(towns())
def test_what_is_written_in_full_reads_like_what_is_left_out(value: Value) -> None:
    """R8, R9: however it is read, all at once or one by one, an input means one thing."""
    first, *others = in_full(value)["applicants"] or [None]
    mixed = [{key: item for key, item in first.items() if item is not None}, *others] if first else []
    assert parse_placement(in_full(value)) == parse_placement(value | {"applicants": mixed}) == parse_placement(value)


@pytest.mark.parametrize(
    ("field", "bad"),
    [
        *[("id", bad) for bad in ("", " ", 1, None, "a\0", "\ud800", "b", "T")],
        *[("zone", bad) for bad in ("X", None, 1, [], {}, "Q")],
        *[("class", bad) for bad in ("4", None, 1, [])],
        *[("keys", bad) for bad in (None, [], {"k": True}, {"z": 1}, {"k": "\0"}, {"k": []}, {"k": 1.5})],
        *[("bundle", bad) for bad in (1, " ", "b", "a", "\0", True, [])],
        *[("sibling_at", bad) for bad in ("X", 1, [], {})],
    ],
)
def test_one_bad_word_among_many_good_ones_is_told_where_it_is(field: str, bad: object) -> None:
    order = [{"key": "k"}]
    schools = [{"id": one, "seats": 1, "overflow": []} for one in "PQ"]
    twins = [child(one, bundle="T", keys={"k": 1}) for one in ("t1", "t2")]
    applicants = in_full({"applicants": [child("b", keys={"k": "1"}), *twins, child("a", keys={"k": 1})]})["applicants"]
    touched = 2 if (field, bad) == ("zone", "Q") else 3
    applicants[touched] = applicants[touched] | {field: bad}
    with pytest.raises(FaultyInput) as refused:
        run_placement(town(order=order, schools=schools, applicants=applicants))
    assert {pointer.split("/")[1] for pointer, _ in refused.value.faults} == {"applicants"}
    assert any(f"/{field}" in pointer or field == "id" for pointer, _ in refused.value.faults)

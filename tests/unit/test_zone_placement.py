"""Placement by zones: against a second plain program, and the worked examples."""

import hashlib
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from naive_zone import NaiveZone
from zone_towns import Value, child, placed, town, towns

from backend.placement.rules.run import check_placement, run_placement


@given(towns())
def test_it_is_what_the_five_rules_give_by_hand(value: Value) -> None:
    result = run_placement(value)
    assert result["placements"] == NaiveZone(value).run()
    taken = [row["school"] for row in result["placements"]]
    assert [row["taken"] for row in result["schools"]] == [taken.count(row["id"]) for row in result["schools"]]
    report = check_placement(value, result)
    assert report.passed, report.failed


@given(towns(), st.randoms(use_true_random=False))
def test_the_order_of_the_rows_changes_no_byte(value: Value, shuffler: Any) -> None:
    """T-2.11: the same list and the same seed give the same result, whatever the order of the rows."""
    before = json.dumps(run_placement(value), sort_keys=True)
    for role in ("schools", "applicants"):
        shuffler.shuffle(value[role])
    assert json.dumps(run_placement(dict(reversed(value.items()))), sort_keys=True) == before


@given(towns())
def test_what_may_be_left_out_says_the_same_when_it_is_written(value: Value) -> None:
    before = run_placement(value)
    for one in value["applicants"]:
        one.update({"bundle": one.get("bundle"), "sibling_at": one.get("sibling_at"), "id": f" {one['id']}\n"})
        one["keys"] = {rule["key"]: one["keys"].get(rule["key"]) for rule in value["order"]}
    for rule in value["order"]:
        rule.setdefault("direction", "ascending")
    assert run_placement(value) == before


def test_the_digest_is_that_of_the_input_with_its_defaults_filled_in() -> None:
    value = town(order=[{"key": "k"}], applicants=[child("b", keys={"k": 1}), child("a")])
    filled = value | {
        "order": [{"key": "k", "direction": "ascending"}],
        "applicants": [
            child("a") | {"bundle": None, "sibling_at": None},
            child("b", keys={"k": 1}) | {"bundle": None, "sibling_at": None},
        ],
    }
    text = json.dumps({"files": {"input": filled}, "options": {}}, sort_keys=True, ensure_ascii=False, indent=2) + "\n"
    assert run_placement(value)["input_sha256"] == hashlib.sha256(text.encode()).hexdigest()


def test_class_goes_before_date() -> None:
    """T-2.2: plan 3; B1 is out although the date is older."""
    dates = {"A1": "2019-05-02", "A2": "2017-01-01", "B1": "2015-01-01", "A3": "2020-08-30"}
    value = town(
        order=[{"key": "registered_on", "direction": "ascending"}],
        schools=[{"id": "P", "seats": 3, "overflow": []}],
        applicants=[
            child(one, keys={"registered_on": on}, **{"class": "1" if one[0] == "A" else "2"})
            for one, on in dates.items()
        ],
    )
    rows = {row["id"]: row for row in run_placement(value)["placements"]}
    assert [rows[one]["position"] for one in ("A2", "A1", "A3")] == [1, 2, 3]
    assert rows["B1"]["school"] is None
    assert rows["A2"]["reason"]["last_in"]["keys"] == {"registered_on": "2020-08-30"}


def test_level_children_are_parted_by_the_published_number() -> None:
    """T-2.3: the same class and date, one seat; the same seed reproduces it, another seed may not."""
    value = town(
        schools=[{"id": "P", "seats": 1, "overflow": []}],
        order=[{"key": "on"}],
        applicants=[child("a", keys={"on": "2019-01-01"}), child("b", keys={"on": "2019-01-01"})],
    )
    tickets = {row["id"]: row["reason"]["ticket"] for row in run_placement(value)["placements"]}
    first = min(tickets, key=lambda one: tickets[one])
    assert placed(value)[first] == ("P", "zone", 1)
    towns_by_seed = [placed(value | {"seed": str(seed)}) for seed in range(20)]
    winners = {one for rows in towns_by_seed for one, row in rows.items() if row[0] == "P"}
    assert winners == {"a", "b"}


def test_overflow_goes_to_the_nearest_spare_seat_after_all_zones_were_served() -> None:
    """T-2.12: two of four go to P by date; Q has one spare seat after its own zone: first overflow Q, second R."""
    value = town(
        order=[{"key": "on"}],
        schools=[
            {"id": "P", "seats": 2, "overflow": ["Q", "R"]},
            {"id": "Q", "seats": 3, "overflow": []},
            {"id": "R", "seats": 5, "overflow": []},
        ],
        applicants=[child(f"p{year}", keys={"on": f"201{year}-01-01"}) for year in range(4)]
        + [child("q1", zone="Q", **{"class": "3"}), child("q2", zone="Q", **{"class": "3"})],
    )
    rows = placed(value)
    assert [rows[f"p{year}"] for year in range(4)] == [
        ("P", "zone", 1),
        ("P", "zone", 2),
        ("Q", "overflow", 1),
        ("R", "overflow", 2),
    ]


def test_siblings_are_served_before_everybody_and_head_the_schools_list() -> None:
    value = town(
        schools=[{"id": "P", "seats": 2, "overflow": []}, {"id": "Q", "seats": 9, "overflow": []}],
        applicants=[
            child("s", zone="Q", sibling_at="P", **{"class": "5"}),
            child("p1"),
            child("p2", **{"class": "2"}),
        ],
    )
    rows = {row["id"]: row for row in run_placement(value)["placements"]}
    assert placed(value) == {"s": ("P", "sibling", 1), "p1": ("P", "zone", 2), "p2": (None, None, 1)}
    assert rows["s"]["reason"]["last_in"]["ticket"] == rows["p1"]["reason"]["ticket"]
    assert rows["p2"]["reason"]["last_in"] is None


def test_a_sibling_who_is_not_admitted_keeps_the_own_class_in_the_own_zone() -> None:
    value = town(
        order=[{"key": "on"}],
        schools=[{"id": "P", "seats": 1, "overflow": []}, {"id": "Q", "seats": 1, "overflow": []}],
        applicants=[
            child("s1", zone="Q", sibling_at="P", keys={"on": "2018-01-01"}),
            child("s2", zone="Q", sibling_at="P", keys={"on": "2019-01-01"}),
            child("q", zone="Q", **{"class": "2"}),
        ],
    )
    assert placed(value) == {"s1": ("P", "sibling", 1), "s2": ("Q", "zone", 1), "q": (None, None, 1)}


def test_a_bundle_stands_at_its_best_members_place_and_is_admitted_only_together() -> None:
    applicants = [child("t1", bundle="T", **{"class": "3"}), child("t2", bundle="T"), child("x", **{"class": "2"})]
    assert placed(town(applicants=applicants)) == {
        "t1": ("P", "zone", 1),
        "t2": ("P", "zone", 2),
        "x": (None, None, 1),
    }
    schools = [{"id": "P", "seats": 1, "overflow": ["Q", "R"]}, {"id": "Q", "seats": 1, "overflow": []}]
    schools.append({"id": "R", "seats": 2, "overflow": []})
    assert placed(town(schools=schools, applicants=applicants)) == {
        "t1": ("R", "overflow", 1),
        "t2": ("R", "overflow", 2),
        "x": ("P", "zone", 3),
    }


def test_a_bundle_goes_with_the_one_member_who_has_a_sibling() -> None:
    value = town(
        schools=[{"id": "P", "seats": 2, "overflow": []}, {"id": "Q", "seats": 2, "overflow": []}],
        applicants=[child("t1", bundle="T"), child("t2", bundle="T", sibling_at="Q")],
    )
    assert placed(value) == {"t1": ("Q", "sibling", 1), "t2": ("Q", "sibling", 2)}


def test_a_bundle_that_names_two_schools_is_served_in_id_order_of_the_schools() -> None:
    schools = [{"id": one, "seats": 2, "overflow": []} for one in ("P", "R", "Q")]
    applicants = [child("t1", bundle="T", sibling_at="R"), child("t2", bundle="T", sibling_at="Q")]
    assert set(placed(town(schools=schools, applicants=applicants)).values()) == {
        ("Q", "sibling", 1),
        ("Q", "sibling", 2),
    }


def test_a_bundle_with_one_member_of_the_last_class_is_served_with_the_other() -> None:
    value = town(applicants=[child("t1", bundle="T", **{"class": "5"}), child("t2", bundle="T", **{"class": "3"})])
    assert {row[1] for row in placed(value).values()} == {"zone"}


def test_the_last_class_takes_what_is_left_along_the_overflow_list_and_then_by_id() -> None:
    """The own school comes in its place by id."""
    schools = [{"id": one, "seats": 1, "overflow": ["Z"] if one == "P" else []} for one in ("A", "P", "Q", "Z")]
    applicants = [child(one, **{"class": "5"}, keys={}) for one in "abcde"]
    value = town(schools=schools, applicants=applicants)
    rows = run_placement(value)["placements"]
    by_ticket = sorted(rows, key=lambda row: row["reason"]["ticket"])
    assert [row["school"] for row in by_ticket] == ["Z", "A", "P", "Q", None]
    assert [row["position"] for row in by_ticket] == [1, 2, 3, 4, 5]
    assert {row["step"] for row in by_ticket[:4]} == {"last"}


def test_the_last_class_does_not_look_at_the_keys() -> None:
    applicants = [child(f"a{n}", **{"class": "5"}, keys={"n": n}) for n in range(6)]
    rows = run_placement(town(order=[{"key": "n"}], applicants=applicants))["placements"]
    by_ticket = sorted(rows, key=lambda row: row["reason"]["ticket"])
    assert [row["position"] for row in by_ticket] == [1, 2, 3, 4, 5, 6]
    assert [row["reason"]["keys"]["n"] for row in by_ticket] != [0, 1, 2, 3, 4, 5]


@pytest.mark.parametrize(
    ("rule", "values", "expected"),
    [
        ({"key": "k"}, {"a": 10, "b": 9, "c": None, "d": -3}, "dbac"),
        ({"key": "k", "direction": "descending"}, {"a": 10, "b": 9, "c": None, "d": -3}, "abdc"),
        ({"key": "k"}, {"a": "10", "b": "9", "c": None, "d": ""}, "dabc"),
        ({"key": "k"}, {"a": "😀", "b": "\ufffd", "c": "é", "d": "z"}, "dcba"),
        ({"key": "k"}, {"a": "0", "b": 9, "c": 10, "d": "-"}, "bcda"),
        ({"key": "k", "values": ["y", "x", 3]}, {"a": "x", "b": "y", "c": None, "d": 3}, "badc"),
        ({"key": "k", "values": ["y", "x"], "direction": "descending"}, {"a": "x", "b": "y", "c": None}, "abc"),
    ],
)
def test_integers_compare_as_integers_texts_by_bytes_and_missing_last(
    rule: Value, values: dict[str, Any], expected: str
) -> None:
    value = town(order=[rule], applicants=[child(one, keys={"k": item}) for one, item in values.items()])
    value["schools"][0]["seats"] = 4
    rows = placed(value)
    assert "".join(sorted(rows, key=lambda one: rows[one][2])) == expected


def test_a_town_without_children_is_placed() -> None:
    result = run_placement(town())
    assert result["placements"] == []
    assert result["schools"] == [{"id": "P", "seats": 2, "taken": 0}]


def test_a_bundles_place_counts_among_siblings_whichever_member_names_the_school() -> None:
    """R13: t1 has the better class and no sibling; the twins go before s, whose class stands between."""
    schools = [{"id": "P", "seats": 0, "overflow": []}, {"id": "Q", "seats": 2, "overflow": []}]
    applicants = [
        child("t1", bundle="T"),
        child("t2", bundle="T", sibling_at="Q", **{"class": "3"}),
        child("s", sibling_at="Q", **{"class": "2"}),
    ]
    rows = placed(town(schools=schools, applicants=applicants))
    assert (rows["t1"], rows["t2"], rows["s"]) == (("Q", "sibling", 1), ("Q", "sibling", 2), (None, None, 1))

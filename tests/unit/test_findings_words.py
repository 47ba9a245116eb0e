"""What a checker says, word for word: officials read these sentences, and each names the place where a property breaks."""

import copy
from collections.abc import Callable
from typing import Any

import pytest
import test_seeded_faults as zone_faults
from choice_towns import Value
from test_seeded_faults import TOWN

from backend.placement.rules.run import check_placement, run_placement

LAST_IN = "{!r}: last_in is not the last admitted of the list that decided"
MARKET: Value = {
    "mechanism": "choice",
    "seed": "s",
    "draw": "d",
    "tie_break": "per-school",
    "schools": [
        {"id": "S1", "seats": 1},
        {"id": "S2", "seats": 1},
        {"id": "S3", "seats": 2},
        {"id": "S4", "seats": 0},
    ],
    "applicants": [
        {"id": "a", "choices": ["S1", "S2"], "priority": {"S1": 1, "S2": 0}},
        {"id": "b", "choices": ["S2", "S1"], "priority": {"S1": 0, "S2": 1}},
        {"id": "c", "choices": ["S1", "S3"], "priority": {"S1": 2, "S3": 0}},
        {"id": "d", "choices": ["S4"], "priority": {}},
    ],
}


def told(value: Value, result: Value) -> dict[str, list[str]]:
    """The sentences of the properties that fail, by number."""
    return {one.name.split()[0]: list(one.details) for one in check_placement(value, result).failed}


def last_in(*ids: str) -> list[str]:
    return [LAST_IN.format(one) for one in ids]


def turn(unit: str, school: str | None, step: str | None, list_of: str, gave: str | None) -> str:
    return f"{unit!r} is at {school!r} by step {step!r}; its {list_of} turn gave {gave!r}"


ZONE: list[tuple[Callable[[Value], None], dict[str, list[str]]]] = [
    (
        zone_faults.a_stranger,
        {
            "Z1": ["placements: 'zz' is not in the input"],
            "Z2": ["'P' says 3 of 3, it holds 4 of 3", "'P' holds 4 and has 3 seats"],
        },
    ),
    (zone_faults.false_ticket, {"Z4": ["'p1': the reason is not what the input says"]}),
    (zone_faults.fewer_taken_than_there_are, {"Z2": ["'P' says 2 of 3, it holds 3 of 3"]}),
    (zone_faults.more_seats_than_there_are, {"Z2": ["'P' says 3 of 4, it holds 3 of 3"]}),
    (
        zone_faults.forget_the_sibling,
        {
            "Z2": [
                "'P' says 3 of 3, it holds 2 of 3",
                "'Q' says 2 of 2, it holds 3 of 2",
                "'Q' holds 3 and has 2 seats",
            ],
            "Z6": ["'s' needs 1 and was refused by 'P' at its sibling turn with 3 seats left"],
            "Z7": ["'p3' needs 1 and was refused by 'P' at its zone turn with 1 seats left"],
            "Z9": [turn("z", "Q", "last", "last", "P")],
            "Z12": ["'p1' says position 2, it is 1", "'p2' says position 3, it is 2"],
            "Z13": last_in("s"),
        },
    ),
    (
        zone_faults.last_class_in_the_overflow,
        {
            "Z5": ["'z' cannot be at 'Q' by step 'overflow'"],
            "Z9": [turn("z", "Q", "overflow", "last", None)],
            "Z13": last_in("z"),
        },
    ),
    (
        zone_faults.lose_somebody,
        {
            "Z1": ["placements: 'z' is missing"],
            "Z2": ["'Q' says 2 of 2, it holds 1 of 2"],
            "Z9": [turn("z", None, None, "last", "Q")],
            "Z11": ["'z' has no school, and 'Q' has 1 free seats"],
        },
    ),
    (
        zone_faults.over_plan,
        {
            "Z2": ["'P' says 3 of 3, it holds 4 of 3", "'P' holds 4 and has 3 seats"],
            "Z3": ["the bundle 'T' is torn: ('P', 'zone'), (None, None)"],
            "Z7": ["'T' needs 2 and was admitted to 'P' at its zone turn with 0 seats left"],
            "Z10": ["'p3' was refused by 'P', and somebody behind who needs as many seats was not"],
            "Z12": ["'t1' says position 2, it is 5", "'t2' says position 3, it is 6"],
            "Z13": last_in("s", "p1", "p2", "t1", "t2"),
        },
    ),
    (
        zone_faults.pass_over,
        {
            "Z7": ["'p1' needs 1 and was refused by 'P' at its zone turn with 2 seats left"],
            "Z10": ["'p1' was refused by 'P', and somebody behind who needs as many seats was not"],
            "Z12": ["'p3' says position 1, it is 4", "'p1' says position 2, it is 1"],
            "Z13": last_in("s", "p2", "p1", "t1", "t2"),
        },
    ),
    (
        zone_faults.refuse_the_overflow,
        {
            "Z2": ["'Q' says 2 of 2, it holds 1 of 2"],
            "Z8": [turn("p3", None, None, "overflow", "Q"), turn("T", None, None, "overflow", "Q")],
            "Z11": ["'p3' has no school, and 'Q' has 1 free seats"],
            "Z13": last_in("p3", "t1", "t2"),
        },
    ),
    (
        zone_faults.two_seats,
        {
            "Z1": ["placements: 'p1' stands 2 times"],
            "Z2": ["'P' says 3 of 3, it holds 4 of 3", "'P' holds 4 and has 3 seats"],
        },
    ),
    (zone_faults.unsorted_rows, {"Z1": ["placements: the rows are not sorted by id"]}),
    (
        zone_faults.wrong_step,
        {
            "Z5": ["'p3' cannot be at 'Q' by step 'last'"],
            "Z8": [turn("p3", "Q", "last", "overflow", "Q"), turn("T", None, None, "overflow", "Q")],
            "Z13": last_in("p3", "t1", "t2"),
        },
    ),
]


@pytest.mark.parametrize(("fault", "words"), ZONE)
def test_a_zone_checker_says_where_and_what(fault: Callable[[Value], None], words: dict[str, list[str]]) -> None:
    result = run_placement(TOWN)
    fault(result)
    assert told(TOWN, result) == words


def by_id(**changes: dict[str, Any]) -> Callable[[Value], None]:
    """Change rows of placements by id."""

    def fault(result: Value) -> None:
        for row in result["placements"]:
            row.update(changes.get(row["id"], {}))

    return fault


COUNT = ["'S3': 1 of 2 seats taken is not so"]
CHOICE: list[tuple[Callable[[Value], None], dict[str, list[str]]]] = [
    (by_id(c={"school": None, "choice": None}), {"C3": ["'c' prefers 'S3', which has a free seat"], "C8": COUNT}),
    (by_id(c={"choice": None}), {"C8": ["'c' has 'S3' as choice None"]}),
    (
        by_id(d={"school": "S3", "choice": 1}),
        {"C1": ["'d' did not choose 'S3'"], "C8": ["'d' has 'S3' as choice 1", *COUNT]},
    ),
    (
        lambda result: result["placements"].append({"id": "x", "school": "S3", "choice": 1}),
        {
            "C1": ["'x' did not apply"],
            "C7": ["placements: the ids are not those of the input, each once, in byte order"],
            "C8": ["'x' has 'S3' as choice 1", *COUNT],
        },
    ),
    (
        lambda result: result["placements"].pop(2),
        {
            "C1": ["'c' has no result"],
            "C3": ["'c' prefers 'S3', which has a free seat"],
            "C7": ["placements: the ids are not those of the input, each once, in byte order"],
            "C8": COUNT,
        },
    ),
    (
        lambda result: result["schools"].reverse(),
        {"C7": ["schools: the ids are not those of the input, each once, in byte order"]},
    ),
    (lambda result: result["schools"][2].update(taken=2), {"C8": ["'S3': 2 of 2 seats taken is not so"]}),
    (lambda result: result["schools"][2].update(seats=3), {"C8": ["'S3': 1 of 3 seats taken is not so"]}),
]


@pytest.mark.parametrize(("fault", "words"), CHOICE)
def test_a_choice_checker_says_where_and_what(fault: Callable[[Value], None], words: dict[str, list[str]]) -> None:
    result = copy.deepcopy(run_placement(MARKET))
    fault(result)
    assert told(MARKET, result) == words


def test_envy_and_rings_are_told_by_name() -> None:
    result = run_placement(MARKET)
    by_id(a={"school": "S2", "choice": 2}, b={"school": "S1", "choice": 2})(result)
    assert told(MARKET, result)["C5"] == ["the best who would rather come to 'S1', 'S2' can change places in a ring"]
    result = run_placement(MARKET)
    by_id(c={"school": "S1", "choice": 1}, a={"school": None, "choice": None})(result)
    stands = [f"'a' stands before somebody whom {school!r} admitted" for school in ("S1", "S2")]
    assert told(MARKET, result)["C4"] == stands
    by_id(c={"school": "S2", "choice": 1})(result)
    assert told(MARKET, result)["C2"] == ["'S2' has 1 seats and holds 2"]
    result = run_placement(MARKET)
    true = result["schools"][0]["cutoff"]
    result["schools"][0]["cutoff"] = None
    standing = (true["priority"], true["ticket"])
    assert told(MARKET, result)["C6"] == [f"the cut-off of 'S1' is None, the last admitted stands at {standing!r}"]


@pytest.mark.parametrize(("value", "name"), [(MARKET, "C9"), (TOWN, "Z14")])
def test_a_foreign_input_is_told_with_both_digests(value: Value, name: str) -> None:
    result = run_placement(value)
    true = result["input_sha256"]
    result["input_sha256"] = "0"
    assert told(value, result) == {name: [f"input_sha256 is 0, the input's is {true}"]}


def test_the_properties_are_named_as_in_the_document() -> None:
    zone = check_placement(TOWN, run_placement(TOWN)).properties
    choice = check_placement(MARKET, run_placement(MARKET)).properties
    assert "; ".join(one.name for one in choice) == (
        "S1 the result has the shape of the contract; C1 everybody has one result, a chosen school or none; "
        "C2 no school holds more than its seats; C3 nobody is refused a seat that stays free; "
        "C4 nobody is passed over by one who stands behind; "
        "C5 no exchange of seats would help all who take part and wrong nobody; "
        "C6 the cut-off is the last admitted of a full school; C7 rows are complete and sorted by id; "
        "C8 the number of the choice and the seats taken are right; C9 the result names its input; C10 bundles are together"
    )
    assert "; ".join(one.name for one in zone) == (
        "S1 the result has the shape of the contract; Z1 nobody is lost and nobody has two seats; "
        "Z2 no school holds more than its seats, and the counts are right; Z3 bundles are together; "
        "Z4 class, keys and ticket of every reason are true; Z5 every step fits its school; "
        "Z6 siblings are served first, each at its turn; Z7 zones admit by class, then keys, then ticket; "
        "Z8 overflow goes to the first school with room; Z9 the last class is served last, by ticket; "
        "Z10 nobody is passed over but a bundle that did not fit; Z11 nobody is without a school that has room; "
        "Z12 positions are places in the list that decided; Z13 last_in is the last admitted of that list; "
        "Z14 the result names its input"
    )


def test_a_wrong_cut_off_is_told_with_its_own_school() -> None:
    """C6: the sentence holds what that school says, not what another does."""
    result = run_placement(MARKET)
    second = next(school for school in result["schools"] if school["id"] == "S2")
    true = (second["cutoff"]["priority"], second["cutoff"]["ticket"])
    second["cutoff"]["priority"] = 9
    wrong = (9, true[1])
    assert told(MARKET, result)["C6"] == [f"the cut-off of 'S2' is {wrong!r}, the last admitted stands at {true!r}"]

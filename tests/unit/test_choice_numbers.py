"""Classes, keys, siblings, overflow and the last class as priority numbers: the mechanism by choices obeys the zone's rules."""

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from backend.placement.rules.choice_numbers import LAST, OVERFLOW, Wisher, choice_rows, turn_of
from backend.placement.rules.inputs import ZoneInput
from backend.placement.rules.parse import parse_placement
from backend.placement.rules.run import run_placement
from tests.unit.zone_towns import towns

IDS = ["A", "B", "C"]


def by_choices(town: dict[str, Any]) -> dict[str, Any]:
    """The same town as choices: every family ranks the one school of its zone."""
    parsed = parse_placement(town)
    assert isinstance(parsed, ZoneInput)
    overflow = {school.id: school.overflow for school in parsed.schools}
    wishers = [
        Wisher(
            one.id,
            one.seat_class,
            one.keys,
            () if one.seat_class == parsed.last_class else (one.zone,),
            (one.zone,),
            overflow[one.zone],
            one.sibling_at,
        )
        for one in parsed.applicants
    ]
    schools = [{"id": school.id, "seats": school.seats} for school in parsed.schools]
    head = {"mechanism": "choice", "seed": parsed.seed, "draw": parsed.draw, "tie_break": "single"}
    rows = choice_rows(wishers, parsed.classes, parsed.order, [school.id for school in parsed.schools])
    return head | {"schools": schools, "applicants": rows}


@settings(max_examples=100, deadline=None)
@given(towns())
def test_where_each_zone_has_one_school_both_mechanisms_place_alike(town: dict[str, Any]) -> None:
    """Contracts 2, zone 1 to 4: class before keys before ticket, siblings first, overflow and the last class behind."""
    for one in town["applicants"]:
        one.pop("bundle", None)
    schools = {row["id"]: row["school"] for row in run_placement(town)["placements"]}
    assert {row["id"]: row["school"] for row in run_placement(by_choices(town))["placements"]} == schools


def rows_of(*wishers: Wisher) -> dict[str, Any]:
    return {str(row["id"]): row for row in choice_rows(wishers, ["1", "2"], [], IDS)}


def test_own_schools_come_before_the_overflow_and_unranked_ones_of_the_zone_are_named() -> None:
    """C04: a school of the zone that was not ranked keeps its number, so that a why-card can say what it would have given."""
    one = rows_of(Wisher("x", "1", {}, ("B",), ("A", "B"), ("C",)))["x"]
    assert one["choices"] == ["B", "C"]
    assert one["priority"] == {"A": 0, "B": 0, "C": OVERFLOW}


def test_the_school_of_the_elder_comes_first_unless_the_family_ranked_it_itself() -> None:
    follows = Wisher("x", "1", {}, ("B",), ("B",), (), "C")
    ranked = Wisher("y", "1", {}, ("B", "C"), ("B", "C"), (), "C")
    rows = rows_of(follows, ranked)
    assert (rows["x"]["choices"], rows["y"]["choices"]) == (["C", "B"], ["B", "C"])
    assert all(turn_of(rows[no]["priority"]["C"]) == "sibling" for no in "xy")


def test_the_last_class_stands_behind_everybody_and_goes_on_to_every_school() -> None:
    one = rows_of(Wisher("x", "5", {"on": 3}, ("B",), ("B",), ()))["x"]
    assert one["choices"] == ["B", "A", "C"]
    assert set(one["priority"].values()) == {LAST}


@given(st.integers(-LAST, 2 * LAST))
def test_the_turns_never_mix(number: int) -> None:
    edges = {"sibling": number < 0, "choice": 0 <= number < OVERFLOW, "overflow": OVERFLOW <= number < LAST}
    assert edges.get(turn_of(number), number >= LAST)

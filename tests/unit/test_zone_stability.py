"""Zones stay put for years (A11, 学区稳定 A03): an import says which units it moves, and how many go to a new school."""

from hypothesis import given, settings
from hypothesis import strategies as st

from backend.policy.rules.places import ZoneLine
from backend.policy.rules.zone_stability import Move, stability_warnings, zone_moves

OLD = {"u1": "P1", "u2": "P1", "u3": "P2"}
zones = st.dictionaries(st.sampled_from(["u1", "u2", "u3", "u4"]), st.sampled_from(["P1", "P2", "P3"]))


def lines(school_of: dict[str, str], stage: str = "primary") -> list[ZoneLine]:
    return [ZoneLine(school, school, stage, unit, unit) for unit, school in school_of.items()]


def test_a_unit_that_goes_to_a_new_school_is_told_apart_from_one_that_is_shifted() -> None:
    new = lines({"u1": "P1", "u2": "P9", "u3": "P1"})
    assert zone_moves(lines(OLD), new) == [
        Move("primary", "u2", ("P1",), ("P9",)),
        Move("primary", "u3", ("P2",), ("P1",)),
    ]
    (warning,) = stability_warnings(lines(OLD), new)
    assert not warning.grave
    assert "有2个地址单元换了学校，其中1个划给新设的学校" in warning.what
    assert "u3（P2→P1）" in warning.what


def test_units_that_were_in_no_zone_before_are_no_move_and_a_unit_left_out_is_one() -> None:
    assert stability_warnings([], lines(OLD)) == []
    assert [move.after for move in zone_moves(lines(OLD), lines({"u1": "P1", "u2": "P1"}))] == [()]


@settings(max_examples=60, deadline=None)
@given(zones, zones)
def test_only_units_that_changed_are_told_in_any_order_of_the_lines(
    before: dict[str, str], after: dict[str, str]
) -> None:
    told = {move.unit_code for move in zone_moves(lines(before), reversed(lines(after)))}
    assert told == {unit for unit in before if before[unit] != after.get(unit)}
    assert zone_moves(lines(before), lines(before)) == []

"""The trial of the why-cards proves true cards and names a false one."""

from dataclasses import replace

import pytest

from backend.placement.rules.parse import parse_placement
from backend.placement.rules.run import place
from tests.trials.why_cards import CASES, drawn_cards, proved


@pytest.mark.parametrize("mechanism", CASES)
def test_true_cards_are_proved_and_a_false_one_is_named(mechanism: str) -> None:
    given = parse_placement(CASES[mechanism](60, 3))
    result = place(given)
    drawn = drawn_cards(given, result, 6, "test")
    found = proved(given, result, drawn)
    assert (sum(found["kinds"].values()), found["wrong"]) == (6, [])
    held = {row.id: row.school for row in result.placements}
    false = [
        (one, replace(change, then=held[one], kind="seats", at=given.schools[0].id, by=0)) for one, change in drawn
    ]
    assert [each["applicant"] for each in proved(given, result, false)["wrong"]] == [one for one, _ in drawn]

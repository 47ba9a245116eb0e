"""Where a result document is not of the contract's shape, each place is told with what stands there."""

from typing import Any

import pytest
from test_seeded_faults import TOWN

from backend.placement.rules.run import run_placement
from backend.placement.rules.shape import shape_faults

ROW = run_placement(TOWN)["placements"][0]


@pytest.mark.parametrize(
    ("document", "faults"),
    [
        (
            {"placements": 5, "schools": [7, {"id": 1, "seats": True, "taken": 1.5}], "input_sha256": None},
            [
                "/placements: is no list",
                "/schools/0: is no object with the keys id, seats, taken",
                "/schools/1/id: is a int",
                "/schools/1/seats: is a bool",
                "/schools/1/taken: is a float",
                "/input_sha256: is a NoneType",
            ],
        ),
        (
            {
                "placements": [ROW | {"reason": {}}, ROW | {"reason": ROW["reason"] | {"last_in": 3, "keys": []}}],
                "schools": [],
                "input_sha256": "x",
            },
            [
                "/placements/0/reason: is no object with the keys class, keys, ticket, last_in",
                "/placements/1/reason/keys: is a list",
                "/placements/1/reason/last_in: is no object with the keys class, keys, ticket",
            ],
        ),
        ([], ["/: is no object with the keys placements, schools, input_sha256"]),
    ],
)
def test_every_place_of_another_shape_is_told(document: Any, faults: list[str]) -> None:
    assert shape_faults(document, "zone") == faults


def test_a_choice_result_has_a_cut_off_or_null() -> None:
    school = {"id": "S", "seats": 1, "taken": 1}
    row = {"id": "a", "school": None, "choice": None}

    def faults(cutoff: Any, **more: Any) -> list[str]:
        document = {"placements": [row | more], "schools": [school | {"cutoff": cutoff}], "input_sha256": "x"}
        return shape_faults(document, "choice")

    assert faults(None) == []
    assert faults({"priority": 0, "ticket": "0"}) == []
    assert faults({"priority": None, "ticket": 0}) == [
        "/schools/0/cutoff/priority: is a NoneType",
        "/schools/0/cutoff/ticket: is a int",
    ]
    assert faults(None, school="S", choice="1") == ["/placements/0/choice: is a str"]

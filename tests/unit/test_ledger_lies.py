"""Lies told with all hashes in order: results rewritten by whoever holds the keys are found by recomputing them."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from ledger_folders import decision, write_folder
from ledger_season import PEOPLE, a_draw, class_lists, python, whole_season

from backend.fairness.canonical import canonical_json, sha256_hex
from backend.publication.rules import ledger
from backend.publication.rules.ledger import Decision, Level
from tests.node_program import node


@pytest.fixture(scope="module")
def season() -> list[Decision]:
    return whole_season()


def lie_about(decided: Decision, **changed: Any) -> Decision:
    """The same decision with another output; the writer makes all its hashes agree with the lie."""
    return replace(decided, output={**decided.output, **changed})


def swap_two_places(decided: Decision) -> Decision:
    rows = [dict(row) for row in decided.output["placements"]]
    one = next(row for row in rows if row["school"] is not None)
    other = next(row for row in rows if row["school"] != one["school"])
    one["school"], other["school"] = other["school"], one["school"]
    return lie_about(decided, placements=rows)


def let_somebody_in(decided: Decision) -> Decision:
    rows = [dict(row) for row in decided.output["candidates"]]
    next(row for row in rows if not row["admitted"])["admitted"] = True
    return lie_about(decided, candidates=rows)


def reorder_the_draw(decided: Decision) -> Decision:
    rows = [dict(row) for row in decided.output["order"]]
    rows[0]["no"], rows[1]["no"] = rows[1]["no"], rows[0]["no"]
    return lie_about(decided, order=rows)


def seat_a_waiting_child(decided: Decision) -> Decision:
    rows = [dict(row) for row in decided.output["results"]]
    rows[-1]["result"] = "admitted"
    return lie_about(decided, results=rows)


def move_a_pupil(decided: Decision) -> Decision:
    rows = [dict(row) for row in decided.output["classes"]]
    rows[0]["class"] = 3 - rows[0]["class"]
    return lie_about(decided, classes=rows)


def choose_the_seed(decided: Decision) -> Decision:
    assert decided.ceremony is not None
    return replace(decided, ceremony=replace(decided.ceremony, seed="0" * 64))


def change_a_witness(decided: Decision) -> Decision:
    assert decided.ceremony is not None
    office, first, *others = decided.ceremony.parts
    return replace(decided, ceremony=replace(decided.ceremony, parts=(office, (first[0], "9" * 12), *others)))


def change_the_list(decided: Decision) -> Decision:
    people = ledger.KINDS[decided.kind].people
    assert people is not None
    return replace(decided, value={**decided.value, people: decided.value[people][1:]})


def a_wrong_summary(decided: Decision) -> Decision:
    true_one = ledger.public_summary(decided.kind, decided.value, decided.output)
    counts = {**true_one["counts"], "people": true_one["counts"]["people"] + 1}
    return replace(decided, public={**true_one, "counts": counts})


def embellish(figure: str, told: Any) -> Callable[[Decision], Decision]:
    """The report of class lists with one figure other than it is."""
    return lambda decided: lie_about(decided, report={**decided.output["report"], figure: told})


def deal_a_seat_elsewhere(decided: Decision) -> Decision:
    rows = [dict(row) for row in decided.output["rows"]]
    rows[0]["seats"] += 1
    rows[1]["seats"] -= 1
    return lie_about(decided, rows=rows)


LIES: list[tuple[int, Callable[[Decision], Decision]]] = [
    (0, reorder_the_draw),
    (0, seat_a_waiting_child),
    (0, choose_the_seed),
    (0, change_a_witness),
    (0, change_the_list),
    (0, a_wrong_summary),
    (1, lambda decided: lie_about(decided, drawn=[1, 2, 3, 4, 5])),
    (2, swap_two_places),
    (2, lambda decided: lie_about(decided, input_sha256="0" * 64)),
    (3, swap_two_places),
    (3, change_the_list),
    (3, a_wrong_summary),
    (4, let_somebody_in),
    (4, lambda decided: lie_about(decided, events=[{**row, "accepted": True} for row in decided.output["events"]])),
    (4, a_wrong_summary),
    (5, deal_a_seat_elsewhere),
    (6, move_a_pupil),
    (6, choose_the_seed),
    (6, embellish("sizes", [7, 5])),
    (6, embellish("counts", {"sex": {"女": [3, 3], "男": [3, 3]}, "ethnicity": {}, "household": {}})),
    (6, embellish("means", {"score": ["84.0000", "84.0001"]})),
    (6, embellish("spread", {"score": "0.0001"})),
    (6, embellish("input_sha256", "0" * 64)),
    (6, lambda decided: replace(decided, corrects=("0" * 64, "a list was wrong"))),
]


@pytest.mark.parametrize(("number", "lie"), LIES)
def test_a_lie_with_all_its_hashes_in_order_is_found(
    tmp_path: Path, season: list[Decision], number: int, lie: Callable[[Decision], Decision]
) -> None:
    """The office itself rewrites a result and every hash: the recomputation finds it, and both checkers name the place."""
    told = [lie(one) if place == number else one for place, one in enumerate(season)]
    folder = write_folder(tmp_path, "2026", told, Level.SEALED)
    for code, words in (python(folder), *node(folder)):
        assert code == 1
        assert words.startswith(f"not true: {number + 1:04}-{season[number].kind}")


@pytest.mark.parametrize("number", [0, 2, 3, 4, 6])
def test_public_figures_that_do_not_add_up_are_found_without_the_input(
    tmp_path: Path, season: list[Decision], number: int
) -> None:
    told = [a_wrong_summary(one) if place == number else one for place, one in enumerate(season)]
    folder = write_folder(tmp_path, "2026", told, Level.PUBLIC)
    assert [code for code, _ in (python(folder), *node(folder))] == [1, 1]


def test_a_public_draw_that_passes_over_a_ticket_is_found(tmp_path: Path) -> None:
    honest = a_draw()
    public = ledger.public_summary("draw", honest.value, honest.output)
    rows = [dict(row) for row in public["rows"]]
    rows[0]["result"], rows[-1]["result"] = rows[-1]["result"], rows[0]["result"]
    folder = write_folder(tmp_path, "2026", [replace(honest, public={**public, "rows": rows})], Level.PUBLIC)
    assert [code for code, _ in (python(folder), *node(folder))] == [1, 1]


def test_a_family_row_that_is_not_in_the_list_is_found(tmp_path: Path, season: list[Decision]) -> None:
    folder = write_folder(tmp_path, "2026", season, Level.FAMILY, PEOPLE[3:4])
    proof = min(folder.rglob("proofs/*.json"))
    proof.write_text(proof.read_text("utf-8").replace(PEOPLE[3], PEOPLE[5]), "utf-8")
    for code, words in (python(folder), *node(folder)):
        assert code == 1
        assert "does not stand in the list" in words


@pytest.mark.parametrize(
    "harm",
    [
        {"previous_hash": "0" * 64},
        {"path": "0003-circle-draw"},
        {"kind": "Circle"},
        {"files": {}},
        {"roots": {"input": None, "output": None}},
        {"more": 1},
    ],
)
def test_an_entry_rewritten_and_hashed_again_is_found(
    tmp_path: Path, season: list[Decision], harm: dict[str, Any]
) -> None:
    """The chain holds by the hash of the entry before, not only by each entry's own."""
    folder = write_folder(tmp_path, "2026", season[:2], Level.PUBLIC)
    manifest = json.loads((folder / "manifest.json").read_bytes())
    entry = {key: value for key, value in manifest["decisions"][1].items() if key != "hash"} | harm
    manifest["decisions"][1] = entry | {"hash": sha256_hex(canonical_json(entry))}
    (folder / "manifest.json").write_bytes(canonical_json(manifest))
    for code, words in (python(folder), *node(folder)):
        assert (code, words.startswith("not true: manifest.json: decision 2")) == (1, True)


@pytest.mark.parametrize(("label", "members"), [("together", 12), ("apart", 3)])
def test_class_lists_that_break_a_bound_and_hide_it_are_found(tmp_path: Path, label: str, members: int) -> None:
    """Everything in the report is true but that no violation is named."""
    true_one = class_lists()
    pupils = [dict(pupil) for pupil in true_one.value["pupils"]]
    for pupil in pupils[:members]:
        pupil[label] = "t"
    broken = decision("classes", {**true_one.value, "pupils": pupils})
    assert broken.output["report"]["violations"]
    honest = write_folder(tmp_path / "honest", "2026", [broken], Level.SEALED)
    assert [code for code, _ in (python(honest), *node(honest))] == [0, 0]
    hiding = write_folder(tmp_path / "hiding", "2026", [embellish("violations", [])(broken)], Level.SEALED)
    for code, words in (python(hiding), *node(hiding)):
        assert (code, "names no violation" in words) == (1, True)

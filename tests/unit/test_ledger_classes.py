"""Class lists of a ledger are formed anew by both checkers, and the teachers' teams drawn again on every level (T-3.8)."""

import random
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from ledger_folders import FROZEN_AT, decision, write_folder
from ledger_season import class_lists, python

from backend.classes.rules.team_draw import draw_teams
from backend.publication.rules.ledger import Decision, Level, decision_entry, first_hash
from tests.node_program import node
from verify.ledger import check_ledger

SEASON = "2026"


def an_intake(pupils: int, classes: int, tolerance: str | None, *, scores: bool) -> Decision:
    """Pupils with twins and conflicts, by chance and always the same."""
    chance = random.Random(f"{pupils} {classes}")
    rows = []
    for place in range(pupils):
        row = {
            "no": f"生{chance.randrange(10**6)}{place}",
            "sex": chance.choice("男女"),
            "ethnicity": chance.choice(["汉", "汉", "蒙古"]),
            "household": chance.choice("甲乙"),
            "special": str(int(place % 17 == 0)),
            "together": f"双{place // 2}" if place < 4 else "",
            "apart": f"分{place // 3}" if 6 <= place < 12 else "",
        }
        marks = {f"score_{name}": f"{chance.randint(80, 200) / 2:g}" for name in "ab"} if scores else {}
        rows.append(row | marks)
    return decision("classes", {"classes": classes, "balance": [], "tolerance": tolerance, "seed": "", "pupils": rows})


@pytest.mark.parametrize(
    ("pupils", "classes", "tolerance", "scores"),
    [(9, 2, None, True), (10, 3, "2", True), (41, 3, None, False), (120, 3, None, True), (32, 2, "1", True)],
)
def test_another_language_forms_the_same_lists_from_the_document(
    tmp_path: Path, pupils: int, classes: int, tolerance: str | None, *, scores: bool
) -> None:
    """Contract 3: the stream and the order of trial swaps are specified so exactly that another language recomputes them."""
    formed = an_intake(pupils, classes, tolerance, scores=scores)
    ((code, words),) = node(write_folder(tmp_path, SEASON, [formed], Level.SEALED))
    assert (code, words.splitlines()[-1]) == (0, "verified 1 decisions"), words


def test_two_pupils_alike_in_everything_cannot_change_places_unseen(tmp_path: Path) -> None:
    """Every count, mean and bound stays true; only forming the lists anew tells the difference."""
    true_one = class_lists()
    rows = [dict(row) for row in true_one.output["classes"]]
    pupils = {row["no"]: {**row, "no": ""} for row in true_one.value["pupils"]}
    first, second = next(
        (one, other)
        for one in rows
        for other in rows
        if one["class"] < other["class"] and pupils[one["no"]] == pupils[other["no"]]
    )
    first["class"], second["class"] = second["class"], first["class"]
    lie = replace(true_one, output={**true_one.output, "classes": rows})
    folder = write_folder(tmp_path, SEASON, [lie], Level.SEALED)
    verdict = check_ledger(folder)
    assert ["node verify/verify.mjs" in note for note in verdict.notes] == [True]
    for code, words in (python(folder), *node(folder)):
        assert (code, "recomputed from the input, /classes/" in words) == (1, True), words


def team_draw(behind: Decision, **changed: Any) -> Decision:
    """Two teams drawn to the lists of the decision before."""
    entry, _ = decision_entry(1, behind, first_hash(SEASON))
    assert behind.ceremony is not None
    drawn = [
        {"position": one.position, "team": one.team, "ticket": one.ticket, "class": one.class_number}
        for one in draw_teams("ABC", (1, 2, 3), behind.ceremony.seed)
    ]
    value = {"seed": "", "draws_on": entry["hash"], "teams": ["A", "B", "C"], "teams_sha256": "c" * 64}
    told = {"value": value | changed.get("value", {}), "output": {"drawn": changed.get("drawn", drawn)}}
    return Decision("team-draw", told["value"], told["output"], FROZEN_AT, "b" * 64)


@pytest.mark.parametrize("level", list(Level))
def test_which_team_drew_which_class_is_recomputed_by_everybody(tmp_path: Path, level: Level) -> None:
    lists = class_lists()
    true_one = team_draw(lists)
    folder = write_folder(tmp_path / "true", SEASON, [lists, true_one], level)
    assert [(code, words.splitlines()[-1]) for code, words in (python(folder), *node(folder))] == [
        (0, "verified 2 decisions")
    ] * 2
    drawn = [dict(row) for row in true_one.output["drawn"]]
    drawn[0]["class"], drawn[1]["class"] = drawn[1]["class"], drawn[0]["class"]
    for name, lie in (
        ("exchanged", team_draw(lists, drawn=drawn)),
        ("another seed", team_draw(lists, value={"draws_on": "0" * 64})),
        ("a team twice", team_draw(lists, value={"teams": ["A", "A", "C"]})),
    ):
        folder = write_folder(tmp_path / name, SEASON, [lists, lie], level)
        assert [code for code, _ in (python(folder), *node(folder))] == [1, 1], name


@pytest.mark.parametrize(
    ("key", "told"),
    [
        ("lower_bound", {"sizes": 1, "counts": {}, "spread": {}}),
        ("violations", [{"rule": "apart", "detail": "was not met"}]),
        ("steps", ["enumerate", "draw", "number"]),
    ],
)
def test_a_report_that_tells_more_or_less_than_is_true_is_found(tmp_path: Path, key: str, told: Any) -> None:
    """Lower bounds, violations and steps are recomputed as well."""
    true_one = class_lists()
    lie = replace(true_one, output={**true_one.output, "report": {**true_one.output["report"], key: told}})
    folder = write_folder(tmp_path, SEASON, [lie], Level.SEALED)
    assert [code for code, _ in (python(folder), *node(folder))] == [1, 1]

"""Files rewritten by whoever also rewrites every hash: what the format forbids is found by both checkers alike."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from ledger_folders import decision, write_folder
from ledger_season import python, whole_season

from backend.fairness.canonical import canonical_json, sha256_hex
from backend.publication.rules.ledger import Decision, Level
from tests.node_program import node

Rewrite = Callable[[dict[str, Any]], None]


@pytest.fixture(scope="module")
def season() -> list[Decision]:
    return whole_season()


def hash_again(folder: Path) -> None:
    """Every hash of the manifest made again from the files as they stand now."""
    manifest = json.loads((folder / "manifest.json").read_bytes())
    previous = sha256_hex(canonical_json({"format": manifest["format"], "season": manifest["season"]}))
    for entry in manifest["decisions"]:
        files = {path.name: sha256_hex(path.read_bytes()) for path in (folder / entry["path"]).glob("*.json")}
        entry |= {"files": entry["files"] | files, "previous_hash": previous}
        previous = entry["hash"] = sha256_hex(canonical_json({key: entry[key] for key in entry if key != "hash"}))
    (folder / "manifest.json").write_bytes(canonical_json(manifest))


def an_invented_beacon(commit: dict[str, Any]) -> None:
    commit["beacon"] = "x"


def a_statistic_left_out(public: dict[str, Any]) -> None:
    public["statistics"] = []


def a_vacant_place_more(public: dict[str, Any]) -> None:
    public["statistics"][0]["units"][0]["vacant"] += 1


def a_lowest_inside_taken_away(public: dict[str, Any]) -> None:
    filled = [unit for unit in public["statistics"][0]["units"] if unit["lowest_inside"] is not None]
    filled[0]["lowest_inside"] = None


def a_class_more_in_one_row(public: dict[str, Any]) -> None:
    public["sex"]["女"].append(3)


def seats_as_a_text(rules: dict[str, Any]) -> None:
    rules["rule"]["seats"] = str(rules["rule"]["seats"])


def a_seat_dealt_elsewhere(public: dict[str, Any]) -> None:
    public["rows"][0]["seats"] += 1
    public["rows"][1]["seats"] -= 1


def half_a_byte_more(salts: dict[str, Any]) -> None:
    salts["key"] += "x"


def a_space_before(salts: dict[str, Any]) -> None:
    salts["key"] = " " + salts["key"]


def no_key(salts: dict[str, Any]) -> None:
    salts["key"] = None


@pytest.mark.parametrize(
    ("level", "file", "rewrite"),
    [
        (Level.PUBLIC, "0002-circle-draw/commit.json", an_invented_beacon),
        (Level.PUBLIC, "0005-exam-admission/public.json", a_statistic_left_out),
        (Level.PUBLIC, "0005-exam-admission/public.json", a_vacant_place_more),
        (Level.PUBLIC, "0005-exam-admission/public.json", a_lowest_inside_taken_away),
        (Level.PUBLIC, "0007-classes/public.json", a_class_more_in_one_row),
        (Level.PUBLIC, "0001-draw/rules.json", seats_as_a_text),
        (Level.PUBLIC, "0006-quota/public.json", a_seat_dealt_elsewhere),
        (Level.SEALED, "0003-placement/salts.json", half_a_byte_more),
        (Level.SEALED, "0003-placement/salts.json", a_space_before),
        (Level.SEALED, "0003-placement/salts.json", no_key),
    ],
)
def test_what_the_format_forbids_is_a_lie_to_both(
    tmp_path: Path, season: list[Decision], level: Level, file: str, rewrite: Rewrite
) -> None:
    folder = write_folder(tmp_path, "2026", season, level)
    value = json.loads((folder / file).read_bytes())
    rewrite(value)
    (folder / file).write_bytes(canonical_json(value))
    hash_again(folder)
    for code, words in (python(folder), *node(folder)):
        assert (code, words.startswith("not true: ")) == (1, True), words


def test_more_seats_than_a_double_holds_exactly_are_read_by_both(tmp_path: Path) -> None:
    roster = [{"no": no, "bundle": None} for no in ("1", "2")]
    drawn = decision("draw", {"draw": "d", "seed": "", "seats": 10**17, "last_bundle": "add", "roster": roster})
    for level in (Level.PUBLIC, Level.SEALED):
        folder = write_folder(tmp_path / level, "2026", [drawn], level)
        assert [code for code, _ in (python(folder), *node(folder))] == [0, 0]


def test_a_folder_hashed_again_as_it_was_is_true(tmp_path: Path, season: list[Decision]) -> None:
    folder = write_folder(tmp_path, "2026", season, Level.SEALED)
    hash_again(folder)
    assert [code for code, _ in (python(folder), *node(folder))] == [0, 0]

"""Two checkers of the published ledger: what is true passes, what was touched is found, and nobody can be recognised."""

import json
import random
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from ledger_folders import write_folder
from ledger_season import PEOPLE, ROOT, a_draw, python, whole_season

from backend.publication.rules import ledger
from backend.publication.rules.ledger import Decision, Level
from tests.node_program import module_says, node
from verify.folder import Lie, Unreadable
from verify.ledger import check_ledger


@pytest.fixture(scope="module")
def season() -> list[Decision]:
    return whole_season()


@pytest.mark.parametrize("level", list(Level))
def test_a_true_season_passes_both_checkers_on_every_level(
    tmp_path: Path, season: list[Decision], level: Level
) -> None:
    """Contract 5: `verified N decisions`, and nothing is left that was not recomputed."""
    folder = write_folder(tmp_path, "2026", season, level, PEOPLE[3:4] if level is Level.FAMILY else ())
    for code, words in (python(folder), *node(folder)):
        assert (code, words.splitlines()[-1]) == (0, "verified 8 decisions")
        assert "note:" not in words
    assert python(folder)[1] == node(folder)[0][1]


def test_all_levels_have_the_same_last_hash(tmp_path: Path, season: list[Decision]) -> None:
    heads = {check_ledger(write_folder(tmp_path / level, "2026", season, level, PEOPLE[:1])).head for level in Level}
    assert len(heads) == 1


def test_the_public_folder_names_nobody(tmp_path: Path, season: list[Decision]) -> None:
    """D16, wish 2: rules, hashes, tickets, counts and cut-offs; no number of a child."""
    folder = write_folder(tmp_path, "2026", season, Level.PUBLIC)
    shown = b"".join(path.read_bytes() for path in folder.rglob("*.json"))
    assert not [no for no in PEOPLE if no.encode() in shown]
    assert not list(folder.rglob("input.json"))
    assert not list(folder.rglob("proofs"))


def test_the_family_folder_shows_its_own_rows_and_no_others(tmp_path: Path, season: list[Decision]) -> None:
    folder = write_folder(tmp_path, "2026", season, Level.FAMILY, [PEOPLE[4]])
    proofs = sorted(folder.rglob("proofs/*.json"))
    assert len(proofs) == 12
    assert all(PEOPLE[4].encode() in proof.read_bytes() for proof in proofs)
    shown = b"".join(path.read_bytes() for path in folder.rglob("*.json"))
    assert [no for no in PEOPLE if no.encode() in shown] == [PEOPLE[4]]


def test_a_proof_without_salts_is_never_written(tmp_path: Path) -> None:
    """Without salts the hashes beside a row could be guessed back to neighbours."""
    bare = replace(a_draw(), salt_key=None, ceremony=None)
    with pytest.raises(ledger.ProofsNeedSalts):
        ledger.ledger_files("2026", [bare], Level.FAMILY, PEOPLE[:1])


FLIP = """
import { readFileSync, writeFileSync } from 'node:fs';
import { checkLedger } from '%(checker)s';
const [folder, flips] = [process.argv[1], JSON.parse(process.argv[2])];
for (const [path, place, bit] of flips) {
  const whole = readFileSync(path);
  const harmed = Buffer.from(whole);
  harmed[place] ^= 1 << bit;
  writeFileSync(path, harmed);
  try { checkLedger(folder); console.log(`${path} ${place} ${bit}`); } catch { /* found */ }
  writeFileSync(path, whole);
}
"""


@pytest.mark.parametrize("level", [Level.SEALED, Level.FAMILY])
def test_a_single_flipped_bit_is_found_in_every_file(tmp_path: Path, season: list[Decision], level: Level) -> None:
    folder = write_folder(tmp_path, "2026", season, level, PEOPLE[3:4])
    chance = random.Random(20260701)
    flips = [
        (str(path), chance.randrange(path.stat().st_size), chance.randrange(8))
        for path in sorted(folder.rglob("*.json"))
        for _ in range(40 if path.name == "manifest.json" else 2)
    ]
    for path, place, bit in flips:
        whole = Path(path).read_bytes()
        Path(path).write_bytes(whole[:place] + bytes([whole[place] ^ 1 << bit]) + whole[place + 1 :])
        with pytest.raises((Lie, Unreadable)):
            check_ledger(folder)
        Path(path).write_bytes(whole)
    program = FLIP % {"checker": (ROOT / "verify/node/ledger.mjs").as_uri()}
    assert module_says(program, str(folder), json.dumps(flips)) == ""
    assert [code for code, _ in (python(folder), *node(folder))] == [0, 0]


def test_what_is_taken_away_or_put_in_is_found(tmp_path: Path, season: list[Decision]) -> None:
    def harmed(name: str, harm: Callable[[Path], object]) -> Path:
        folder = write_folder(tmp_path / name, "2026", season, Level.SEALED)
        harm(folder)
        return folder

    folders = [
        harmed("file", lambda folder: (folder / "0001-draw/output.json").unlink()),
        harmed("decision", lambda folder: shutil.rmtree(folder / "0003-placement")),
        harmed("stranger", lambda folder: (folder / "0001-draw/note.json").write_text("{}")),
        harmed("folder", lambda folder: (folder / "0009-draw").mkdir()),
    ]
    folders.append(write_folder(tmp_path / "leak", "2026", season, Level.PUBLIC))
    (folders[-1] / "0001-draw/input.json").write_bytes((tmp_path / "folder/0001-draw/input.json").read_bytes())
    for folder in folders:
        assert [code for code, _ in (python(folder), *node(folder))] == [1, 1]


def test_a_decision_left_out_breaks_the_chain(tmp_path: Path, season: list[Decision]) -> None:
    folder = write_folder(tmp_path / "all", "2026", season, Level.PUBLIC)
    fewer = write_folder(tmp_path / "fewer", "2026", [*season[:2], *season[3:]], Level.PUBLIC)
    assert check_ledger(fewer).head != check_ledger(folder).head
    other_season = write_folder(tmp_path / "season", "2027", season, Level.PUBLIC)
    assert check_ledger(other_season).head != check_ledger(folder).head


def test_what_is_no_ledger_is_unreadable(tmp_path: Path) -> None:
    """Contract 5: exit code 2, on stderr."""
    (tmp_path / "other").mkdir()
    (tmp_path / "other/manifest.json").write_text('{\n  "format": "sunroll-ledger/v9"\n}\n')
    (tmp_path / "empty").mkdir()
    for folder in (tmp_path / "other", tmp_path / "empty", tmp_path / "nowhere"):
        for code, words in (python(folder), *node(folder)):
            assert (code, words.startswith("cannot be read")) == (2, True)


def test_a_correction_names_the_decision_that_it_corrects(tmp_path: Path, season: list[Decision]) -> None:
    first = check_ledger(write_folder(tmp_path / "first", "2026", season[:1], Level.SEALED)).head
    corrected = [season[0], replace(a_draw(), corrects=(first, "objection upheld"))]
    folder = write_folder(tmp_path / "corrected", "2026", corrected, Level.SEALED)
    assert [code for code, _ in (python(folder), *node(folder))] == [0, 0]


def test_a_kind_of_tomorrow_is_checked_by_hash_and_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """New kinds of decision add folders, they change none."""
    monkeypatch.setitem(ledger.KINDS, "transfer", ledger.KINDS["statement"])
    moved = Decision("transfer", {"rows": []}, {"rows": []}, "2026-09-01T09:00:00+08:00", public={})
    folder = write_folder(tmp_path, "2026", [moved], Level.SEALED)
    for code, words in (python(folder), *node(folder)):
        assert (code, "not known here" in words, "verified 1 decisions" in words) == (0, True, True)

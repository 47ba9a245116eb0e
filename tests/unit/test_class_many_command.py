"""`sunroll classes prefecture` and `compare`: many schools in one go, resumable; two ways measured on one intake."""

import json
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from sunroll.commands.classes import command

ROW = "{no},{sex},汉,东街,{score}"


def folder(path: Path, **sizes: int) -> Path:
    lines = ["school,classes,tolerance"]
    for code, size in sizes.items():
        rows = [ROW.format(no=f"p{n}", sex="男女"[n % 2], score=50 + n * 7 % 40) for n in range(size)]
        (path / f"{code}.csv").write_text("\n".join(["no,sex,ethnicity,household,score", *rows]) + "\n")
        lines.append(f"{code},2,{'1' if code == 'drawn' else ''}")
    (path / "schools.csv").write_text("\n".join(lines) + "\n")
    return path


def run(*words: str) -> tuple[int, str]:
    done = CliRunner().invoke(command, list(words))
    return done.exit_code, done.output


def test_a_stopped_prefecture_goes_on_and_ends_with_the_same_bytes(tmp_path: Path) -> None:
    given, out = folder(tmp_path, north=12, drawn=14), tmp_path / "out"
    words = ["prefecture", str(given), "--seed", "s", "--workers", "1", "--out", str(out)]
    code, said = run(*words)
    assert (code, "2 schools formed, 0 found finished" in said) == (0, True)
    first = {path: path.read_bytes() for path in out.rglob("*.*")}
    (out / "north" / "report.json").unlink()
    assert "1 schools formed, 1 found finished" in run(*words)[1]
    assert {path: path.read_bytes() for path in out.rglob("*.*")} == first
    assert run(*words[:3], "other", *words[4:])[1].endswith("2 schools formed, 0 found finished\n")


def test_one_school_of_a_prefecture_is_what_its_own_command_gives(tmp_path: Path) -> None:
    given, out = folder(tmp_path, north=12), tmp_path / "out"
    assert run("prefecture", str(given), "--seed", "s", "--workers", "1", "--out", str(out))[0] == 0
    alone = ["form", str(given / "north.csv"), "--classes", "2", "--seed", "s/north", "--out", str(tmp_path / "c.csv")]
    assert run(*alone, "--report", str(tmp_path / "r.json"))[0] == 0
    assert (out / "north" / "classes.csv").read_bytes() == (tmp_path / "c.csv").read_bytes()
    assert (out / "north" / "report.json").read_bytes() == (tmp_path / "r.json").read_bytes()


MANY = 12


@pytest.fixture
def may_be_interrupted() -> Iterator[None]:
    """What a shell starts behind its back ignores the word to stop, and so does all that it starts in turn."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.parametrize("word", [signal.SIGINT, signal.SIGTERM])
def test_a_prefecture_that_is_told_to_stop_forms_nothing_more_and_goes_on_later(
    tmp_path: Path, word: signal.Signals, may_be_interrupted: None
) -> None:
    given, out = folder(tmp_path, **{f"s{number:02}": 60 for number in range(MANY)}), tmp_path / "out"
    words = [sys.executable, "-m", "sunroll", "classes", "prefecture", str(given), "--seed", "s", "--workers", "1"]
    with subprocess.Popen([*words, "--out", str(out)], stderr=subprocess.PIPE, text=True) as running:
        while not list(out.glob("*/report.json")):
            assert running.poll() is None
            time.sleep(0.01)
        running.send_signal(word)
        said = running.communicate()[1]
    finished = {path: path.read_bytes() for path in out.glob("*/report.json")}
    assert (running.returncode, "the same command goes on" in said, "Traceback" in said) == (130, True, False), said
    assert 0 < len(finished) < MANY
    assert not (out / "summary.csv").exists()
    assert f"{MANY - len(finished)} schools formed, {len(finished)} found" in run(*words[4:], "--out", str(out))[1]
    assert {path: path.read_bytes() for path in finished} == finished
    assert len((out / "summary.csv").read_text().splitlines()) == MANY + 1


def test_faults_of_all_schools_are_told_before_anything_is_formed(tmp_path: Path) -> None:
    given = folder(tmp_path, north=3, south=3)
    (given / "north.csv").write_text("no,sex,ethnicity,household\n1,男,,东街\n")
    (given / "schools.csv").write_text("school,classes\nnorth,2\nsouth,x\nnorth,2\nwest,1\n")
    code, said = run("prefecture", str(given), "--seed", "s", "--out", str(tmp_path / "out"))
    assert code == 2
    assert all(told in said for told in ("north.csv:2: ethnicity is empty", "'x'", "'north'", "west.csv"))
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("scores", [True, False])
def test_the_two_ways_are_measured_on_the_pupils_themselves(tmp_path: Path, *, scores: bool) -> None:
    folder(tmp_path, north=12)
    if not scores:
        rows = [line.rpartition(",")[0] for line in (tmp_path / "north.csv").read_text().splitlines()]
        (tmp_path / "north.csv").write_text("\n".join(rows) + "\n")
    words = [
        "compare",
        str(tmp_path / "north.csv"),
        "--classes",
        "2",
        "--seed",
        "s",
        "--draws",
        "6",
        "--tolerance",
        "20",
    ]
    assert run(*words, "--out", str(tmp_path / "c.json"))[0] == 0
    told = json.loads((tmp_path / "c.json").read_text())
    assert list(told["ways"]) == (["draw", "floor"] if scores else ["draw"])
    if scores:
        worst = {way: float(one["worst_spread"]["score"]) for way, one in told["ways"].items()}
        assert worst["floor"] <= worst["draw"] <= 20

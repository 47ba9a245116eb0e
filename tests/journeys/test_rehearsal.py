"""A whole small season on the simulated city, through every process of the service, with workers killed on the way."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from sunroll.commands.run import set_up
from sunroll.stack import running

ROOT = Path(__file__).parents[2]
FAMILIES, BANNERS = 32, "150603,150621,150627,150602"
"""All four rule-books, and as many families as have a part to play (rehearsal/place_parts.py)."""
WITHIN_S = 1200
PLAYED = (
    "approved preferences in the public list",
    "children registered at private schools are in their draws",
    "objections that have their answer",
    "children who left a frozen list are struck out in its public file",
    "witnesses who kept silent stand in the seed by the fixed rule",
    "children whom a line brought a place are its moves in public",
    "children who gave up a private seat and hold a public one by a further round",
    "children whom an interview admitted are there, and the others at a public school",
    "children whose transfer was signed are at the school they asked for",
    "children who did not come stand in the bureau's list",
    "children who did not come, or came late, ended as the rule-book says",
    "children whose entry is put off have a kindergarten until next year",
    "children whose papers came too late stand in the last class",
    "children whose card tells the points of their papers",
    "children whose papers were false have no points",
    "children of a group that law prefers are told so",
    "children whom a full zone left over are at the first school with room, the own group's before others",
    "twins at one school",
    "twins at the last seat of a private school, of which the rule-book then has one more",
    "children who follow an elder sibling are at its school",
    "children of a wrong zone line hold the school of the right one",
    "files of the confirmed fault are those of its address unit",
    "children whose primary school feeds a junior school stand in its list",
    "children who are told which of their choices they got are there",
    "children who ranked schools got one of them or the next by rule",
    "private schools that drew the way their rule-book says",
    "runs that the offline command repeats from the ledger's files",
)
"""Statements of the report that hold of somebody or something in this season."""


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the report that the command wrote; its service ran beside nothing else of ours."""
    folder = tmp_path_factory.mktemp("season")
    arguments = ["--families", str(FAMILIES), "--banners", BANNERS, "--seed", "test", "--report", str(folder)]
    arguments += ["--candidates", "5"]
    done = subprocess.run(
        [sys.executable, "-m", "sunroll", "rehearse", *arguments],
        cwd=ROOT, capture_output=True, text=True, timeout=WITHIN_S, check=False,
    )  # fmt: skip
    log = folder / "run" / "logs" / "service.log"
    tail = log.read_text(errors="replace")[-3000:] if log.exists() else ""
    assert done.returncode == 0, f"{done.stderr[-3000:]}\n{tail}"
    return folder


def test_every_family_ends_in_exactly_one_state_and_the_figures_add_up(report: Path) -> None:
    figures = json.loads((report / "figures.json").read_text(encoding="utf-8"))
    assert [each["what"] for each in figures["adds_up"] if not each["holds"]] == []
    assert sum(figures["final_states"].values()) == figures["season"]["applications"] >= FAMILIES
    assert figures["final_states"]["recorded"] > 0
    steps = {each["step"]: each["applications"] for each in figures["funnel"]}
    withdrawn = figures["final_states"]["withdrawn"]
    assert steps["registered"] - withdrawn == steps["placed"] == figures["season"]["applications"] - withdrawn


def test_everything_that_can_happen_to_a_place_is_played(report: Path) -> None:
    """Wishes 1 to 4, D07, D09, D10, D14 to D17, D28, D30: each statement has something to hold of."""
    figures = json.loads((report / "figures.json").read_text(encoding="utf-8"))
    held = {each["what"]: each["right"] for each in figures["adds_up"]}
    for what in PLAYED:
        assert held[what] > 0, what


def test_workers_killed_in_the_middle_came_back_and_lost_nothing(report: Path) -> None:
    """Promise D1: killing any worker at any moment loses nothing and doubles nothing."""
    figures = json.loads((report / "figures.json").read_text(encoding="utf-8"))
    assert {each["process"] for each in figures["kills"]} == {
        f"worker of {name}" for name in ("pictures", "checks", "notices")
    }
    assert all(each["back_ms"] is not None for each in figures["kills"])
    papers = figures["papers"]
    assert papers["sent"] == papers["good"] + papers.get("retake", 0) + papers.get("human", 0) >= 3 * FAMILIES
    states = [state for verdicts in figures["checks"].values() for state, count in verdicts.items() if count]
    assert set(states) <= {"match", "mismatch", "not-found"}


def test_the_report_has_its_pictures_and_tells_of_the_candidates(report: Path) -> None:
    page = (report / "report.html").read_text(encoding="utf-8")
    labels = re.findall(r'<svg [^>]*aria-label="([^"]+)"', page)
    assert "从登记到学籍" in labels
    assert any(label.startswith("各校学位") for label in labels)
    assert any(label.startswith("片区图") for label in labels)
    exam = json.loads((report / "figures.json").read_text(encoding="utf-8"))["exam"]
    assert (exam["candidates"], exam["read"], exam["passed_over_lists"]) == (5, 5, 0)
    assert "✓ 每个家庭都有且只有一个最终结果" in page


def test_the_same_command_again_only_writes_the_report_anew(report: Path) -> None:
    """A rehearsal goes on where it was: of a finished one nothing is done twice."""
    before = json.loads((report / "figures.json").read_text(encoding="utf-8"))
    arguments = ["--families", str(FAMILIES), "--banners", BANNERS, "--seed", "test", "--report", str(report)]
    subprocess.run(
        [sys.executable, "-m", "sunroll", "rehearse", *arguments], cwd=ROOT, timeout=WITHIN_S, check=True, capture_output=True
    )  # fmt: skip
    after = json.loads((report / "figures.json").read_text(encoding="utf-8"))
    for key in ("final_states", "funnel", "papers", "cases", "kills"):
        assert after[key] == before[key], key


def test_the_walk_through_the_api_is_true_line_by_line(tmp_path: Path) -> None:
    """docs/walks/by-api.md, typed into a shell as it stands; only the addresses are those of this test."""
    blocks = re.findall(
        r"```sh\n(.*?)```", (ROOT / "docs" / "walks" / "by-api.md").read_text(encoding="utf-8"), re.DOTALL
    )
    with running(tmp_path / "run", 4, "walk", "150603", usual_ports=False) as stack:
        set_up(stack, ["150603"])
        addresses = {
            "WEB": stack.address("WEB"),
            "SMS": stack.address("SMS"),
            "ENTRANCE": stack.address("HOME"),
            "CITY": stack.folder / "city",
            "BANNER": "150603",
            "STAGE": "primary",
            "PYTHON": sys.executable,
        }
        assert {name for name in addresses if f"{name}=" in blocks[0]} == set(addresses)
        typed = "".join(f"{name}={value}\n" for name, value in addresses.items()) + "".join(blocks[1:])
        done = subprocess.run(
            ["bash", "-euo", "pipefail", "-c", typed],
            cwd=ROOT,
            capture_output=True,
            text=True,
            timeout=WITHIN_S,
            check=False,
        )
    assert done.returncode == 0, f"{done.stdout[-3000:]}\n{done.stderr[-2000:]}"
    assert "幼儿园" not in done.stdout
    for line in ("已发布", "confirmed", "filed", "mismatch"):
        assert line in done.stdout, line

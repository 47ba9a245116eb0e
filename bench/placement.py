"""Placements side by side: our engine, `matching`, `algmatch`, the floor of one sort; the whole command; all why-cards.

Sizes grow to 1,000,000, or to `SUNROLL_BENCH_PEOPLE`, as far as each goes: a way that would take longer than
`SUNROLL_BENCH_PATIENCE` seconds (180), by its figures at the sizes before, is not begun, and one that does is stopped;
either is told in its row. Chile's data are read from the folder that `SUNROLL_CHILE` names. `SUNROLL_BENCH_SAMPLE` (100)
cards of a city a tenth as large are confirmed by full runs; a thousand of the whole city by `tests.trials.why_cards`.
"""

import json
import math
import os
import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from backend.placement.rules.parse import parse_placement
from backend.placement.rules.run import place
from backend.placement.rules.why import confirmed, explain
from bench.placement_ways import case_of

SMALLER = ((1_000, 10), (5_000, 30), (20_000, 100))
PATIENCE = float(os.environ.get("SUNROLL_BENCH_PATIENCE", "180"))
MOST = int(os.environ.get("SUNROLL_BENCH_PEOPLE", "1000000"))
WHOLE_CITY = 70_000
CITY, LARGE = (WHOLE_CITY, 300) if MOST >= WHOLE_CITY else (MOST, max(1, MOST // 200)), (1_000_000, 300)
MAKING = 200
"""Seconds that making and parsing the largest case may take besides."""
SAMPLE = int(os.environ.get("SUNROLL_BENCH_SAMPLE", "100"))
CHILE = os.environ.get("SUNROLL_CHILE", "")


def measure() -> str:
    """The tables."""
    parts = [_matchers(), _zones(), _commands(), _why(), _chile()]
    return "# Placements\n\nCPU seconds of one process, MB above its inputs.\n\n" + "\n".join(parts)


def _run(way: str, case: str, people: int, schools: int) -> dict[str, Any]:
    """The figures of one way, or why there are none."""
    words = [sys.executable, "-m", "bench.placement_ways", way, case, str(people), str(schools), CHILE]
    try:
        done = subprocess.run(words, capture_output=True, text=True, timeout=PATIENCE + MAKING, check=False)
    except subprocess.TimeoutExpired:
        return {"why": f"stopped after {PATIENCE:.0f} s and the making of the case"}
    if done.returncode:
        return {"why": (done.stderr.strip().splitlines() or ["died"])[-1][:80]}
    figures: dict[str, Any] = json.loads(done.stdout)
    return figures


def _row(name: str, size: str, figures: dict[str, Any], floor: dict[str, Any]) -> str:
    if "why" in figures:
        return f"| {name} | {size} | {figures['why']} | | | |"
    ratio = figures["seconds"] / floor["seconds"] if floor.get("seconds") else 0
    return f"| {name} | {size} | {figures['seconds']:.3f} | {figures['more_mb']} | {ratio:.1f} | {figures['digest']} |"


HEAD = "| way | applicants × schools | seconds | MB | ratio to the floor | matching |\n|---|---|---:|---:|---:|---|\n"


def _projected(measured: list[tuple[int, float]], people: int) -> float:
    """The seconds at this size by the growth between the last two sizes, at least in proportion; 0 where none is known."""
    if not measured:
        return 0
    last_people, last_seconds = measured[-1]
    growth = 1.0
    if len(measured) > 1:
        earlier_people, earlier_seconds = measured[-2]
        growth = max(1.0, math.log(last_seconds / earlier_seconds) / math.log(last_people / earlier_people))
    return float(last_seconds * (people / last_people) ** growth)


def _unless_hopeless(
    way: str, people: int, schools: int, measured: dict[str, list[tuple[int, float]]]
) -> dict[str, Any]:
    """The way's figures at this size; why it is not begun, where it was stopped before or would take too long."""
    told = measured.setdefault(way, [])
    if told and not told[-1][1]:
        return {"why": "not begun: it did not end at a smaller size"}
    projected = _projected(told, people)
    if projected > PATIENCE:
        return {"why": f"not begun: about {projected / 60:.0f} min by its growth so far; the limit is {PATIENCE:.0f} s"}
    figures = _run(way, "choice", people, schools)
    told.append((people, figures.get("seconds", 0.0)))
    return figures


def _matchers() -> str:
    rows = []
    measured: dict[str, list[tuple[int, float]]] = {}
    for people, schools in dict.fromkeys((*SMALLER, CITY, LARGE)):
        if people > MOST:
            continue
        size = f"{people:,} × {schools}"
        floor = _run("floor", "choice", people, schools)
        ways = ["ours", "matching", "algmatch"]
        rows += [_row(way, size, _unless_hopeless(way, people, schools, measured), floor) for way in ways]
        rows.append(_row("floor: one argsort of the edges", size, floor, floor))
    told = (
        "## Ranked choices: deferred acceptance alone\n\nThe same strict orders for all; equal digests are equal matchings. "
        "Of the other packages of the index `py-school-match` needs graph-tool, which pip cannot install, and knows no "
        "priority of a pair; `matching-algorithms` takes minutes from 5,000 on; `deferred-acceptance` keeps one pupil a "
        "school. They are not measured.\n\n"
    )
    return told + HEAD + "\n".join(rows) + "\n"


def _zones() -> str:
    rows = []
    for people, schools in (CITY, LARGE):
        if people > MOST:
            break
        size = f"{people:,} × {schools}"
        floor = _run("floor", "bare", people, schools)
        rows += [
            _row("bare zones: tickets and overflow", size, _run("place", "bare", people, schools), floor),
            _row("zones with all their rules", size, _run("place", "zone", people, schools), floor),
            _row("floor: one argsort of the applicants", size, floor, floor),
        ]
    told = "The rules are classes, three keys, siblings, twins and the last class. Seconds hold tickets and digest of the input.\n\n"
    return "## Zones (neither package has them)\n\n" + told + HEAD + "\n".join(rows) + "\n"


def _commands() -> str:
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        for case in ("zone", "choice"):
            source = Path(folder) / f"{case}.json"
            source.write_text(json.dumps(case_of(case, *CITY), ensure_ascii=False), encoding="utf-8")
            began = time.perf_counter()
            words = [sys.executable, "-m", "sunroll", "place", str(source), "--out", str(source.with_suffix(".out"))]
            pid = os.posix_spawn(sys.executable, words, os.environ)
            _, status, used = os.wait4(pid, 0)
            wall = time.perf_counter() - began
            cpu = used.ru_utime + used.ru_stime
            rows.append(f"| {case} | {wall:.2f} | {cpu:.2f} | {used.ru_maxrss // 1024} | {status} |")
    head = "| mechanism | wall s | CPU s | peak MB | exit |\n|---|---:|---:|---:|---:|\n"
    told = f"## `sunroll place`, {CITY[0]:,} × {CITY[1]}: parsing, placing, checking, writing\n\n"
    return told + head + "\n".join(rows) + "\n"


def _why() -> str:
    lines = []
    for case in ("zone", "choice"):
        figures = _run("why", case, *CITY)
        lines.append(
            f"* {case}: all {CITY[0]:,} cards in {figures.get('seconds', 0):.1f} CPU s {figures.get('why', '')}"
        )
        given = parse_placement(case_of(case, CITY[0] // 10, max(2, CITY[1] // 10)))
        result = place(given)
        cards = explain(given, result)
        drawn = random.Random(case).sample(sorted(one for one in cards if cards[one]), SAMPLE)
        wrong = sum(not confirmed(given, result, one, cards[one][0]) for one in drawn)
        lines.append(f"* {case}: {SAMPLE} cards of {CITY[0] // 10:,} applicants confirmed by full runs, {wrong} wrong")
    return "## Why-cards\n\n" + "\n".join(lines) + "\n"


def _chile() -> str:
    told = "## Chile 2020 (real applicants; places of schools, seats and choices are synthetic, derived from them)\n\n"
    if not CHILE or not (Path(CHILE) / "applicants.csv.gz").is_file():
        return told + "Not measured: SUNROLL_CHILE names no folder with `applicants.csv.gz`.\n"
    rows = []
    for case, way in (("chile-choice", "ours"), ("chile-zone", "place")):
        floor = _run("floor", case, *CITY)
        rows.append(_row(f"ours, {case}", "74,111 × 300", _run(way, case, *CITY), floor))
    return told + HEAD + "\n".join(rows) + "\n"

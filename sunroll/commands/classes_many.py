"""Many formings: a whole prefecture in one go, to be resumed at any time, and the two ways compared on one intake."""

import json
import os
import signal
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass, replace
from fractions import Fraction
from multiprocessing import active_children
from pathlib import Path
from typing import Any

import click

from backend.classes.rules.class_checker import check_classes
from backend.classes.rules.forming import form_classes
from backend.classes.rules.randomness import Meetings, Randomness
from backend.classes.rules.reading import OPTIONAL, PRESET, REQUIRED, is_subject, read_options, read_pupils
from backend.classes.rules.report import decimals
from backend.classes.rules.values import ClassInput, ClassResult
from backend.fairness.canonical import canonical_json
from sunroll.files import BadInput, csv_bytes, read_csv, utf8_option, write_whole

SUMMARY = ("school", "pupils", "classes", "way", "spread_total", "worst_subject", "violations", "input_sha256")


@dataclass(frozen=True)
class School:
    """One line of schools.csv with its pupils read."""

    code: str
    value: ClassInput


def read_input(path: Path, classes: str, seed: str, balance: Iterable[str], tolerance: str | None) -> ClassInput:
    """The whole input of one forming. Raises BadInput with the faults of options and file together."""
    options, option_faults = read_options(classes, utf8_option(seed), tuple(map(utf8_option, balance)), tolerance)
    told = [f"{where}: {what}" for where, what in option_faults]
    own = (*REQUIRED, *OPTIONAL)
    named = tuple(
        dict.fromkeys(name for name in options.balance if name not in (*own, PRESET) and not is_subject(name))
    )
    try:
        _, rows, faults = read_csv(path, (*REQUIRED, *named), OPTIONAL, is_subject)
        if told:
            options = replace(options, balance=named)
        value, found = read_pupils(((row.line, row.cells) for row in rows), options)
        for line, what in found:
            faults.at(line, what)
        faults.raise_if_any()
    except BadInput as error:
        told += error.faults
    if told:
        raise BadInput(told)
    return value


def read_schools(folder: Path, seed: str, balance: Iterable[str]) -> list[School]:
    """Every school of `schools.csv` (school,classes[,tolerance]) with its `<school>.csv`; all faults at once.

    The seed of a school is the seed text, "/" and its code: no school's draw tells anything of another's.
    """
    seed = utf8_option(seed)
    _, rows, faults = read_csv(folder / "schools.csv", ("school", "classes"), ("tolerance",))
    told, schools = [], []
    seen: set[str] = set()
    for row in rows:
        code = row.cells["school"]
        if not code or "/" in code or code.startswith(".") or code in seen:
            faults.at(row.line, f"{code!r} is no school's code, or stands twice")
            continue
        seen.add(code)
        try:
            tolerance = row.cells.get("tolerance") or None
            value = read_input(folder / f"{code}.csv", row.cells["classes"], f"{seed}/{code}", balance, tolerance)
            schools.append(School(code, value))
        except BadInput as error:
            told += error.faults
    try:
        faults.raise_if_any()
    except BadInput as error:
        told = [*error.faults, *told]
    if told:
        raise BadInput(told)
    return sorted(schools, key=lambda school: school.code.encode())


def form_prefecture(schools: list[School], out: Path, workers: int | None) -> tuple[int, int]:
    """Form every school's classes into `out/<school>/`; (formed now, found finished). Each is checked before it is written.

    A school whose report stands already with the hash of this very input is passed over: a stopped run goes on.
    """
    out.mkdir(parents=True, exist_ok=True)
    left = [school for school in schools if _finished(school, out) is None]
    with click.progressbar(length=len(schools), label="schools") as bar:
        bar.update(len(schools) - len(left))
        _form_all(left, out, workers or os.cpu_count() or 1, bar.update)
    rows = [_summary_row(school, _finished(school, out) or {}) for school in schools]
    write_whole(out / "summary.csv", csv_bytes(list(SUMMARY), rows))
    return len(left), len(schools) - len(left)


def _form_all(schools: list[School], out: Path, workers: int, formed: Callable[[int], None]) -> None:
    """Form them in processes of their own. Stopped by a signal (or a fault), nothing more is begun or finished."""
    pool = ProcessPoolExecutor(workers, initializer=_end_when_told)
    try:
        for done in as_completed([pool.submit(_form_school, school, out) for school in schools]):
            done.result()
            formed(1)
    except BaseException:
        for process in active_children():
            process.terminate()
        raise
    finally:
        pool.shutdown(cancel_futures=True)


def _end_when_told() -> None:
    """In a process of the pool: the interrupt is the parent's to answer; its word to end is obeyed at once."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)


def _form_school(school: School, out: Path) -> None:
    result = form_classes(school.value)
    check = check_classes(school.value, result)
    if not check.passed:
        raise click.ClickException(f"{school.code}: the checker refuses the lists: {check}")
    folder = out / school.code
    folder.mkdir(exist_ok=True)
    write_whole(folder / "classes.csv", csv_bytes(["no", "class"], result.classes))
    write_whole(folder / "report.json", canonical_json(dict(result.report)))


def _finished(school: School, out: Path) -> Mapping[str, Any] | None:
    """The report that stands for this very input, or None. It is written last, so its lists stand too."""
    try:
        report = json.loads((out / school.code / "report.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    is_same = isinstance(report, dict) and report.get("input_sha256") == school.value.sha256()
    return report if is_same else None


def _summary_row(school: School, report: Mapping[str, Any]) -> tuple[str, ...]:
    spread = dict(report["spread"])
    total = spread.pop("score", "")
    worst = max(spread.values(), key=Fraction, default="")
    way = "draw" if "draw" in report["steps"] else "floor"
    counts = (str(len(school.value.pupils)), str(school.value.options.classes))
    return (school.code, *counts, way, total, worst, str(len(report["violations"])), report["input_sha256"])


def compare_ways(value: ClassInput, tolerance: int, draws: int) -> dict[str, Any]:
    """What the floor and the draw make of an intake over `draws` seeds each: spreads, and how random the lists are.

    Seeds are the seed text, "/" and 1, 2, 3 …: they are for looking, the ceremony's seed is another one.
    """
    ways = {"floor": None, "draw": tolerance} if value.means_reported else {"draw": None}
    told = {}
    for way, box in ways.items():
        meetings = Meetings(len(value.pupils), value.options.classes)
        worst: dict[str, str] = {}
        for turn in range(1, draws + 1):
            options = replace(value.options, seed=f"{value.options.seed}/{turn}", tolerance=box)
            result = form_classes(replace(value, options=options))
            meetings.add([number - 1 for _, number in result.classes])
            worst = _worst(worst, result)
        told[way] = {"worst_spread": worst} | _shown(meetings.told())
    return {"pupils": len(value.pupils), "classes": value.options.classes, "draws": draws, "ways": told}


def _worst(worst: Mapping[str, str], result: ClassResult) -> dict[str, str]:
    spread: Mapping[str, str] = result.report["spread"]
    return {name: max(text, worst.get(name, "0.0000"), key=Fraction) for name, text in spread.items()}


def _shown(told: Randomness) -> dict[str, Any]:
    return {
        "dispersion": decimals(told.dispersion),
        "never_met": told.never_met,
        "never_met_ideal": decimals(told.never_met_ideal),
        "chance": decimals(told.chance),
    }

"""Classes side by side: our former, other ways to divide, solvers where they end, and the theoretical bound."""

import time
from collections.abc import Callable, Iterable

import numpy as np
from numpy.typing import NDArray

from backend.classes.rules.bounds import bounds_of
from backend.classes.rules.certificate import no_swap_improves
from backend.classes.rules.forming import form_classes
from backend.classes.rules.report import class_report
from backend.classes.rules.values import ClassInput
from bench.classes.draws import TOLERANCES, kept
from bench.classes.intake import given, intake
from bench.classes.peers import exchange_search, snake, stratified
from bench.classes.solvers import Solved, cp_sat, milp

Integers = NDArray[np.int64]
SOLVER_SECONDS = 60
HEAD = "| way | CPU s | size / sex / ethnicity / place | total | worst subject | |\n|---|---:|---|---:|---:|---|"


def measure() -> str:
    """Tables of 1,000 into 20, 2,000 into 40, 200 into 10, 40 into 2, and how random the lists are."""
    large, huge = given(intake(1_000), 20, "bench"), given(intake(2_000), 40, "bench")
    middle, small = given(intake(200), 10, "bench"), given(intake(40), 2, "bench")
    return (
        "\n\n".join(
            [
                "# Classes: quality and time side by side\n\nSpread is max − min of the class means, in points.",
                _table("1,000 pupils into 20 classes, total and three subjects", large, solve=True),
                _table("2,000 pupils into 40 classes", huge, solve=False),
                _table("200 pupils into 10 classes (or-tools issue 4089's size)", middle, solve=True),
                _table("40 pupils into 2 classes (where exact solvers end)", small, solve=True),
                _randomness(),
            ]
        )
        + "\n"
    )


def _table(title: str, value: ClassInput, *, solve: bool) -> str:
    rows = [
        _timed("snake draft by sex and total", value, lambda: snake(value)),
        _timed("stratified random", value, lambda: stratified(value)),
        _timed("exchange search (our imitation of anticlust's), one sweep", value, lambda: exchange_search(value)),
        _timed("ours: draw within 0.5 points", value, lambda: _ours(value, 50)),
        _timed("ours: floor", value, lambda: _ours(value, None), certified=True),
    ]
    if solve:
        rows += [
            _solved(f"CP-SAT, one worker, {SOLVER_SECONDS} s", value, cp_sat(value, SOLVER_SECONDS)),
            _solved(f"MILP (SCIP), {SOLVER_SECONDS} s", value, milp(value, SOLVER_SECONDS)),
        ]
    return f"## {title}\n\n{HEAD}\n" + "\n".join([*rows, _bound(value)])


def _ours(value: ClassInput, tolerance: int | None) -> Integers:
    result = form_classes(given(value.pupils, value.options.classes, value.options.seed, tolerance))
    return np.array([number - 1 for _, number in result.classes])


def _timed(name: str, value: ClassInput, way: Callable[[], Integers], *, certified: bool = False) -> str:
    began = time.process_time()
    class_of = way()
    took = time.process_time() - began
    lists = {one.no: number + 1 for one, number in zip(value.pupils, class_of.tolist(), strict=True)}
    certificate = "no exchange of two improves it" if certified and no_swap_improves(value, lists) else ""
    return _row(name, took, value, class_of, certificate)


def _solved(name: str, value: ClassInput, solved: Solved) -> str:
    if solved.class_of is None:
        return f"| {name} | {solved.seconds:.0f} | no solution found | | | |"
    return _row(name, solved.seconds, value, solved.class_of, "proved best (total only)" if solved.is_proved else "")


def _row(name: str, seconds: float, value: ClassInput, class_of: Integers, remark: str) -> str:
    report = class_report(value, bounds_of(value), class_of, ["floor"], tolerance_kept=True)
    worst = [max(report["sizes"]) - min(report["sizes"])]
    worst += [_difference(report["counts"][name].values()) for name in ("sex", "ethnicity", "household")]
    spread = dict(report["spread"])
    total = spread.pop("score")
    shown = " / ".join(map(str, worst))
    return f"| {name} | {seconds:.2f} | {shown} | {total} | {max(spread.values(), key=float)} | {remark} |"


def _difference(counts: Iterable[list[int]]) -> int:
    return max(max(row) - min(row) for row in counts)


def _bound(value: ClassInput) -> str:
    lists = np.arange(len(value.pupils)) % value.options.classes
    told = class_report(value, bounds_of(value), lists, ["floor"], tolerance_kept=True)["lower_bound"]
    worst = [told["sizes"], *(max(told["counts"][name].values()) for name in ("sex", "ethnicity", "household"))]
    spread = dict(told["spread"])
    total = spread.pop("score")
    return f"| theoretical bound | | {' / '.join(map(str, worst))} | {total} | {max(spread.values(), key=float)} | |"


def _randomness() -> str:
    """From the lists kept by `python -m bench.classes.draws`; ways without lists are left out."""
    rows = []
    for way in (*TOLERANCES, "snake", "stratified"):
        meetings = kept(way)
        if meetings is not None:
            told = meetings.told()
            met = f"{told.never_met} | {float(told.never_met_ideal):.0f}"
            rows.append(f"| {way} | {told.draws} | {float(told.dispersion):.3f} | {met} | {float(told.chance):.2f} |")
    head = "| way | lists | pair dispersion | pairs that never met | ideal | chance of a class (1 = 1/K) |\n|---|---:|---:|---:|---:|---:|"
    return f"## Randomness of 1,000 into 20\n\n{head}\n" + "\n".join(rows)

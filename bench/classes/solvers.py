"""Exact solvers on the same problem: CP-SAT and a MILP, with every hard bound, minimising the spread of the total."""

import time
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from ortools.linear_solver import pywraplp  # type: ignore[import-untyped]
from ortools.sat.python import cp_model

from backend.classes.rules.bounds import Bounds, bounds_of
from backend.classes.rules.values import ClassInput, total_of

Integers = NDArray[np.int64]


@dataclass(frozen=True)
class Solved:
    """Where a solver ended: the lists or None, whether they are proved best, the wall seconds it took."""

    class_of: Integers | None
    is_proved: bool
    seconds: float


def cp_sat(value: ClassInput, limit: int) -> Solved:
    """CP-SAT with one worker, `limit` seconds."""
    bounds, model = bounds_of(value), cp_model.CpModel()
    pupils, classes = range(bounds.pupils), range(bounds.classes)
    sits = [[model.new_bool_var("") for _ in classes] for _ in pupils]
    for pupil in pupils:
        model.add_exactly_one(sits[pupil])
    for entry, number in _bounded(bounds):
        held = sum(sits[pupil][number] for pupil in np.flatnonzero(bounds.has[:, entry]).tolist())
        model.add_linear_constraint(held, int(bounds.low[entry]), int(bounds.high[entry]))
    points = [total_of(one) for one in value.pupils]
    low, high = model.new_int_var(0, sum(points), ""), model.new_int_var(0, sum(points), "")
    for number in classes:
        total = sum(points[pupil] * sits[pupil][number] for pupil in pupils)
        model.add(low <= total)
        model.add(total <= high)
    model.minimize(high - low)
    solver = cp_model.CpSolver()
    solver.parameters.max_time_in_seconds, solver.parameters.num_workers = limit, 1
    began = time.perf_counter()
    status = solver.solve(model)
    took = time.perf_counter() - began
    if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return Solved(None, is_proved=False, seconds=took)
    lists = np.array([next(k for k in classes if solver.value(sits[pupil][k])) for pupil in pupils])
    return Solved(lists, status == cp_model.OPTIMAL, took)


def milp(value: ClassInput, limit: int) -> Solved:
    """SCIP's branch and bound on the same model, `limit` seconds."""
    bounds, solver = bounds_of(value), pywraplp.Solver.CreateSolver("SCIP")
    solver.SetTimeLimit(limit * 1_000)
    pupils, classes = range(bounds.pupils), range(bounds.classes)
    sits = [[solver.BoolVar("") for _ in classes] for _ in pupils]
    for pupil in pupils:
        solver.Add(sum(sits[pupil]) == 1)
    for entry, number in _bounded(bounds):
        held = sum(sits[pupil][number] for pupil in np.flatnonzero(bounds.has[:, entry]).tolist())
        solver.Add(held >= int(bounds.low[entry]))
        solver.Add(held <= int(bounds.high[entry]))
    points = [total_of(one) for one in value.pupils]
    low, high = solver.NumVar(0, sum(points), ""), solver.NumVar(0, sum(points), "")
    for number in classes:
        total = sum(points[pupil] * sits[pupil][number] for pupil in pupils)
        solver.Add(total >= low)
        solver.Add(total <= high)
    solver.Minimize(high - low)
    began = time.perf_counter()
    status = solver.Solve()
    took = time.perf_counter() - began
    if status not in (pywraplp.Solver.OPTIMAL, pywraplp.Solver.FEASIBLE):
        return Solved(None, is_proved=False, seconds=took)
    lists = np.array([int(np.argmax([one.solution_value() for one in sits[pupil]])) for pupil in pupils])
    return Solved(lists, status == pywraplp.Solver.OPTIMAL, took)


def _bounded(bounds: Bounds) -> list[tuple[int, int]]:
    return [(entry, number) for entry in range(len(bounds.low)) for number in range(bounds.classes)]

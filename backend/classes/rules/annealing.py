"""Stage 1, the last resort: annealed exchanges of units, in integers, where the repair is stuck."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from backend.classes.rules.bounds import Bounds
from backend.classes.rules.stream import Stream
from backend.classes.rules.units import Units

Integers = NDArray[np.int64]
STEPS_A_UNIT = 2_000
FEWEST_STEPS, MOST_STEPS = 100_000, 300_000
CHUNK = 4_000
CHANCE_BITS = 32
CHANCE_BASE = 1 << 12
FIRST_CHANCE = 800
LAST_CHANCE = 25
MOST_WORSE = 12
MOST_UNITS = 40_000

SparseCounts = Sequence[tuple[int, int]]


@dataclass
class _State:
    """What the loop reads and writes, in plain lists: classes of units, counts by class, penalties by count."""

    class_of: list[int]
    held: list[list[int]]
    penalty: list[list[int]]
    has: list[SparseCounts]
    cost: int


def anneal(
    bounds: Bounds, units: Units, class_of_unit: Integers, weight: Integers, stream: Stream, floor: int
) -> Integers:
    """The best state seen of a cooled walk over exchanges of two units; shape (units,).

    A step draws two units and exchanges their classes; a change that makes the weighted heads outside the bounds
    worse by d is accepted with the chance (c / 4096)^d, c falling evenly from 800 to 25. The walk ends after
    2,000 steps a unit (at least 100,000, at most 300,000), or where the weighted cost is `floor` or less.
    More than 40,000 units (no school) are left as they are: the draws of a step would not fit 63 bits.
    """
    state = _start(bounds, units, class_of_unit, weight)
    best_cost, best = state.cost, list(state.class_of)
    count = len(units.sizes)
    if count > MOST_UNITS:
        return class_of_unit
    steps = min(MOST_STEPS, max(FEWEST_STEPS, STEPS_A_UNIT * count))
    for start in range(0, steps, CHUNK):
        if best_cost <= floor:
            break
        chances = _chances(FIRST_CHANCE - (FIRST_CHANCE - LAST_CHANCE) * start // steps)
        draws = stream.many_below(count * count << CHANCE_BITS, CHUNK)
        picks = (draws >> CHANCE_BITS).tolist()
        limits = (draws & ((1 << CHANCE_BITS) - 1)).tolist()
        for pick, limit in zip(picks, limits, strict=True):
            if _exchange(state, pick // count, pick % count, limit, chances) and state.cost < best_cost:
                best_cost, best = state.cost, list(state.class_of)
    return np.array(best, dtype=np.int64)


def _start(bounds: Bounds, units: Units, class_of_unit: Integers, weight: Integers) -> _State:
    held = np.zeros((bounds.classes, len(bounds.low)), dtype=np.int64)
    np.add.at(held, class_of_unit, units.has)
    counts = np.arange(bounds.pupils + 1)[:, None]
    penalty = (bounds.excess(counts) * weight).T.tolist()
    has: list[SparseCounts] = [
        [(int(entry), int(row[entry])) for entry in np.flatnonzero(row * weight)] for row in units.has
    ]
    cost = int((bounds.excess(held) @ weight).sum())
    return _State(class_of_unit.tolist(), held.tolist(), penalty, has, cost)


def _chances(chance: int) -> list[int]:
    """For each worsening d the number of 32 bits below which it is accepted."""
    return [(chance**worse << CHANCE_BITS) // CHANCE_BASE**worse for worse in range(MOST_WORSE)]


def _exchange(state: _State, first: int, second: int, limit: int, chances: list[int]) -> bool:
    here, there = state.class_of[first], state.class_of[second]
    if here == there:
        return False
    moved = dict(state.has[first])
    for entry, count in state.has[second]:
        moved[entry] = moved.get(entry, 0) - count
    left, right = state.held[here], state.held[there]
    worse = 0
    for entry, count in moved.items():
        if count:
            cost, at_left, at_right = state.penalty[entry], left[entry], right[entry]
            worse += cost[at_left - count] - cost[at_left] + cost[at_right + count] - cost[at_right]
    if worse > 0 and (worse >= MOST_WORSE or limit >= chances[worse]):
        return False
    for entry, count in moved.items():
        left[entry] -= count
        right[entry] += count
    state.class_of[first], state.class_of[second] = there, here
    state.cost += worse
    return True

"""Stage 1, the repair: exchanges and moves of units until every hard bound that can be kept is kept."""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from backend.classes.rules.annealing import anneal
from backend.classes.rules.bounds import SEX, Bounds
from backend.classes.rules.stream import Stream
from backend.classes.rules.units import Units

Integers = NDArray[np.int64]
FAR = np.int64(1) << 40
WEIGHT_ABOVE = 2
TENURE = 6
STEPS = 800
ANNEALINGS = 2


@dataclass
class _Search:
    """The state of one search: the classes of the units, what they hold, and the best state seen."""

    bounds: Bounds
    units: Units
    stream: Stream
    class_of: Integers
    weight: Integers = field(init=False)
    held: Integers = field(init=False)
    free_at: Integers = field(init=False)
    step: int = 0

    def __post_init__(self) -> None:
        self.held = np.zeros((self.bounds.classes, len(self.bounds.low)), dtype=np.int64)
        np.add.at(self.held, self.class_of, self.units.has)
        self.free_at = np.zeros(len(self.class_of), dtype=np.int64)
        self.weight = np.zeros(len(self.bounds.low), dtype=np.int64)

    def cost(self, level: int) -> tuple[int, ...]:
        """Heads outside the bounds, level by level, down to `level`."""
        outside = self.bounds.excess(self.held).sum(axis=0)
        return tuple(int(outside[self.bounds.level == above].sum()) for above in range(level + 1))

    def unavoidable(self, level: int) -> int:
        """Heads outside the bounds of this level in any division: a unit that alone holds too many."""
        alone = np.maximum(self.units.has - self.bounds.high, 0).sum(axis=0)
        return int(alone[self.bounds.level == level].sum())

    def place(self, class_of: Integers) -> None:
        """Take these classes of the units for the state."""
        self.class_of = class_of
        self.held[:] = 0
        np.add.at(self.held, class_of, self.units.has)

    def keep_better(self, level: int, class_of: Integers) -> None:
        """Take these classes of the units where they cost less than the state."""
        before, cost = self.class_of, self.cost(level)
        self.place(class_of)
        if self.cost(level) >= cost:
            self.place(before)

    def penalty(self, held: Integers) -> Integers:
        return np.asarray(self.bounds.excess(held) @ self.weight)

    def aim_at(self, level: int) -> None:
        """Weigh this level once and those above it more; levels below do not count yet."""
        self.weight = np.where(self.bounds.level < level, WEIGHT_ABOVE, 1) * (self.bounds.level <= level)
        self.free_at[:] = 0
        self.step = 0


def repair(bounds: Bounds, units: Units, class_of_unit: Integers, stream: Stream) -> Integers:
    """The classes of the units after the search; shape (units,).

    Level after level, from the size down: as long as a count lies outside its bounds, one such count is drawn, a
    unit that can mend it is drawn, and its best exchange or move by weighted heads outside is made, even where it
    makes things worse; a unit just moved rests for some steps. The best state of all levels so far is kept.
    Where that does not mend a level, exchanges are annealed. Where size or sex cannot be kept the search ends:
    the caller then lets a `together` label go.
    """
    search = _Search(bounds, units, stream, class_of_unit.copy())
    for level in range(bounds.levels):
        _mend_level(search, level)
        if level <= SEX and search.cost(level)[level]:
            break
    return search.class_of


def _mend_level(search: _Search, level: int) -> None:
    search.aim_at(level)
    goal = (*search.cost(level)[:level], search.unavoidable(level))
    _mend_by_steps(search, level, goal)
    for _ in range(ANNEALINGS):
        if search.cost(level) <= goal:
            break
        floor = sum(goal) * WEIGHT_ABOVE - goal[level] * (WEIGHT_ABOVE - 1)
        found = anneal(search.bounds, search.units, search.class_of, search.weight, search.stream, floor)
        search.keep_better(level, found)


def _mend_by_steps(search: _Search, level: int, goal: tuple[int, ...]) -> None:
    best_cost, best = search.cost(level), search.class_of.copy()
    for search.step in range(STEPS):
        if best_cost <= goal or not _one_step(search):
            break
        cost = search.cost(level)
        if cost < best_cost:
            best_cost, best = cost, search.class_of.copy()
    search.place(best)


def _one_step(search: _Search) -> bool:
    outside = search.bounds.excess(search.held) * search.weight
    places = np.argwhere(outside > 0)
    if len(places) == 0:
        return False
    number, entry = places[search.stream.below(len(places))]
    too_many = search.held[number, entry] > search.bounds.high[entry]
    holds = search.units.has[:, entry] > 0
    in_class = search.class_of == number
    movers = np.flatnonzero(holds & (in_class if too_many else ~in_class))
    if len(movers) == 0:
        return True
    mover = int(movers[search.stream.below(len(movers))])
    _make_best(search, mover, None if too_many else int(number))
    return True


def _make_best(search: _Search, mover: int, target: int | None) -> None:
    here = int(search.class_of[mover])
    has, held, class_of = search.units.has, search.held, search.class_of
    now = search.penalty(held)
    others = np.flatnonzero((class_of != here) if target is None else (class_of == target))
    there = class_of[others]
    change = has[others] - has[mover]
    gain = search.penalty(held[here] + change) - now[here] + search.penalty(held[there] - change) - now[there]
    rests = np.maximum(search.free_at[others], search.free_at[mover]) > search.step
    classes = np.array([number for number in range(len(held)) if number != here and target in (None, number)])
    moves = (
        search.penalty(held[here] - has[mover]) - now[here] + search.penalty(held[classes] + has[mover]) - now[classes]
    )
    options = np.concatenate([np.where(rests, gain + FAR, gain), moves])
    best = np.flatnonzero(options == options.min())
    chosen = int(best[search.stream.below(len(best))])
    partner = int(others[chosen]) if chosen < len(others) else None
    _apply(search, mover, partner, int(there[chosen]) if partner is not None else int(classes[chosen - len(others)]))


def _apply(search: _Search, mover: int, partner: int | None, target: int) -> None:
    here = int(search.class_of[mover])
    has = search.units.has
    change = has[mover] if partner is None else has[mover] - has[partner]
    search.held[here] -= change
    search.held[target] += change
    search.class_of[mover] = target
    tenure = search.step + 2 + search.stream.below(TENURE)
    search.free_at[mover] = tenure
    if partner is not None:
        search.class_of[partner] = here
        search.free_at[partner] = tenure

"""Each unit's holders in order, kept up change by change: the exact rank for the answer to one change, in microseconds."""

from array import array
from bisect import bisect_left, insort
from collections.abc import Sequence

from backend.zhongkao.rules.live_ranks import NO_UNIT, Choices, Counts, Ranks
from backend.zhongkao.rules.standing import Place


class UnitLists:
    """Who holds what after the last change applied; positions and unit numbers as in `live_ranks`."""

    def __init__(self, level_from: Counts, level_to: Counts, plan: Sequence[int], held: Ranks, choice: Choices) -> None:
        self._level_from = level_from
        self._level_to = level_to
        self._plan = plan
        self._unit_of = array("H", choice.tobytes())
        self._holders = [
            array("I", held.holders[held.starts[unit] : held.starts[unit + 1]].tobytes()) for unit in range(len(plan))
        ]

    def unit_of(self, position: int) -> int:
        """The number of the unit that the candidate at this position holds, NO_UNIT for none."""
        return self._unit_of[position]

    def move(self, position: int, unit: int) -> None:
        """Let the candidate leave what he holds and hold `unit` (NO_UNIT: nothing)."""
        left = self._unit_of[position]
        if left == unit:
            return
        if left != NO_UNIT:
            del self._holders[left][bisect_left(self._holders[left], position)]
        if unit != NO_UNIT:
            insort(self._holders[unit], position)
        self._unit_of[position] = unit

    def chosen(self, unit: int) -> int:
        """How many hold the unit."""
        return len(self._holders[unit])

    def lowest(self, unit: int) -> int | None:
        """The position at the last place of the plan, None unless it is filled."""
        plan, holders = self._plan[unit], self._holders[unit]
        return holders[plan - 1] if 0 < plan <= len(holders) else None

    def place(self, position: int, unit: int) -> Place:
        """His place in `unit`: the one he has, or, where he does not hold it, the one he would have if he moved."""
        holders = self._holders[unit]
        better = bisect_left(holders, int(self._level_from[position]))
        level_with = bisect_left(holders, int(self._level_to[position]), better) - better
        if self._unit_of[position] != unit:
            level_with += 1
        return Place(better + 1, level_with, better < self._plan[unit])

"""托管志愿: where the candidates' lists lead at one moment: from the best down, each to the first unit with a place.

A candidate without a standing order has a list of one: what he holds. With one common order this is the only stable
outcome (serial dictatorship), and it does not depend on when anybody moved (algorithms part 5).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby


@dataclass(frozen=True, slots=True)
class Lister:
    """A candidate with his standing (0 = best, equal = level) and the units he would take, best first."""

    id: int
    standing: int
    units: tuple[int, ...]


def settle_lists(listers: Sequence[Lister], plan: Mapping[int, int]) -> dict[int, int | None]:
    """The unit each candidate gets, or None.

    Those of one standing see the same free units and are served together: a unit takes a whole level as long as fewer
    than `plan` better ones are in it, so the last place may be given to several (over plan), as in A56.
    """
    taken = dict.fromkeys(plan, 0)
    found: dict[int, int | None] = {}
    for _, level in groupby(sorted(listers, key=lambda one: (one.standing, one.id)), key=lambda one: one.standing):
        served = {
            one.id: next((unit for unit in one.units if taken.get(unit, 0) < plan.get(unit, 0)), None) for one in level
        }
        for unit in served.values():
            if unit is not None:
                taken[unit] += 1
        found |= served
    return found

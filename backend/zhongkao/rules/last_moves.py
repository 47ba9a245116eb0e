"""What last-minute moves came to (wish 6): seat-holding pairs, the chains they make, and the admission without them.

A pair is somebody who left a place inside the plan late and somebody who came in after him and is inside only because of
that. Pairs that share a person make a chain. The replay lets each of a pair stay where he was; everybody else stands as he
stood: what others would have done nobody knows.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from backend.zhongkao.rules.late_leavers import LateLeaver
from backend.zhongkao.rules.standing import lowest_inside


@dataclass(frozen=True, slots=True)
class LastMoves:
    """Counts of one session. `longest`: pairs in the longest chain; `differing`: who would be admitted elsewhere, or no
    longer, or for the first time, without the pairs; `losing`: those of them who would have no place.
    """

    leavers: int
    pairs: int
    chains: int
    longest: int
    differing: int
    losing: int


def last_moves(
    leavers: Sequence[LateLeaver],
    final: Mapping[int, int | None],
    came_from: Mapping[tuple[int, int], int | None],
    standing_of: Mapping[int, int],
    plan: Mapping[int, int],
) -> LastMoves:
    """The counts. `came_from`: what somebody held before he came into a unit, by candidate and unit."""
    pairs = [(one.candidate, friend) for one in leavers for friend in one.entered_after]
    without = dict(final)
    for one in leavers:
        without |= {friend: came_from.get((friend, one.unit)) for friend in one.entered_after}
    without |= {one.candidate: one.unit for one in leavers if one.entered_after}
    held, instead = (admitted_of(holding, standing_of, plan) for holding in (final, without))
    differing = {one for one in final if held.get(one) != instead.get(one)}
    sizes = _chains(pairs)
    return LastMoves(
        len(leavers),
        len(pairs),
        len(sizes),
        max(sizes, default=0),
        len(differing),
        sum(one not in instead for one in differing),
    )


def admitted_of(
    holding: Mapping[int, int | None], standing_of: Mapping[int, int], plan: Mapping[int, int]
) -> dict[int, int]:
    """The unit of everybody who stands inside the plan of what he holds."""
    there: dict[int, list[int]] = {unit: [] for unit in plan}
    for candidate, unit in holding.items():
        if unit is not None:
            there[unit].append(standing_of[candidate])
    line = {unit: lowest_inside(standings, plan[unit]) for unit, standings in there.items()}
    return {
        candidate: unit
        for candidate, unit in holding.items()
        if unit is not None and plan[unit] and ((last := line[unit]) is None or standing_of[candidate] <= last)
    }


def _chains(pairs: Iterable[tuple[int, int]]) -> list[int]:
    """How many pairs each group of persons linked by pairs has."""
    chains: list[tuple[set[int], int]] = []
    for pair in pairs:
        joined = [one for one in chains if one[0] & set(pair)]
        chains = [one for one in chains if one not in joined]
        chains.append((set(pair).union(*(people for people, _ in joined)), 1 + sum(many for _, many in joined)))
    return [many for _, many in chains]

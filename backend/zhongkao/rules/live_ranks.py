"""All ranks of everybody at once, from one fixed order of candidates and who chose what (A54): the live rank's engine.

Scores are known before choosing starts, so every candidate has one position for good: by standing, then id. A unit's
rank list is then “who chose it”, in the order of positions, and one pass over the choices gives every rank. The result
is by construction that of `standing.places_in_unit`, and a property test holds the two against each other.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from backend.zhongkao.rules.session import Candidate
from backend.zhongkao.rules.standing import standings

NO_UNIT = 0
MOST_UNITS = 65_535
NOBODY = 0xFFFFFFFF

Counts = npt.NDArray[np.uint32]
Choices = npt.NDArray[np.uint16]


class TooManyUnits(ValueError):
    """A board has at most 65,535 units: a choice is kept in 16 bits."""


@dataclass(frozen=True, slots=True)
class GlobalOrder:
    """The candidates from the best down; arrays are by position.

    `level_from[p]` and `level_to[p]` are the first position of p's standing and the one after its last.
    """

    ids: tuple[str, ...]
    level_from: Counts
    level_to: Counts

    def __len__(self) -> int:
        return len(self.ids)


@dataclass(frozen=True, slots=True)
class Ranks:
    """Everybody's place at one moment.

    By position: `rank` (1-2-2-4; 0 = holds nothing) and `level_with` (how many hold exactly this rank, himself
    included). By unit number 1..m (index 0 is nobody's): `chosen`, `admitted` (rank <= plan), `lowest` (the position
    at the last place of the plan, NOBODY unless it is filled). `holders[starts[u]:starts[u + 1]]` are the positions
    that hold unit u, best first.
    """

    rank: Counts
    level_with: Counts
    chosen: Counts
    admitted: Counts
    lowest: Counts
    holders: Counts
    starts: Counts


def global_order(candidates: Sequence[Candidate]) -> GlobalOrder:
    """The order by standing, then id in byte order; equal standing is one level."""
    standing_of = standings(candidates)
    ids = tuple(sorted(standing_of, key=lambda name: (standing_of[name], name.encode())))
    standing = np.fromiter((standing_of[name] for name in ids), dtype=np.int64, count=len(ids))
    return GlobalOrder(ids, *levels_of(standing))


def levels_of(standing: npt.NDArray[np.int64]) -> tuple[Counts, Counts]:
    """For standings that never fall: of each position the first of its level and the one after the last."""
    first = np.searchsorted(standing, standing, side="left").astype(np.uint32)
    after = np.searchsorted(standing, standing, side="right").astype(np.uint32)
    return first, after


def all_ranks(choice: Choices, level_from: Counts, plan: Counts) -> Ranks:
    """Every rank for `choice` by position (unit numbers from 1, NO_UNIT = none) and `plan` by unit number.

    A stable sort of 16-bit numbers is a radix sort: it groups the positions by unit and keeps them best first.
    """
    units = len(plan)
    if units > MOST_UNITS:
        raise TooManyUnits(f"{units - 1} units are more than {MOST_UNITS - 1}")
    chosen = np.bincount(choice, minlength=units).astype(np.uint32)
    nobody = int(chosen[NO_UNIT])
    chosen[NO_UNIT] = 0
    starts = np.concatenate(([0], np.cumsum(chosen))).astype(np.uint32)
    grouped = np.argsort(choice, kind="stable")[nobody:]
    rank_held = np.arange(1, len(grouped) + 1, dtype=np.uint32)
    rank_held -= np.repeat(starts[:-1], chosen)
    first, size = _shared_levels(level_from.take(grouped, mode="clip"), starts)
    members = np.repeat(first - np.cumsum(size) + size, size) + np.arange(int(size.sum()))
    rank_held[members] = np.repeat(rank_held[first], size)
    rank = np.zeros(len(choice), dtype=np.uint32)
    rank[grouped] = rank_held
    level_with = (choice != NO_UNIT).astype(np.uint32)
    level_with[grouped[members]] = np.repeat(size, size)
    holders = grouped.astype(np.uint32)
    lowest = _lowest(holders, starts, chosen, plan)
    return Ranks(rank, level_with, chosen, _admitted(lowest, rank, level_with, chosen, plan), lowest, holders, starts)


def _shared_levels(level: Counts, starts: Counts) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Of each level that several holders of one unit share: where it begins in the grouped list, and how many they are."""
    follows = np.zeros(len(level), dtype=np.bool_)
    np.equal(level[1:], level[:-1], out=follows[1:])
    follows[starts[starts < len(level)]] = False
    second_and_later = np.flatnonzero(follows)
    opens = np.flatnonzero(np.diff(second_and_later, prepend=-1) != 1)
    size = np.diff(opens, append=len(second_and_later)) + 1
    return second_and_later[opens] - 1, size


def _admitted(lowest: Counts, rank: Counts, level_with: Counts, chosen: Counts, plan: Counts) -> Counts:
    """Everybody where the plan is not filled; else the better ones and all who stand level with the last."""
    admitted = np.where(plan > 0, chosen, 0).astype(np.uint32)
    filled = np.flatnonzero(lowest != NOBODY)
    last = lowest[filled]
    admitted[filled] = rank[last] - 1 + level_with[last]
    return admitted


def _lowest(holders: Counts, starts: Counts, chosen: Counts, plan: Counts) -> Counts:
    lowest = np.full(len(plan), NOBODY, dtype=np.uint32)
    filled = np.flatnonzero((plan > 0) & (chosen >= plan))
    lowest[filled] = holders[starts[filled] + plan[filled] - 1]
    return lowest

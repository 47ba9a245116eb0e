"""What a quota does to the lines of a school (wish 18): its places dealt out among those who want it, open and reserved.

It takes counts by standing and not persons, so that it costs the same for any number of candidates; the places are
dealt as `settle_reserves` deals them.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate

from backend.zhongkao.rules.reserves import First

Group = tuple[bool, str | None]
"""Whether open places can be theirs, and the junior school whose quota they have a right to (None: none)."""
Columns = list[list[int]]
"""Standings from the best down, the total of each, how many stand there."""
NOBODY = -1
"""Better than every standing."""


@dataclass(frozen=True, slots=True)
class Wanting:
    """A candidate who wants the school: standing (0 = best), total in hundredths, whether its open places can be his, and
    the junior school whose quota he has a right to (None: none).
    """

    standing: int
    total: int
    open: bool
    junior: str | None


@dataclass(frozen=True, slots=True)
class Levels:
    """Standings from the best down, and how many stand at each of them or better."""

    standings: Sequence[int]
    cumulative: Sequence[int]

    def until(self, standing: int) -> int:
        """How many stand there or better."""
        at = bisect_right(self.standings, standing)
        return self.cumulative[at - 1] if at else 0


NONE = Levels((), ())
Behind = tuple[Levels, int]
"""Those of a group who stand behind a standing."""


@dataclass(frozen=True, slots=True)
class Crowd:
    """Everybody who wants a school, by group, and the total of each standing in it (a better standing has no lower one)."""

    groups: Mapping[Group, Levels]
    totals: Mapping[int, int]

    @property
    def opened(self) -> dict[str | None, Levels]:
        """Those whom open places can fall to, by their junior school."""
        return {junior: levels for (is_open, junior), levels in self.groups.items() if is_open}


def crowd_of(counted: Iterable[tuple[Group, Columns]]) -> Crowd:
    """The crowd of groups given as `count_in` makes them."""
    groups: dict[Group, Levels] = {}
    total_of: dict[int, int] = {}
    for group, (standings, totals, many) in counted:
        groups[group] = Levels(standings, list(accumulate(many)))
        total_of.update(zip(standings, totals, strict=True))
    return Crowd(groups, total_of)


def count_in(groups: dict[Group, Columns], one: Wanting, most_levels: int) -> None:
    """Count one more of them, who come the best first: of each group its standings, their totals, how many stand there.

    No group gets more than `most_levels`: a school never reaches more of any group than it has places, since those of a
    group who are admitted, on whatever kind of place, are its best and every level of them takes a place.
    """
    standings, totals, many = groups.setdefault((one.open, one.junior), [[], [], []])
    if standings and standings[-1] == one.standing:
        many[-1] += 1
    elif len(standings) < most_levels:
        standings.append(one.standing)
        totals.append(one.total)
        many.append(1)


@dataclass(frozen=True, slots=True)
class Effect:
    """The lowest total admitted on an open place and by each junior school's quota; None where places are left, or where
    there are none. `admitted` counts both kinds by junior school of the quota, "" for the open ones.
    """

    open_line: int | None
    lines: Mapping[str, int | None]
    admitted: Mapping[str, int]


def quota_effect(crowd: Crowd, places: int, quota: Mapping[str, int], first: First) -> Effect:
    """The lines where so many of the school's `places` are dealt to junior schools; what one does not use is open.

    Raises ValueError where the quota is more than the places.
    """
    dealt = sum(quota.values())
    if dealt > places:
        raise ValueError(f"{dealt} quota places of {places}")
    opened, left = crowd.opened, places - dealt
    best, many = NOBODY, 0
    if first == "open-first":
        best, many = _best([(levels, NOBODY) for levels in opened.values()], left)
        left -= many
    kept: dict[str, tuple[int, int]] = {}
    for junior, seats in quota.items():
        closed = crowd.groups.get((False, junior), NONE)
        kept[junior] = _best([(opened.get(junior, NONE), best), (closed, NOBODY)], seats)
        left += max(0, seats - kept[junior][1])
    behind = [(levels, max(best, kept.get(junior or "", (NOBODY, 0))[0])) for junior, levels in opened.items()]
    last, more = _best(behind, left)
    worst, is_full = max(best, last), many + more + sum(inside for _, inside in kept.values()) >= places
    return Effect(
        crowd.totals[worst] if worst != NOBODY and is_full else None,
        {
            junior: crowd.totals[kept[junior][0]] if seats and kept[junior][1] >= seats else None
            for junior, seats in quota.items()
        },
        {"": many + more, **{junior: inside for junior, (_, inside) in kept.items()}},
    )


def _best(groups: Sequence[Behind], many: int) -> tuple[int, int]:
    """The standing of the last of the best `many`, and how many that are with all who are level with him."""
    there = [
        (levels, levels.until(behind))
        for levels, behind in groups
        if levels.standings and levels.standings[-1] > behind
    ]
    if many <= 0 or not there:
        return NOBODY, 0

    def counted(standing: int) -> int:
        return sum(max(0, levels.until(standing) - before) for levels, before in there)

    last = max(levels.standings[-1] for levels, _ in there)
    worst = bisect_left(range(last), many, key=counted)
    return worst, counted(worst)

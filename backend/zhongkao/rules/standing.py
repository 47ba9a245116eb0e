"""The order of candidates: total, then each tie-breaker from the left, higher first; equal in all is one standing."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from backend.zhongkao.rules.session import Candidate

_LOWER_THAN_ANY_SCORE = -1


def standings(candidates: Sequence[Candidate]) -> dict[str, int]:
    """Each candidate's standing among all: 0 is the best, those equal in everything share one.

    A tie-breaker that a candidate lacks counts below every score, as a missing value comes last everywhere.
    """
    depth = max((len(candidate.ties) for candidate in candidates), default=0)

    def strength(candidate: Candidate) -> tuple[int, ...]:
        missing = (_LOWER_THAN_ANY_SCORE,) * (depth - len(candidate.ties))
        return (candidate.total, *candidate.ties, *missing)

    ordered = sorted(candidates, key=strength, reverse=True)
    return {
        candidate.id: standing
        for standing, (_, level) in enumerate(groupby(ordered, key=strength))
        for candidate in level
    }


@dataclass(frozen=True, slots=True)
class Place:
    """A place in one unit's list: the rank (1-2-2-4), how many stand exactly there, and whether it is inside the plan."""

    rank: int
    level_with: int
    admitted: bool


def places_in_unit(holders: Iterable[str], standing_of: Mapping[str, int], plan: int) -> dict[str, Place]:
    """The place of each who holds the unit, best first, then by id.

    Admitted is rank <= plan; whoever is level in everything with the last admitted has that same rank and is
    admitted too, over plan (A54, A56).
    """
    ordered = sorted(holders, key=lambda holder: (standing_of[holder], holder.encode()))
    places: dict[str, Place] = {}
    for _, level in groupby(ordered, key=standing_of.__getitem__):
        together = list(level)
        place = Place(len(places) + 1, len(together), len(places) < plan)
        places.update(dict.fromkeys(together, place))
    return places


def lowest_inside(standings_held: Iterable[int], plan: int) -> int | None:
    """The standing at the last place of the plan, or None while the plan is not filled (or has no place at all)."""
    ordered = sorted(standings_held)
    return ordered[plan - 1] if 0 < plan <= len(ordered) else None

"""双评: the score of one item from its readings, and who has to read it next (5.1, contracts 4)."""

from dataclasses import dataclass
from enum import StrEnum
from itertools import combinations


class Status(StrEnum):
    """Where the marking of one item of one script stands."""

    SETTLED = "settled"
    NEEDS_THIRD = "needs-third"
    NEEDS_LEADER = "needs-leader"


@dataclass(frozen=True, slots=True)
class Marks:
    """The readings of one item in hundredths; whole tenths, so that every mean is exact in hundredths."""

    first: int
    second: int
    third: int | None = None
    leader: int | None = None


@dataclass(frozen=True, slots=True)
class Settlement:
    """Where the item stands, and its score in hundredths once it is settled."""

    status: Status
    score: int | None


def settle(marks: Marks, tolerance: int, high: int | None = None) -> Settlement:
    """The settlement of one item; `tolerance` and `high` in hundredths.

    Two marks within the tolerance: their mean, or the higher where both reach `high` (高分保护, first pair only).
    Else the third reader: the mean of the two nearest of three if they are within the tolerance, of two pairs
    equally near the higher pair. Else the leader's mark. A reading that is not needed is ignored.
    """
    if abs(marks.first - marks.second) <= tolerance:
        protected = high is not None and min(marks.first, marks.second) >= high
        score = max(marks.first, marks.second) if protected else _mean(marks.first, marks.second)
        return Settlement(Status.SETTLED, score)
    if marks.third is None:
        return Settlement(Status.NEEDS_THIRD, None)
    nearest = min(
        combinations((marks.first, marks.second, marks.third), 2),
        key=lambda pair: (abs(pair[0] - pair[1]), -sum(pair)),
    )
    if abs(nearest[0] - nearest[1]) <= tolerance:
        return Settlement(Status.SETTLED, _mean(*nearest))
    if marks.leader is None:
        return Settlement(Status.NEEDS_LEADER, None)
    return Settlement(Status.SETTLED, marks.leader)


def _mean(one: int, other: int) -> int:
    return (one + other) // 2

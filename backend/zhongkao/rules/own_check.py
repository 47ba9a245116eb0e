"""自己核对: school and seat type from one's own score and the public line of each kind of seat (wish 4, A56).

A line is the last admitted's total and tie-breakers. Whoever held a unit at the close is admitted exactly where his own
do not come behind them; where the plan is not filled there is no line, and everybody who held it is admitted.
"""

from dataclasses import dataclass
from typing import Literal

Check = Literal["above", "level", "below", "not-full"]


@dataclass(frozen=True, slots=True)
class Line:
    """Total and tie-breakers in hundredths, as the year's rules order them."""

    total: int
    ties: tuple[int, ...]


def check_line(total: int, ties: tuple[int, ...], line: Line | None) -> Check:
    """How these scores stand to the line; None: the unit is not full. A tie-breaker that is missing is below any."""
    if line is None:
        return "not-full"
    depth = max(len(ties), len(line.ties))
    own, last = (
        (mark, *marks, *(-1,) * (depth - len(marks))) for mark, marks in ((total, ties), (line.total, line.ties))
    )
    if own == last:
        return "level"
    return "above" if own > last else "below"

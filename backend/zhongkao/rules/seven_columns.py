"""The statistics of a unit at a published time, in seven columns (domain 1.1-2, A52; T-1.1, T-1.2)."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

HUNDRED_PERCENT = 100


@dataclass(frozen=True, slots=True)
class SevenColumns:
    """招生计划数, 预计1:1投档最低分, 投档比例, 预计投档最低分, 应投档人数, 已报考人数, 缺档人数. Scores in hundredths, None: not full."""

    plan: int
    lowest_at_plan: int | None
    ratio_percent: int
    lowest_called: int | None
    called: int
    chosen: int
    missing: int


def seven_columns(
    plan: int, totals: Sequence[int], ratio_percent: int = HUNDRED_PERCENT, rounds: Literal["up", "down"] = "up"
) -> SevenColumns:
    """The columns for a unit whose holders have these totals, in any order."""
    ordered = sorted(totals, reverse=True)
    exact = plan * ratio_percent
    called = -(-exact // HUNDRED_PERCENT) if rounds == "up" else exact // HUNDRED_PERCENT
    return SevenColumns(
        plan,
        _at(ordered, plan),
        ratio_percent,
        _at(ordered, called),
        called,
        len(ordered),
        max(0, called - len(ordered)),
    )


def _at(ordered: Sequence[int], place: int) -> int | None:
    return ordered[place - 1] if 0 < place <= len(ordered) else None

"""一分一段表 and 位次表: how many candidates stand at each score, at it or above, and which ranks a score means (A51)."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ScoreStep:
    """One row of the table: the score in hundredths, the candidates at it, the candidates at it or above."""

    score: int
    at: int
    cumulative: int


def one_fen_table(counts: Mapping[int, int]) -> list[ScoreStep]:
    """The rows from the highest score down, of how many have each score; scores that nobody has are left out (T-1.14)."""
    rows: list[ScoreStep] = []
    cumulative = 0
    for score in sorted(counts, reverse=True):
        cumulative += counts[score]
        rows.append(ScoreStep(score, counts[score], cumulative))
    return rows


@dataclass(frozen=True, slots=True)
class RankStep:
    """One row: the score in hundredths, the first and last place it means in the group, and in the whole city."""

    score: int
    first: int
    last: int
    city_first: int
    city_last: int


def rank_table(group: Mapping[int, int], city: Mapping[int, int]) -> list[RankStep]:
    """The rows of a group's 位次表 from the highest score down, of how many in it and in the whole city have each total.

    By totals alone: the sums that order equal totals are single children's marks and are not shown.
    """
    of_city = {step.score: step for step in one_fen_table(city)}
    return [
        RankStep(
            step.score,
            step.cumulative - step.at + 1,
            step.cumulative,
            of_city[step.score].cumulative - of_city[step.score].at + 1,
            of_city[step.score].cumulative,
        )
        for step in one_fen_table(group)
    ]

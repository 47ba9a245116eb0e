"""一分一段表: how many candidates stand at each score, and how many at it or above (A51)."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ScoreStep:
    """One row of the table: the score in hundredths, the candidates at it, the candidates at it or above."""

    score: int
    at: int
    cumulative: int


def one_fen_table(totals: Iterable[int]) -> list[ScoreStep]:
    """The rows from the highest score down; scores that nobody has are left out (T-1.14)."""
    counts = Counter(totals)
    rows: list[ScoreStep] = []
    cumulative = 0
    for score in sorted(counts, reverse=True):
        cumulative += counts[score]
        rows.append(ScoreStep(score, counts[score], cumulative))
    return rows

"""How good forecasts were, once the lines are known (wish 7): how many lay between the ends, and the pinball loss.

Beside them two who know nothing: last year's line, and the lowest inside at the moment of the reading.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from backend.zhongkao.rules.forecast import Forecast

TENTHS = (1, 5, 9)
"""The chances, in tenths, that the line lies below the low end, the middle and the high end."""
TEN = 10


@dataclass(frozen=True, slots=True)
class Outcome:
    """A unit's forecast, the line it came to (None: not filled), last year's line as published, and the lowest inside at
    the reading (None where there was none). Hundredths of a point.
    """

    forecast: Forecast
    line: int | None
    last_year: int | None
    current: int | None


@dataclass(frozen=True, slots=True)
class Scored:
    """One reading: how many were foretold, how many of those were certain, how many lines of the others lay between the
    ends; and the mean pinball loss in hundredths of a point over the `compared` and the `compared_last_year` units where
    all numbers are there (None: no such unit).
    """

    foretold: int
    certain: int
    inside: int
    compared: int
    loss: int | None
    loss_current: int | None
    compared_last_year: int
    loss_beside_last_year: int | None
    loss_last_year: int | None


def pinball(foretold: int, line: int, tenths: int) -> int:
    """The loss of one quantile, times ten: too low costs by its chance, too high by the rest."""
    return tenths * (line - foretold) if line >= foretold else (TEN - tenths) * (foretold - line)


def scored(outcomes: Iterable[Outcome]) -> Scored:
    """The score of one reading. What was certain is left out of the count of those between the ends."""
    every = list(outcomes)
    open_ones = [one for one in every if not one.forecast.is_certain]
    now = [(one, one.current) for one in open_ones if one.current is not None and _is_number(one)]
    then = [(one, one.last_year) for one in open_ones if one.last_year is not None and _is_number(one)]
    return Scored(
        foretold=len(every),
        certain=len(every) - len(open_ones),
        inside=sum(map(_is_inside, open_ones)),
        compared=len(now),
        loss=_mean([_loss(one) for one, _ in now]),
        loss_current=_mean([_naive(one, current) for one, current in now]),
        compared_last_year=len(then),
        loss_beside_last_year=_mean([_loss(one) for one, _ in then]),
        loss_last_year=_mean([_naive(one, former) for one, former in then]),
    )


def _is_number(one: Outcome) -> bool:
    return None not in {one.line, one.forecast.low, one.forecast.middle, one.forecast.high}


def _is_inside(one: Outcome) -> bool:
    """Not filled is below every score."""
    low, line, high = (-1 if value is None else value for value in (one.forecast.low, one.line, one.forecast.high))
    return low <= line <= high


def _loss(one: Outcome) -> int:
    ends = (one.forecast.low, one.forecast.middle, one.forecast.high)
    return sum(pinball(end or 0, one.line or 0, tenths) for end, tenths in zip(ends, TENTHS, strict=True))


def _naive(one: Outcome, said: int) -> int:
    return sum(pinball(said, one.line or 0, tenths) for tenths in TENTHS)


def _mean(losses: list[int]) -> int | None:
    """Each loss is ten times that of three quantiles."""
    return sum(losses) // (TEN * len(TENTHS) * len(losses)) if losses else None

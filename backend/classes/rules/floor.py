"""Stage 2 whole: the spread of the mean total, then of each subject's mean, driven to its floor."""

import numpy as np
from numpy.typing import NDArray

from backend.classes.rules.balancing import Division, balanced_division
from backend.classes.rules.descent import descend
from backend.classes.rules.polishing import polish
from backend.classes.rules.stream import Stream
from backend.classes.rules.sums import Scores
from backend.classes.rules.tally import Tally
from backend.classes.rules.units import pupils_alone

Integers = NDArray[np.int64]
ATTEMPTS_TIMES_PUPILS = 900
MOST_ATTEMPTS = 40
SHAKES_A_UNIT = 4
LAST_NEW_DEAL = 12


def drive_to_floor(division: Division, scores: Scores, seed: str) -> Integers:
    """The pupils' classes with the smallest spreads found; shape (pupils,).

    Descent and polish; small intakes start again from other divisions (900 / pupils times, at most 40) as long as
    not every mean stands at its floor. The best by total, then by subjects from the largest spread down, is taken.
    """
    bounds = division.bounds
    attempts = min(MOST_ATTEMPTS, max(1, ATTEMPTS_TIMES_PUPILS // max(1, bounds.pupils)))
    best, best_spreads = division.class_of, None
    for attempt in range(attempts):
        tally = Tally(_start(division, seed, attempt), scores, seed)
        descend(tally, at_floor)
        class_of = polish(bounds, scores, tally.settled().class_of, seed)
        final = Tally(Division(bounds, pupils_alone(bounds), class_of), scores, seed)
        if best_spreads is None or final.spreads() < best_spreads:
            best, best_spreads = class_of, final.spreads()
        if at_floor(final):
            break
    return best


def _start(division: Division, seed: str, attempt: int) -> Division:
    """Attempt 0 starts from the division; 2, 4, … 12 from a new deal, where both keep all bounds; others shaken."""
    if attempt == 0:
        return division
    bounds = division.bounds
    if attempt % 2 == 0 and attempt <= LAST_NEW_DEAL and not any(bounds.cost(division.class_of)):
        other = balanced_division(bounds, seed, attempt)
        if not any(bounds.cost(other.class_of)):
            return other
    return shaken(division, Stream(seed, f"shake/{attempt}"))


def at_floor(tally: Tally) -> bool:
    """Whether every mean stands at the least spread that sums of integers allow."""
    return not any(tally.off(sums, number).any() for number, sums in enumerate(tally.sums))


def shaken(division: Division, stream: Stream) -> Division:
    """The division after random exchanges of two units that keep every hard bound: four trials a unit."""
    tally = Tally(division, Scores(np.zeros((division.bounds.pupils, 0), dtype=np.int64), ()), "")
    count = len(tally.class_of)
    for pick in stream.many_below(count * count, SHAKES_A_UNIT * count).tolist():
        first, second = divmod(pick, count)
        here, there = int(tally.class_of[first]), int(tally.class_of[second])
        if here != there and tally.allows(here, there, [first], [second]):
            tally.exchange(here, there, [first], [second])
    return tally.settled()

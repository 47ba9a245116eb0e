"""The former of classes: from pupils and options to the lists and their report, the same on any machine (A29-A37)."""

import numpy as np
from numpy.typing import NDArray

from backend.classes.rules.balancing import balanced_division
from backend.classes.rules.bounds import Bounds, bounds_of
from backend.classes.rules.box import Box
from backend.classes.rules.descent import descend
from backend.classes.rules.enumeration import is_small
from backend.classes.rules.floor import drive_to_floor
from backend.classes.rules.report import class_report
from backend.classes.rules.small import draw_among_all
from backend.classes.rules.stream import Stream
from backend.classes.rules.sums import Scores, scores_of
from backend.classes.rules.tally import Tally
from backend.classes.rules.values import ClassInput, ClassResult
from backend.classes.rules.walk import walk

Integers = NDArray[np.int64]


def form_classes(value: ClassInput) -> ClassResult:
    """Form the classes of one intake (contracts 3; docs/formats/class-draw.md).

    Size, sex, labels, special, ethnicity, household and the named columns are hard bounds in this order; then the
    means are driven to their floor, or, with a tolerance or without scores, the division is drawn. The numbers of
    the classes are drawn last, so that each pupil has each class with the same chance.
    """
    bounds, scores, options = bounds_of(value), scores_of(value), value.options
    tolerance = options.tolerance if scores.means else None
    if is_small(bounds):
        class_of, drawn = draw_among_all(bounds, scores, tolerance, options.seed)
        steps = ["enumerate", "draw" if drawn else "floor"]
    else:
        class_of, steps = _searched(bounds, scores, tolerance, options.seed)
    numbers = np.array(Stream(options.seed, "number").shuffled(bounds.classes), dtype=np.int64)
    class_of = numbers[class_of]
    steps.append("number")
    tolerance_kept = tolerance is None or "draw" in steps
    report = class_report(value, bounds, class_of, steps, tolerance_kept=tolerance_kept)
    lists = zip((pupil.no for pupil in value.pupils), (class_of + 1).tolist(), strict=True)
    return ClassResult(tuple(lists), report)


def _searched(bounds: Bounds, scores: Scores, tolerance: int | None, seed: str) -> tuple[Integers, list[str]]:
    division = balanced_division(bounds, seed)
    steps = ["deal", "repair"]
    if not scores.means:
        return walk(bounds, scores, division.class_of, None, seed), [*steps, "draw"]
    if tolerance is not None:
        tally = Tally(division, scores, seed)
        descend(tally, lambda now: Box(now, tolerance).holds())
        if Box(tally, tolerance).holds():
            approached = tally.settled().class_of
            return walk(bounds, scores, approached, tolerance, seed), [*steps, "approach", "draw"]
    return drive_to_floor(division, scores, seed), [*steps, "floor"]

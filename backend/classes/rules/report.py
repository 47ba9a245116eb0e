"""The report beside the lists: what each class holds, how far apart the classes are, and what cannot be less."""

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import NDArray

from backend.classes.rules.bounds import Bounds
from backend.classes.rules.sums import mean_floors, scores_of
from backend.classes.rules.unmet import unmet_rules
from backend.classes.rules.values import HUNDREDTHS, ClassInput, score_of
from backend.fairness.canonical import by_bytes

Integers = NDArray[np.int64]
FOUR_PLACES = 10_000


def class_report(
    value: ClassInput, bounds: Bounds, class_of: Integers, steps: Sequence[str], *, tolerance_kept: bool
) -> dict[str, Any]:
    """The report of contracts 3 as a JSON value; `class_of` (pupils) counts classes from 0.

    Means and spreads are strings with 4 decimals, half up; the mean of an empty class is null.
    """
    columns = {column: [pupil.traits[column] for pupil in value.pupils] for column in value.bounded_columns}
    counts = {column: _counts(values, class_of, bounds.classes) for column, values in columns.items()}
    sums = _sums(value, class_of)
    sizes = np.bincount(class_of, minlength=bounds.classes).tolist()
    means = {name: _means(of_classes, sizes) for name, of_classes in sums.items()}
    floors = zip(value.means_reported, mean_floors(scores_of(value), bounds.classes), strict=True)
    return {
        "sizes": sizes,
        "counts": counts,
        "means": {name: [None if mean is None else decimals(mean) for mean in of] for name, of in means.items()},
        "spread": {name: decimals(_spread(of)) for name, of in means.items()},
        "lower_bound": {
            "sizes": _indivisible(sizes),
            "counts": {
                column: {trait: _indivisible(of_classes) for trait, of_classes in of_traits.items()}
                for column, of_traits in counts.items()
            },
            "spread": {name: decimals(floor.spread / HUNDREDTHS) for name, floor in floors},
        },
        "violations": unmet_rules(value, bounds, class_of, steps, tolerance_kept=tolerance_kept),
        "seed": value.options.seed,
        "input_sha256": value.sha256(),
        "steps": list(steps),
    }


def decimals(number: Fraction) -> str:
    """A number ≥ 0 with 4 decimals, half up."""
    doubled = 2 * FOUR_PLACES * number + 1
    units = int(doubled // 2)
    return f"{units // FOUR_PLACES}.{units % FOUR_PLACES:04d}"


def _counts(values: Sequence[str], class_of: Integers, classes: int) -> dict[str, list[int]]:
    counts = {trait: [0] * classes for trait in sorted(set(values), key=by_bytes)}
    for trait, number in zip(values, class_of.tolist(), strict=True):
        counts[trait][number] += 1
    return counts


def _sums(value: ClassInput, class_of: Integers) -> dict[str, list[int]]:
    sums = {name: [0] * value.options.classes for name in value.means_reported}
    for pupil, number in zip(value.pupils, class_of.tolist(), strict=True):
        for name, of_classes in sums.items():
            of_classes[number] += score_of(pupil, name)
    return sums


def _means(sums: Sequence[int], sizes: Sequence[int]) -> list[Fraction | None]:
    return [Fraction(total, HUNDREDTHS * size) if size else None for total, size in zip(sums, sizes, strict=True)]


def _spread(means: Sequence[Fraction | None]) -> Fraction:
    known = [mean for mean in means if mean is not None]
    return max(known) - min(known) if known else Fraction(0)


def _indivisible(counts: Sequence[int]) -> int:
    """The least difference between classes: 0 where the classes can share evenly, else 1."""
    return int(sum(counts) % len(counts) > 0)

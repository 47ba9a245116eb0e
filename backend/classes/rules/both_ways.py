"""What the way taken gains in balance and loses in chance: the same pupils and seed by the other way."""

from dataclasses import replace
from typing import Any

from backend.classes.rules.forming import form_classes
from backend.classes.rules.values import ClassInput, ClassResult

OTHER_TOLERANCE = 50
"""Hundredths of a point: the draw that a floor is compared with."""


def both_ways(given: ClassInput, result: ClassResult) -> dict[str, Any]:
    """{"ways": {"floor": spreads, "draw": spreads}}, strings by name of the mean; `result` is that of the way taken.

    Empty without scores: then there is one way, a draw among all balanced divisions.
    """
    if not given.means_reported:
        return {}
    used, other = ("floor", "draw") if given.options.tolerance is None else ("draw", "floor")
    tolerance = OTHER_TOLERANCE if used == "floor" else None
    compared = form_classes(replace(given, options=replace(given.options, tolerance=tolerance)))
    return {"ways": {used: dict(result.report["spread"]), other: dict(compared.report["spread"])}}

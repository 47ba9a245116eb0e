"""What is asked of a figure, and whether this run reached it; a miss is written down like a hit."""

import math

TWICE = 2.0


def at_least(what: str, measured: float, bar: float) -> str:
    """A line: the figure must not be below the bar."""
    return _line(what, measured, f"≥ {_said(bar)}", bar / measured if measured else float("inf"))


def at_most(what: str, measured: float, bar: float) -> str:
    """A line: the figure must not be above the bar."""
    return _line(what, measured, f"≤ {_said(bar)}", measured / bar)


def _line(what: str, measured: float, bar: str, off: float) -> str:
    """`off` is how many times the figure is from the bar: 1 or less reaches it; what was not measured reaches nothing."""
    if math.isnan(measured):
        return f"* {what}: not measured, target {bar}"
    verdict = "reached" if off <= 1 else "missed" if off <= TWICE else "missed by more than a factor of two"
    return f"* {what}: {_said(measured)}, target {bar}: {verdict}"


def _said(figure: float) -> str:
    return f"{figure:,.0f}" if abs(figure) >= 100 else f"{figure:.3g}"  # noqa: PLR2004  # three figures are enough

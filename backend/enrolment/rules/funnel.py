"""The funnel of a season: how many applications reached each step of the way, by stage."""

from collections.abc import Mapping

WAY = ("draft", "submitted", "checking", "verified", "settled", "frozen", "placed", "confirmed", "enrolled", "recorded")
"""The steps of the way in order; side steps (review, return, withdrawal) are counted where applications stand."""


def funnel(reached: Mapping[tuple[str, str], int], stage: str) -> list[tuple[str, int, int]]:
    """(state, how many ever reached it, thousandths of all that were begun), in the order of the way."""
    begun = reached.get((stage, "draft"), 0)
    return [
        (state, count, 1000 * count // begun if begun else 0)
        for state in WAY
        for count in (reached.get((stage, state), 0),)
    ]

"""What a verdict means for the family: good, photograph again, or (after two retakes) let a human look."""

from collections.abc import Sequence
from typing import Literal

RETAKES_AT_MOST = 2
PAPERS_OF_A_KIND_AT_MOST = 12

Standing = Literal["good", "retake", "human"]


def standing_after(reasons: Sequence[str], retakes_before: int) -> Standing:
    """Good where nothing is wrong; else a retake, at most twice for a kind, then a human looks (wishes 10)."""
    if not reasons:
        return "good"
    return "retake" if retakes_before < RETAKES_AT_MOST else "human"


def stands_for_kind(states: Sequence[str]) -> Literal["missing", "retake", "present"]:
    """How a kind of paper stands by its photographs: one that waits, is good or is with a human counts as present."""
    if any(state in {"waiting", "good", "human"} for state in states):
        return "present"
    return "retake" if states else "missing"

"""The life of an application: which state may follow which, and what the states mean for the family."""

STEPS: dict[str, tuple[str, ...]] = {
    "draft": ("submitted", "withdrawn"),
    "submitted": ("checking", "withdrawn"),
    "checking": ("verified", "in_review", "returned", "withdrawn"),
    "in_review": ("verified", "returned", "rejected", "withdrawn"),
    "returned": ("submitted", "verified", "in_review", "lapsed", "withdrawn"),
    "rejected": ("in_review",),
    "verified": ("in_review", "choosing", "settled", "withdrawn"),
    "choosing": ("settled", "lapsed", "withdrawn"),
    "settled": ("verified", "frozen", "placed", "withdrawn"),
    "frozen": ("settled", "placed", "unplaced"),
    "unplaced": ("settled", "placed", "withdrawn"),
    "placed": ("settled", "unplaced", "confirmed", "declined", "lapsed", "enrolled"),
    "confirmed": ("placed", "unplaced", "declined", "enrolled"),
    "declined": ("placed",),
    "lapsed": ("in_review", "placed"),
    "enrolled": ("placed", "recorded"),
    "recorded": (),
    "withdrawn": (),
}
"""State → states that may follow (domain 2.5). Steps back are corrections, appeals, failed runs and special cases."""

STATES = tuple(STEPS)
ENDED = ("withdrawn", "rejected", "declined", "lapsed", "recorded")
"""An application in one of these leaves its child free to register anew; all others are live (A22)."""

EDITABLE = ("draft", "returned")
WITHDRAWABLE = tuple(state for state, following in STEPS.items() if "withdrawn" in following)


def may_follow(state: str, following: str) -> bool:
    """Whether an application in `state` may go to `following`. KeyError for a state that does not exist."""
    return following in STEPS[state]

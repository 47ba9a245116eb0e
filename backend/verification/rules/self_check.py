"""Whether a family is asked to look again before an official is: where its own words may be the slip, once."""

from collections.abc import Sequence

ITS_OWN_WORDS = ("mismatch", "not-found")


def asks_the_family(reasons: Sequence[str], submission: int, *, allowed: bool) -> bool:
    """Whether the reasons of a case are all such that the family may have mistyped; only after its first submission.

    A paper that nobody could read, an outage, a dispute or a missing fact is no slip of the family's.
    """
    return (
        allowed
        and submission == 1
        and bool(reasons)
        and all(reason.partition(":")[0] in ITS_OWN_WORDS for reason in reasons)
    )

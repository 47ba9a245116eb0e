"""Rules of claims: whether a claimant knows the child, which banner's officials decide, what a decision may be."""

import re
from typing import Literal

Outcome = Literal["both", "replace", "refuse"]
"""What officials decide: both care for the child from now on, the claimant alone, or the claim is refused."""

_BLANKS_AND_DOTS = re.compile(r"[\s·]")


def same_name(registered: str, said: str) -> bool:
    """Whether two names are the same but for blanks and middle dots, which families write differently."""
    return _BLANKS_AND_DOTS.sub("", registered).casefold() == _BLANKS_AND_DOTS.sub("", said).casefold()


def banner_of_number(id_number: str, prefecture: str = "1506") -> str | None:
    """The banner whose code a number of the prefecture begins with; None for numbers given elsewhere."""
    return id_number[:6] if id_number.startswith(prefecture) else None

"""Scores: decimal strings outside, integers in hundredths inside (contracts 0)."""

import re
from collections.abc import Iterable

HUNDREDTHS = 100
_SCORE = re.compile(r"([0-9]{1,1000})(?:\.([0-9]{1,2}))?")


class NotAScore(ValueError):
    """The text is no decimal number with at most two decimals."""

    code = "not-a-score"


def hundredths_of(text: str) -> int:
    """The score in hundredths: "652.5" is 65250.

    Digits 0-9 only, no sign, no exponent, at most two decimals. Raises NotAScore with a sentence otherwise.
    """
    match = _SCORE.fullmatch(text)
    if match is None:
        raise NotAScore(f"{text!r} is no score: write digits with at most two decimals, such as 652.5")
    whole, decimals = match.groups()
    return int(whole) * HUNDREDTHS + int((decimals or "").ljust(2, "0"))


def shortest(hundredths: int) -> str:
    """The decimal in its shortest form: 65250 is "652.5", 5500 is "55"."""
    whole, rest = divmod(hundredths, HUNDREDTHS)
    return f"{whole}.{rest:02d}".rstrip("0") if rest else str(whole)


def shortest_all(scores: Iterable[int]) -> list[str]:
    """Each score in its shortest form, in the same order."""
    return [shortest(score) for score in scores]

"""Valid identity numbers (GB 11643) for people who do not exist.

Division codes are real, birth dates fit the story, and the three-digit order runs downwards from 999: registry
offices count upwards from 001 and hardly ever come that far, so a made-up number is told from a real one at sight.
"""

from collections import defaultdict
from datetime import date

WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
CHECK_CHARACTERS = "10X98765432"
LAST_ORDER = {"male": 999, "female": 998}


def check_character(first_seventeen: str) -> str:
    """The 18th character of an identity number by GB 11643 (weights modulo 11)."""
    total = sum(int(digit) * weight for digit, weight in zip(first_seventeen, WEIGHTS, strict=True))
    return CHECK_CHARACTERS[total % 11]


class NumberOffice:
    """Hands out identity numbers; no number twice."""

    def __init__(self) -> None:
        self._given: dict[tuple[str, date, str], int] = defaultdict(int)

    def number(self, division: str, born_on: date, sex: str) -> str:
        """The next free number for this six-digit division, birth date and sex ("male" or "female").

        Raises ValueError where all 500 numbers of that day, division and sex are given out.
        """
        key = (division, born_on, sex)
        order = LAST_ORDER[sex] - 2 * self._given[key]
        if order < 1:
            raise ValueError(f"no identity number is left for {division}, {born_on}, {sex}: make the city smaller")
        self._given[key] += 1
        head = f"{division}{born_on:%Y%m%d}{order:03d}"
        return head + check_character(head)

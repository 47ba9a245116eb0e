"""Serial dictatorship: from the best down, each takes the first listed school that has a seat.

Where all schools share one order this is the only stable matching, so it is also what deferred acceptance gives
(parallel senior-high choice by one score order).
"""

from collections.abc import Sequence


def serial_dictatorship(
    seats: Sequence[int], choices: Sequence[Sequence[int]], order: Sequence[int]
) -> list[int | None]:
    """The school of each applicant, or None.

    `seats[s]` is the capacity of school s, `choices[a]` lists the schools of applicant a, best first, and `order`
    lists the applicants, best first; whoever is not in `order` gets nothing.
    """
    left = list(seats)
    matched: list[int | None] = [None] * len(choices)
    for applicant in order:
        for school in choices[applicant]:
            if left[school] > 0:
                left[school] -= 1
                matched[applicant] = school
                break
    return matched

"""Deferred acceptance with applicants proposing: the stable matching that every applicant likes best.

Gale and Shapley (1962). Plain Python is enough: 70,000 applicants and 300 schools take well under a second, because
a school only needs a heap of those it holds, never the sorted list of all who ask.
"""

from collections.abc import Callable, Hashable, Mapping, Sequence
from heapq import heappush, heappushpop
from typing import TypeVar

School = TypeVar("School", bound=Hashable)


def deferred_acceptance(
    seats: Mapping[School, int], choices: Sequence[Sequence[School]], standing: Callable[[int, School], int]
) -> list[School | None]:
    """The school of each applicant, or None.

    `seats` are the capacities. `choices[a]` lists the schools of applicant a, best first, none twice.
    `standing(a, school)` is smaller for whom the school takes first, and differs between any two who chose it.
    The result does not depend on the order in which applicants propose.
    """
    held: dict[School, list[tuple[int, int]]] = {school: [] for school in seats}
    asked = [0] * len(choices)
    for applicant in range(len(choices)):
        proposer: int | None = applicant
        while proposer is not None:
            wishes = choices[proposer]
            if asked[proposer] == len(wishes):
                break
            school = wishes[asked[proposer]]
            asked[proposer] += 1
            proposer = _propose(proposer, -standing(proposer, school), held[school], seats[school])
    matched: list[School | None] = [None] * len(choices)
    for school, heap in held.items():
        for _, one in heap:
            matched[one] = school
    return matched


def _propose(proposer: int, place: int, heap: list[tuple[int, int]], seats: int) -> int | None:
    """Hold the proposer where there is room or a worse one is held; the applicant who must ask elsewhere, or None.

    Places are standings below 0, so that the heap's top is the worst one held.
    """
    if len(heap) < seats:
        heappush(heap, (place, proposer))
        return None
    if seats == 0 or heap[0][0] > place:
        return proposer
    return heappushpop(heap, (place, proposer))[1]

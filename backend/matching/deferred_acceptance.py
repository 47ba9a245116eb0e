"""Deferred acceptance with applicants proposing: the stable matching that every applicant likes best.

Gale and Shapley (1962). Plain Python is enough: 70,000 applicants and 300 schools take well under a second, because
a school only needs a heap of those it holds, never the sorted list of all who ask.
"""

from collections.abc import Sequence
from heapq import heappush, heappushpop


def deferred_acceptance(
    seats: Sequence[int], choices: Sequence[Sequence[int]], orders: Sequence[Sequence[int]]
) -> list[int | None]:
    """The school of each applicant, or None.

    `seats[s]` is the capacity of school s. `choices[a]` lists the schools of applicant a, best first, none twice.
    `orders[s]` lists every applicant who chose school s, best first (strict: ties are already broken).
    The result does not depend on the order in which applicants propose.
    """
    places = [dict(zip(order, range(0, -len(order), -1), strict=True)) for order in orders]
    held: list[list[int]] = [[] for _ in seats]
    asked = [0] * len(choices)
    for applicant in range(len(choices)):
        proposer: int | None = applicant
        while proposer is not None:
            wishes = choices[proposer]
            if asked[proposer] == len(wishes):
                break
            school = wishes[asked[proposer]]
            asked[proposer] += 1
            proposer = _propose(proposer, places[school][proposer], held[school], seats[school], orders[school])
    matched: list[int | None] = [None] * len(choices)
    for school, heap in enumerate(held):
        for place in heap:
            matched[orders[school][-place]] = school
    return matched


def _propose(proposer: int, place: int, heap: list[int], seats: int, order: Sequence[int]) -> int | None:
    """Hold the proposer where there is room or a worse one is held; the applicant who must ask elsewhere, or None.

    Places are negative, so that the heap's top is the worst place held.
    """
    if len(heap) < seats:
        heappush(heap, place)
        return None
    if seats == 0 or heap[0] > place:
        return proposer
    return order[-heappushpop(heap, place)]

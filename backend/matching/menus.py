"""What each applicant could have had: the schools' best stable matching, and how one withdrawal loosens it.

Deferred acceptance gives an applicant the first listed school out of a set that does not depend on the own list: the
own menu. A school is on the menu exactly where the applicant stands before the last one that it holds in the
school-proposing matching of all *others*, or where it has a free seat there (Gonczarowski, Heffetz and Thomas,
"Strategyproofness-exposing mechanism descriptions", 2023). So one matching and, for every applicant, the short chain of
moves that a withdrawal sets off, answer every question of the kind "and if I had stood elsewhere in this order".
"""

from collections.abc import Sequence
from dataclasses import dataclass

FREE = None
"""There is a free seat: every stand is good enough."""
NO_SEAT = -1
"""The school has no seats at all: no stand is good enough."""


@dataclass(frozen=True)
class SchoolsBest:
    """The stable matching that all schools like best: by applicant the school, by school the place it reached.

    `held[a]` is the school of applicant a or None. `limits[s]` is the place in `orders[s]` of the last one held,
    `FREE` where a seat is free, `NO_SEAT` where there is none. `wanting[s]` are those behind it in the order who would
    rather be there, best first: whoever would be offered a seat next.
    """

    held: list[int | None]
    limits: list[int | None]
    wanting: list[list[int]]
    places: list[dict[int, int]]
    ranks: list[dict[int, int]]

    def limits_without(self, applicant: int) -> dict[int, int | None]:
        """How the limits change when the applicant withdraws: school → new limit, for the schools where it moves."""
        return self._withdrawal(applicant).moved

    def seats_short(self, applicant: int, school: int, wished: Sequence[int]) -> tuple[int, int]:
        """The fewest additional seats of `school` that open one of the `wished` schools, and the first they open.

        `wished` are choices of the applicant, best first, `school` among them, none of them on the menu yet.
        """
        others = self._withdrawal(applicant)
        more, opened = 0, None
        while opened is None:
            more += 1
            others.fill(school)
            opened = next((one for one in wished if self._is_open(one, applicant, others)), None)
        return more, opened

    def _is_open(self, school: int, applicant: int, others: "_Vacancies") -> bool:
        limit = others.moved.get(school, self.limits[school])
        return limit is FREE or self.places[school][applicant] < limit

    def _withdrawal(self, applicant: int) -> "_Vacancies":
        others = _Vacancies(self, applicant)
        others.fill(self.held[applicant])
        return others


class _Vacancies:
    """The schools' best matching of all but one applicant, as its differences from that of everybody.

    `moved` are the limits that changed, `now` the schools of those who moved; `asked[s]` counts how many of `wanting[s]`
    have been offered a seat: nobody is asked twice.
    """

    def __init__(self, best: SchoolsBest, withdrawn: int) -> None:
        self._best = best
        self._withdrawn = withdrawn
        self._asked: dict[int, int] = {}
        self._now: dict[int, int] = {}
        self.moved: dict[int, int | None] = {}

    def fill(self, school: int | None) -> None:
        """One seat more at the school: it goes to the next who wants it, whose seat goes to the next, and so on."""
        vacant = school
        while vacant is not None:
            found = self._next(vacant)
            if found is None:
                self.moved[vacant] = FREE
                return
            self.moved[vacant] = self._best.places[vacant][found]
            left = self._now.get(found, self._best.held[found])
            self._now[found] = vacant
            vacant = left

    def _next(self, school: int) -> int | None:
        wanting = self._best.wanting[school]
        for turn in range(self._asked.get(school, 0), len(wanting)):
            one = wanting[turn]
            if one == self._withdrawn:
                continue
            at = self._now.get(one)
            if at is None or self._best.ranks[one][school] < self._best.ranks[one][at]:
                self._asked[school] = turn + 1
                return one
        self._asked[school] = len(wanting)
        return None


def schools_best(
    seats: Sequence[int], choices: Sequence[Sequence[int]], orders: Sequence[Sequence[int]]
) -> SchoolsBest:
    """The school-proposing deferred acceptance (Gale and Shapley), with what is needed to loosen it.

    Arguments as for `deferred_acceptance`.
    """
    ranks = [{school: rank for rank, school in enumerate(wishes)} for wishes in choices]
    held: list[int | None] = [None] * len(choices)
    reached, taken = [0] * len(seats), [0] * len(seats)
    open_schools = list(range(len(seats)))
    while open_schools:
        school = open_schools.pop()
        order = orders[school]
        while taken[school] < seats[school] and reached[school] < len(order):
            one = order[reached[school]]
            reached[school] += 1
            at = held[one]
            if at is None or ranks[one][school] < ranks[one][at]:
                held[one] = school
                taken[school] += 1
                if at is not None:
                    taken[at] -= 1
                    open_schools.append(at)
    return SchoolsBest(
        held,
        _limits(seats, taken, held, orders),
        [
            [one for one in order[reached[school] :] if _would_rather(ranks[one], school, held[one])]
            for school, order in enumerate(orders)
        ],
        [{one: place for place, one in enumerate(order)} for order in orders],
        ranks,
    )


def _limits(
    seats: Sequence[int], taken: Sequence[int], held: Sequence[int | None], orders: Sequence[Sequence[int]]
) -> list[int | None]:
    limits: list[int | None] = []
    for school, order in enumerate(orders):
        if taken[school] < seats[school]:
            limits.append(FREE)
        elif seats[school] == 0:
            limits.append(NO_SEAT)
        else:
            limits.append(next(place for place in range(len(order) - 1, -1, -1) if held[order[place]] == school))
    return limits


def _would_rather(ranks: dict[int, int], school: int, at: int | None) -> bool:
    return at is None or ranks[school] < ranks[at]

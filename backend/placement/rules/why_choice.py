"""Why-cards of a placement by ranked choices: for every applicant the smallest changes that would have altered it.

What an applicant could have had does not depend on the own list (`matching.menus`), so one matching of the schools'
side and a short chain of moves for each applicant answer what a run of its own would answer (W1 to W5 of
docs/properties/placement.md).
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from backend.fairness.tickets import TicketDraw
from backend.matching.menus import FREE, NO_SEAT, SchoolsBest, schools_best
from backend.placement.rules.choice_standings import ChoiceStandings, Standing
from backend.placement.rules.inputs import ChoiceApplicant, ChoiceInput
from backend.placement.rules.results import ChoiceResult
from backend.placement.rules.why_changes import Change, beside_ticket

MOST_MORE_CHOICES = 3


def explain_choices(
    given: ChoiceInput, result: ChoiceResult, asked: Collection[str] | None = None
) -> dict[str, tuple[Change, ...]]:
    """Applicant → changes, for those asked or for all; `result` is the placement of `given`.

    Who has no school: one more choice first. Then the smallest better priority number at a school listed before the
    one held, then an earlier ticket, then more seats. Who could gain nothing is told what would have lost the place, or
    that nothing would have. Empty where nothing that is tried leads to any school, and for the members of bundles: no
    single change moves one of them alone.
    """
    explaining = _Explaining(given, result)
    return {
        one.id: tuple(explaining.changes(place, one)) if one.bundle is None else ()
        for place, one in enumerate(given.applicants)
        if asked is None or one.id in asked
    }


@dataclass(frozen=True, slots=True)
class _Refusal:
    """A school listed before the one held: the own standing there, and that of the last one in among all others."""

    school: int
    own: Standing
    last_in: Standing


class _Explaining:
    def __init__(self, given: ChoiceInput, result: ChoiceResult) -> None:
        self._given = given
        self._number = {school.id: place for place, school in enumerate(given.schools)}
        self._standings = ChoiceStandings(given, TicketDraw(given.seed, given.draw))
        self._held = [row.school for row in result.placements]
        seats, choices, self._orders = self._standings.numbered()
        self._best: SchoolsBest = schools_best(seats, choices, self._orders)
        numbers = {one.priority.get(school, 0) for one in given.applicants for school in one.choices} or {0}
        self._first_number, self._last_number = min(numbers), max(numbers)
        free = {place: school.seats - school.taken for place, school in enumerate(result.schools)}
        self._free = sorted((place for place in free if free[place]), key=lambda place: (-free[place], place))
        self._free_seats = free

    def changes(self, place: int, one: ChoiceApplicant) -> Iterator[Change]:
        held = self._held[place]
        limits = self._best.limits_without(place)
        before = one.choices[: one.choices.index(held)] if held is not None else one.choices
        refusals = [refusal for name in before if (refusal := self._refusal(place, self._number[name], limits))]
        gains = [*(self._more_choices(one, place) if held is None else ())]
        gains += [*self._priorities(refusals)]
        gains += [*self._tickets(refusals, one)]
        if not gains and refusals:
            gains = [self._seats(place, refusals)]
        if gains or held is None:
            return iter(gains)
        return self._losses(place, self._number[held], limits)

    def _standing(self, school: int, place: int) -> Standing:
        return self._standings.standing(place, self._given.schools[school].id)

    def _last_in(self, school: int, limit: int) -> Standing:
        return self._standing(school, self._orders[school][limit])

    def _refusal(self, place: int, school: int, limits: dict[int, int | None]) -> _Refusal | None:
        limit = limits.get(school, self._best.limits[school])
        if limit is FREE or limit == NO_SEAT:
            return None
        return _Refusal(school, self._standing(school, place), self._last_in(school, limit))

    def _more_choices(self, one: ChoiceApplicant, place: int) -> Iterator[Change]:
        """Schools that are not on the list and would have taken the applicant, those with most free seats first."""
        told = 0
        numbers = [one.priority.get(school, 0) for school in one.choices]
        usual = max(numbers, default=self._last_number)
        others = (school for school in range(len(self._given.schools)) if not self._free_seats[school])
        for school in (*self._free, *others):
            name = self._given.schools[school].id
            if name in one.choices:
                continue
            free = self._free_seats[school]
            if told == MOST_MORE_CHOICES or (told and not free):
                return
            number = one.priority.get(name, usual)
            if free or self._takes(school, number, one, place):
                told += 1
                yield Change("choice", name, at=name, after=number, free=free)

    def _takes(self, school: int, number: int, one: ChoiceApplicant, place: int) -> bool:
        limit = self._best.limits[school]
        if limit is FREE or limit == NO_SEAT:
            return limit is FREE
        ticket = self._standings.ticket(place, self._given.schools[school].id)
        return (number, ticket, place) < self._last_in(school, limit)

    def _priorities(self, refusals: list[_Refusal]) -> Iterator[Change]:
        found: list[tuple[int, Change]] = []
        for refusal in refusals:
            needed = refusal.last_in[0] - (refusal.own[1:] > refusal.last_in[1:])
            if needed >= self._first_number:
                by = refusal.own[0] - needed
                name = self._given.schools[refusal.school].id
                found.append(
                    (by, Change("priority", name, at=name, before=refusal.own[0], after=needed, by=by, unit="units"))
                )
        if found:
            smallest = min(found, key=lambda each: each[0])
            yield smallest[1]
            if found[0] is not smallest:
                yield found[0][1]

    def _tickets(self, refusals: list[_Refusal], one: ChoiceApplicant) -> Iterator[Change]:
        """Where chance alone decided: the last number that would have done."""
        level = [refusal for refusal in refusals if refusal.own[0] == refusal.last_in[0]]
        if not level:
            return
        nearest = max(level, key=lambda refusal: refusal.last_in[1])
        earlier = beside_ticket(nearest.last_in[1], -1)
        then = nearest.school
        if self._given.tie_break == "single":
            then = next(each.school for each in refusals if (each.own[0], earlier, each.own[2]) < each.last_in)
        yield Change(
            "ticket",
            self._given.schools[then].id,
            at=self._given.schools[nearest.school].id,
            before=nearest.own[1].hex(),
            after=earlier.hex(),
        )

    def _seats(self, place: int, refusals: list[_Refusal]) -> Change:
        at = refusals[-1].school
        more, then = self._best.seats_short(place, at, [refusal.school for refusal in refusals])
        names = self._given.schools
        return Change("seats", names[then].id, at=names[at].id, by=more, unit="seats")

    def _losses(self, place: int, school: int, limits: dict[int, int | None]) -> Iterator[Change]:
        name = self._given.schools[school].id
        own = self._standing(school, place)
        limit = limits.get(school, self._best.limits[school])
        last_in = None if limit is FREE else self._last_in(school, limit)
        if last_in is None or (self._last_number, *own[1:]) < last_in:
            yield Change("worst", name, at=name, before=own[0], after=self._last_number)
            return
        needed = last_in[0] + (own[1:] < last_in[1:])
        if needed > own[0] and needed <= self._last_number:
            yield Change("priority", None, at=name, before=own[0], after=needed, by=needed - own[0], unit="units")
        if own[0] == last_in[0]:
            later = beside_ticket(last_in[1], 1)
            yield Change("ticket", None, at=name, before=own[1].hex(), after=later.hex())

"""Where applicants stand at the schools of their lists: priority number, then ticket, then id (contracts 2, "choice")."""

from backend.fairness.tickets import TicketDraw
from backend.placement.rules.inputs import ChoiceInput

Standing = tuple[int, bytes, int]
Numbered = tuple[list[int], list[list[int]], list[list[int]]]
TICKETS = 1 << 256
"""More than any ticket read as a number."""


class ChoiceStandings:
    """The standings of one input by the tickets of one draw; applicants are their places by id."""

    def __init__(self, given: ChoiceInput, drawing: TicketDraw) -> None:
        self._given, self._drawing, self._people = given, drawing, len(given.applicants)
        self._priorities = [one.priority for one in given.applicants]
        self._turns = self._drawn_turns() if given.tie_break == "single" else None

    def _drawn_turns(self) -> list[int]:
        """By applicant the turn in the order of tickets, where everybody has one for all schools."""
        tickets = [self._drawing.ticket(one.drawn_as) for one in self._given.applicants]
        turns = [0] * self._people
        for turn, applicant in enumerate(sorted(range(self._people), key=tickets.__getitem__)):
            turns[applicant] = turn
        return turns

    def number(self, applicant: int, school: str) -> int:
        """The standing as one number, smaller is better: no two at one school are equal."""
        priority = self._priorities[applicant].get(school, 0)
        if self._turns is not None:
            return priority * self._people + self._turns[applicant]
        ticket = int.from_bytes(self.ticket(applicant, school))
        return (priority * TICKETS + ticket) * self._people + applicant

    def ticket(self, applicant: int, school: str) -> bytes:
        """The ticket of the applicant or bundle: one for all schools, or one for each."""
        name = self._given.applicants[applicant].drawn_as
        return self._drawing.ticket(name if self._turns is not None else f"{school}/{name}")

    def standing(self, applicant: int, school: str) -> Standing:
        """(priority, ticket, place of the applicant)."""
        priority = self._priorities[applicant].get(school, 0)
        return priority, self.ticket(applicant, school), applicant

    def orders(self) -> dict[str, list[int]]:
        """By school, all who chose it, best first."""
        asking: dict[str, list[tuple[int, int]]] = {school.id: [] for school in self._given.schools}
        for applicant, one in enumerate(self._given.applicants):
            for school in one.choices:
                asking[school].append((self.number(applicant, school), applicant))
        return {school: [applicant for _, applicant in sorted(ones)] for school, ones in asking.items()}

    def numbered(self) -> Numbered:
        """(seats by school, choices by applicant, order by school), every school as its place by id, too."""
        number = {school.id: place for place, school in enumerate(self._given.schools)}
        choices = [[number[school] for school in one.choices] for one in self._given.applicants]
        return [school.seats for school in self._given.schools], choices, list(self.orders().values())

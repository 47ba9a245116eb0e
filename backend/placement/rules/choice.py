"""Placement by ranked choices: priorities, tickets, and deferred acceptance (contracts 2, mechanism "choice")."""

from collections import Counter

from backend.fairness.tickets import TicketDraw
from backend.matching.deferred_acceptance import deferred_acceptance
from backend.placement.rules.inputs import ChoiceInput
from backend.placement.rules.results import ChoicePlaced, ChoiceResult, ChoiceSchoolFilled, Cutoff

Standing = tuple[int, bytes, int]


def place_by_choices(given: ChoiceInput, drawing: TicketDraw | None = None) -> ChoiceResult:
    """The applicant-optimal stable matching.

    At each school the lower priority number goes first (missing = 0), then the smaller ticket, then the id. One
    ticket per applicant under tie break "single", one per school and applicant under "per-school". The tickets are
    those of the input's seed unless a why-card asks what others would have given.
    """
    number = {school.id: place for place, school in enumerate(given.schools)}
    standings = standings_by_school(given, drawing or TicketDraw(given.seed, given.draw))
    matched = deferred_acceptance(
        [school.seats for school in given.schools],
        [[number[school] for school in one.choices] for one in given.applicants],
        [[applicant for _, _, applicant in asking] for asking in standings],
    )
    placements = []
    for one, place in zip(given.applicants, matched, strict=True):
        school = None if place is None else given.schools[place].id
        placements.append(ChoicePlaced(one.id, school, None if school is None else one.choices.index(school) + 1))
    return ChoiceResult(tuple(placements), _filled(given, standings, matched), given.sha256)


def standings_by_school(given: ChoiceInput, drawing: TicketDraw) -> list[list[Standing]]:
    """By school, all who chose it, best first: (priority, ticket, place of the applicant by id)."""
    number = {school.id: place for place, school in enumerate(given.schools)}
    is_single = given.tie_break == "single"
    asking: list[list[Standing]] = [[] for _ in given.schools]
    for applicant, one in enumerate(given.applicants):
        own = drawing.ticket(one.id) if is_single else b""
        for school in one.choices:
            ticket = own or drawing.ticket(f"{school}/{one.id}")
            asking[number[school]].append((one.priority.get(school, 0), ticket, applicant))
    for standings in asking:
        standings.sort()
    return asking


def _filled(
    given: ChoiceInput, standings: list[list[Standing]], matched: list[int | None]
) -> tuple[ChoiceSchoolFilled, ...]:
    taken = Counter(matched)
    filled = []
    for place, school in enumerate(given.schools):
        cutoff = None
        if 0 < school.seats == taken[place]:
            priority, ticket, _ = next(last for last in reversed(standings[place]) if matched[last[2]] == place)
            cutoff = Cutoff(priority, ticket)
        filled.append(ChoiceSchoolFilled(school.id, school.seats, taken[place], cutoff))
    return tuple(filled)

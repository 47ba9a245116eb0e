"""Placement by ranked choices: priorities, tickets, and deferred acceptance (contracts 2, mechanism "choice").

A bundle asks with one number and one list, and its members stand next to one another at every school, so only the last
seats of a school can part them. A school that would part a bundle passes over it: it leaves the bundle's list, and all
are matched again, until no bundle is parted. Every round takes a school off a list, so there is a last one.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace

from backend.fairness.tickets import TicketDraw
from backend.matching.deferred_acceptance import deferred_acceptance
from backend.placement.rules.inputs import ChoiceInput
from backend.placement.rules.results import ChoicePlaced, ChoiceResult, ChoiceSchoolFilled, Cutoff

Standing = tuple[int, bytes, int]
Matched = list[int | None]


def place_by_choices(given: ChoiceInput) -> ChoiceResult:
    """The applicant-optimal stable matching, once every bundle is passed over where it did not fit.

    At each school the lower priority number goes first (missing = 0), then the smaller ticket, then the id. One
    ticket per applicant or bundle under tie break "single", one per school and applicant or bundle under "per-school".
    """
    standings = standings_by_school(given, TicketDraw(given.seed, given.draw))
    number = {school.id: place for place, school in enumerate(given.schools)}
    choices = [[number[school] for school in one.choices] for one in given.applicants]
    passed_over: dict[str, set[str]] = {}
    bundles = _bundles(given)
    while True:
        matched = _matched(given, standings, choices)
        parted = list(_parted(bundles, choices, matched))
        for members, school in parted:
            passed_over.setdefault(given.applicants[members[0]].drawn_as, set()).add(given.schools[school].id)
            for member in members:
                choices[member].remove(school)
        if not parted:
            names = {label: frozenset(schools) for label, schools in passed_over.items()}
            return _result(given, standings, matched, names)


def place_as_passed_over(given: ChoiceInput, drawing: TicketDraw) -> ChoiceResult:
    """One matching by the tickets of `drawing`, in which nobody asks whether bundles are parted: for why-cards."""
    standings = standings_by_school(given, drawing)
    number = {school.id: place for place, school in enumerate(given.schools)}
    choices = [[number[school] for school in one.choices] for one in given.applicants]
    return _result(given, standings, _matched(given, standings, choices), {})


def without_passed_over(given: ChoiceInput, result: ChoiceResult) -> ChoiceInput:
    """The input with the choices alone that are left where bundles were passed over; `given` itself where none was."""
    if not result.passed_over:
        return given
    return replace(
        given,
        applicants=tuple(
            one._replace(
                choices=tuple(
                    school for school in one.choices if school not in result.passed_over.get(one.drawn_as, ())
                )
            )
            for one in given.applicants
        ),
    )


def standings_by_school(given: ChoiceInput, drawing: TicketDraw) -> list[list[Standing]]:
    """By school, all who chose it, best first: (priority, ticket, place of the applicant by id)."""
    number = {school.id: place for place, school in enumerate(given.schools)}
    is_single = given.tie_break == "single"
    asking: list[list[Standing]] = [[] for _ in given.schools]
    for applicant, one in enumerate(given.applicants):
        name, priority = one.drawn_as, one.priority
        own = drawing.ticket(name) if is_single else b""
        for school in one.choices:
            ticket = own or drawing.ticket(f"{school}/{name}")
            asking[number[school]].append((priority.get(school, 0), ticket, applicant))
    for standings in asking:
        standings.sort()
    return asking


def _matched(given: ChoiceInput, standings: list[list[Standing]], choices: list[list[int]]) -> Matched:
    seats = [school.seats for school in given.schools]
    return deferred_acceptance(seats, choices, [[applicant for _, _, applicant in asking] for asking in standings])


def _bundles(given: ChoiceInput) -> list[list[int]]:
    """The places of the members of every bundle."""
    members: dict[str, list[int]] = {}
    for place, one in enumerate(given.applicants):
        if one.bundle is not None:
            members.setdefault(one.bundle, []).append(place)
    return list(members.values())


def _parted(bundles: list[list[int]], choices: list[list[int]], matched: Matched) -> Iterator[tuple[list[int], int]]:
    """The bundles whose members are not at one school, each with the best school that holds some of them."""
    for members in bundles:
        held = {matched[member] for member in members}
        if len(held) > 1:
            yield members, next(school for school in choices[members[0]] if school in held)


def _result(
    given: ChoiceInput, standings: list[list[Standing]], matched: Matched, passed_over: dict[str, frozenset[str]]
) -> ChoiceResult:
    placements = []
    for one, place in zip(given.applicants, matched, strict=True):
        school = None if place is None else given.schools[place].id
        placements.append(ChoicePlaced(one.id, school, None if school is None else one.choices.index(school) + 1))
    return ChoiceResult(tuple(placements), _filled(given, standings, matched), given.sha256, passed_over)


def _filled(given: ChoiceInput, standings: list[list[Standing]], matched: Matched) -> tuple[ChoiceSchoolFilled, ...]:
    taken = Counter(matched)
    filled = []
    for place, school in enumerate(given.schools):
        cutoff = None
        if 0 < school.seats == taken[place]:
            priority, ticket, _ = next(last for last in reversed(standings[place]) if matched[last[2]] == place)
            cutoff = Cutoff(priority, ticket)
        filled.append(ChoiceSchoolFilled(school.id, school.seats, taken[place], cutoff))
    return tuple(filled)

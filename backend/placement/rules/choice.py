"""Placement by ranked choices: priorities, tickets, and deferred acceptance (contracts 2, mechanism "choice").

A bundle asks with one number and one list, and its members stand next to one another at every school, so only the last
seats of a school can part them. A school that would part a bundle passes over it: it leaves the bundle's list, and all
are matched again, until no bundle is parted. Every round takes a school off a list, so there is a last one.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from backend.fairness.tickets import TicketDraw
from backend.matching.deferred_acceptance import deferred_acceptance
from backend.placement.rules.choice_standings import ChoiceStandings
from backend.placement.rules.inputs import ChoiceInput
from backend.placement.rules.results import ChoicePlaced, ChoiceResult, ChoiceSchoolFilled, Cutoff

Matched = list[str | None]


def place_by_choices(given: ChoiceInput) -> ChoiceResult:
    """The applicant-optimal stable matching, once every bundle is passed over where it did not fit.

    At each school the lower priority number goes first (missing = 0), then the smaller ticket, then the id. One
    ticket per applicant or bundle under tie break "single", one per school and applicant or bundle under "per-school".
    """
    standings = ChoiceStandings(given, TicketDraw(given.seed, given.draw))
    seats = {school.id: school.seats for school in given.schools}
    choices = [one.choices for one in given.applicants]
    passed_over: dict[str, set[str]] = {}
    bundles = _bundles(given)
    while True:
        matched = deferred_acceptance(seats, choices, standings.number)
        parted = list(_parted(bundles, choices, matched))
        for members, school in parted:
            passed_over.setdefault(given.applicants[members[0]].drawn_as, set()).add(school)
            left = tuple([choice for choice in choices[members[0]] if choice != school])
            for member in members:
                choices[member] = left
        if not parted:
            names = {label: frozenset(schools) for label, schools in passed_over.items()}
            return _result(given, standings, matched, names)


def place_as_passed_over(given: ChoiceInput, drawing: TicketDraw) -> ChoiceResult:
    """One matching by the tickets of `drawing`, in which nobody asks whether bundles are parted: for why-cards."""
    seats = {school.id: school.seats for school in given.schools}
    standings = ChoiceStandings(given, drawing)
    matched = deferred_acceptance(seats, [one.choices for one in given.applicants], standings.number)
    return _result(given, standings, matched, {})


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


def _bundles(given: ChoiceInput) -> list[list[int]]:
    """The places of the members of every bundle."""
    members: dict[str, list[int]] = {}
    for place, one in enumerate(given.applicants):
        if one.bundle is not None:
            members.setdefault(one.bundle, []).append(place)
    return list(members.values())


def _parted(
    bundles: list[list[int]], choices: Sequence[Sequence[str]], matched: Matched
) -> Iterator[tuple[list[int], str]]:
    """The bundles whose members are not at one school, each with the best school that holds some of them."""
    for members in bundles:
        held = {matched[member] for member in members}
        if len(held) > 1:
            yield members, next(school for school in choices[members[0]] if school in held)


def _result(
    given: ChoiceInput, standings: ChoiceStandings, matched: Matched, passed_over: dict[str, frozenset[str]]
) -> ChoiceResult:
    admitted: dict[str | None, list[int]] = {None: [], **{school.id: [] for school in given.schools}}
    placements = []
    for applicant, (one, name) in enumerate(zip(given.applicants, matched, strict=True)):
        admitted[name].append(applicant)
        placements.append(ChoicePlaced(one.id, name, None if name is None else one.choices.index(name) + 1))
    filled = []
    for school in given.schools:
        held, cutoff = admitted[school.id], None
        if 0 < school.seats == len(held):
            _, last = max([(standings.number(each, school.id), each) for each in held])
            priority, ticket, _ = standings.standing(last, school.id)
            cutoff = Cutoff(priority, ticket)
        filled.append(ChoiceSchoolFilled(school.id, school.seats, len(held), cutoff))
    return ChoiceResult(tuple(placements), tuple(filled), given.sha256, passed_over)

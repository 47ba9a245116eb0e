"""Which choices are left to bundles that did not fit, found in a second way: in rounds, everybody asking at once.

For the checker only; nothing is shared with the program that placed.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from backend.placement.rules.inputs import ChoiceInput

Lists = dict[str, tuple[str, ...]]
Standings = Mapping[str, Mapping[str, Any]]


def choices_left(given: ChoiceInput, standings: Standings) -> Lists:
    """By applicant the choices, without the schools that passed over his bundle because it did not fit at its turn.

    `standings[applicant][school]` is comparable, smaller is better.
    """
    lists: Lists = {one.id: one.choices for one in given.applicants}
    bundles: dict[str, list[str]] = {}
    for one in given.applicants:
        if one.bundle is not None:
            bundles.setdefault(one.bundle, []).append(one.id)
    while bundles:
        schools = _asked_in_rounds({school.id: school.seats for school in given.schools}, lists, standings)
        parted = dict(_parted(bundles.values(), lists, schools))
        if not parted:
            break
        lists |= {one: tuple(name for name in lists[one] if name != school) for one, school in parted.items()}
    return lists


def parted_bundles(given: ChoiceInput, matched: Mapping[str, str | None]) -> Iterator[str]:
    """Bundles whose members are not all at one school, or not all without one."""
    first: dict[str, str] = {}
    for one in given.applicants:
        other = first.setdefault(one.bundle or one.id, one.id)
        if matched.get(one.id) != matched.get(other):
            yield f"{one.id!r} is at {matched.get(one.id)!r}, {other!r} of the same bundle at {matched.get(other)!r}"


def _parted(bundles: Any, lists: Lists, schools: Mapping[str, str | None]) -> Iterator[tuple[str, str]]:
    """(member, school): the best school of a bundle that holds some of its members and not all."""
    for members in bundles:
        held = [schools[one] for one in members]
        if held.count(held[0]) < len(held):
            best = min((school for school in held if school is not None), key=lists[members[0]].index)
            yield from ((one, best) for one in members)


def _asked_in_rounds(seats: Mapping[str, int], lists: Lists, standings: Standings) -> dict[str, str | None]:
    """All ask their next school, every school keeps its best, until nobody is turned away who can ask further."""
    turn = dict.fromkeys(lists, 0)
    inside: dict[str, list[str]] = {school: [] for school in seats}
    asking: Sequence[str] = list(lists)
    while asking:
        asked: dict[str, list[str]] = {}
        for one in asking:
            if turn[one] < len(lists[one]):
                asked.setdefault(lists[one][turn[one]], []).append(one)
        asking = []
        for school, new in asked.items():
            standing = sorted((standings[one][school], one) for one in (*inside[school], *new))
            inside[school] = [one for _, one in standing[: seats[school]]]
            asking += [one for _, one in standing[seats[school] :]]
        for one in asking:
            turn[one] += 1
    return {one: lists[one][turn[one]] if turn[one] < len(lists[one]) else None for one in lists}

"""Who waits for which school after a run, in the run's own order: class, keys, ticket; or priority, ticket (D3)."""

from collections.abc import Mapping

from backend.fairness.tickets import TicketDraw
from backend.placement.rules.choice_standings import ChoiceStandings
from backend.placement.rules.inputs import ChoiceInput, PlacementInput, ZoneInput
from backend.placement.rules.units import ordered_units


def waiting_lists(given: PlacementInput, school_of: Mapping[str, str | None]) -> dict[str, tuple[str, ...]]:
    """School → the ids that wait for it, first in line first; `school_of` is the result, None where there is no place.

    By zones somebody without a place waits for the school of the own zone; the last class stands behind all others.
    By choices everybody waits for the schools ranked before the one that was given. Nobody waits for the school he has.
    """
    return _by_choices(given, school_of) if isinstance(given, ChoiceInput) else _by_zones(given, school_of)


def _by_zones(given: ZoneInput, school_of: Mapping[str, str | None]) -> dict[str, tuple[str, ...]]:
    lists: dict[str, list[str]] = {school.id: [] for school in given.schools}
    for unit in ordered_units(given):
        for one in unit.members:
            if school_of[one.id] is None:
                lists[unit.zone].append(one.id)
    return {school: tuple(ids) for school, ids in lists.items()}


def _by_choices(given: ChoiceInput, school_of: Mapping[str, str | None]) -> dict[str, tuple[str, ...]]:
    better = {one.id: _preferred(one.choices, school_of[one.id]) for one in given.applicants}
    lists: dict[str, tuple[str, ...]] = {}
    standings = ChoiceStandings(given, TicketDraw(given.seed, given.draw))
    for school, order in standings.orders().items():
        ids = (given.applicants[place].id for place in order)
        lists[school] = tuple(one for one in ids if school in better[one])
    return lists


def _preferred(choices: tuple[str, ...], held: str | None) -> tuple[str, ...]:
    """The choices ranked before the one that is held; all of them where none is."""
    return choices if held is None else choices[: choices.index(held)]

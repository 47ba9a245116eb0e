"""Placement by zones: siblings, zone lists, overflow, last class (contracts 2, mechanism "zone")."""

from collections.abc import Iterable
from dataclasses import dataclass
from math import prod

from backend.fairness.tickets import TicketDraw
from backend.placement.rules.inputs import ZoneInput
from backend.placement.rules.results import Stand, ZonePlaced, ZoneResult, ZoneSchoolFilled
from backend.placement.rules.units import Standing, standing_of


@dataclass(slots=True)
class _List:
    """A list that decides on units in the order in which they are served: its heads so far, whom it admitted last."""

    heads: int = 0
    last_unit: int | None = None
    last_in: Stand | None = None


class _Run:
    """The state of one placement: seats left by school, and by unit the list that decided, the position, what it gave."""

    def __init__(self, given: ZoneInput, standing: Standing) -> None:
        people = len(given.applicants)
        self.free = {school.id: school.seats for school in given.schools}
        self.sizes = {first: len(members) for first, members in standing.together.items()}
        self.decided_by: list[_List | None] = [None] * people
        self.positions = [0] * people
        self.schools: list[str | None] = [None] * people
        self.steps: list[str | None] = [None] * people

    def serve(self, unit: int, deciding: _List, schools: Iterable[str], step: str) -> bool:
        """Let the unit stand in the list and give it to the first of the schools with room for all its members."""
        size = self.sizes.get(unit, 1)
        self.decided_by[unit] = deciding
        self.positions[unit] = deciding.heads + 1
        deciding.heads += size
        for school in schools:
            if self.free[school] >= size:
                self.free[school] -= size
                self.schools[unit], self.steps[unit] = school, step
                deciding.last_unit = unit
                return True
        return False


def place_by_zones(given: ZoneInput, drawing: TicketDraw | None = None) -> ZoneResult:
    """Siblings first, then each zone's list, then the overflow of all zones, then the last class.

    Every unit is served in the order (class, keys, ticket), the last class in the order of tickets; a bundle is
    served at the place of its best-placed member and where it does not fit the list goes on past it. The tickets are
    those of the input's seed unless a why-card asks what others would have given.
    """
    standing = standing_of(given, drawing)
    run = _Run(given, standing)
    zones = [one.zone for one in given.applicants]
    overflow = {school.id: school.overflow for school in given.schools}
    own = {school.id: (school.id,) for school in given.schools}
    lists = {school.id: _List() for school in given.schools}
    left_over, last_class = _List(), _List()
    _serve_siblings(run, given, standing, lists)
    first_of_last = len(given.classes) * prod(standing.widths)
    waiting = [unit for unit in standing.order if run.decided_by[unit] is None]
    ordinary = [unit for unit in waiting if standing.ranks[unit] < first_of_last]
    refused = [unit for unit in ordinary if not run.serve(unit, lists[zones[unit]], own[zones[unit]], "zone")]
    for unit in refused:
        run.serve(unit, left_over, overflow[zones[unit]], "overflow")
    for unit in sorted(waiting[len(ordinary) :], key=standing.tickets.__getitem__):
        run.serve(unit, last_class, dict.fromkeys((*overflow[zones[unit]], *lists)), "last")
    for deciding in (*lists.values(), left_over, last_class):
        _find_last_in(deciding, given, standing)
    return _result(given, standing, run)


def _serve_siblings(run: _Run, given: ZoneInput, standing: Standing, lists: dict[str, _List]) -> None:
    """Serve those whose brother or sister is at a school; only those admitted stand in its list, before the zone.

    Schools are served in id order, which matters only to a bundle whose members name two schools.
    """
    naming: dict[str, dict[int, None]] = {school: {} for school in lists}
    for unit in standing.order:
        for one in standing.members(unit):
            school_of_sibling = given.applicants[one].sibling_at
            if school_of_sibling is not None:
                naming[school_of_sibling][unit] = None
    for school, deciding in lists.items():
        for unit in naming[school]:
            if run.decided_by[unit] is None and run.free[school] >= run.sizes.get(unit, 1):
                run.serve(unit, deciding, [school], "sibling")


def _find_last_in(deciding: _List, given: ZoneInput, standing: Standing) -> None:
    if deciding.last_unit is not None:
        one = given.applicants[standing.members(deciding.last_unit)[-1]]
        deciding.last_in = Stand(one.seat_class, one.keys, standing.tickets[deciding.last_unit])


def _result(given: ZoneInput, standing: Standing, run: _Run) -> ZoneResult:
    for first, members in standing.together.items():
        for ahead, one in enumerate(members):
            run.decided_by[one], run.positions[one] = run.decided_by[first], run.positions[first] + ahead
            run.schools[one], run.steps[one] = run.schools[first], run.steps[first]
    last_in = [deciding and deciding.last_in for deciding in run.decided_by]
    columns = (given.applicants, run.schools, run.steps, run.positions, standing.tickets, last_in)
    return ZoneResult(
        tuple(map(ZonePlaced._make, zip(*columns, strict=True))),
        tuple([ZoneSchoolFilled(one.id, one.seats, one.seats - run.free[one.id]) for one in given.schools]),
        given.sha256,
    )

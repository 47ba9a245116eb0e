"""Placement by zones: siblings, zone lists, overflow, last class (contracts 2, mechanism "zone")."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

from backend.fairness.tickets import TicketDraw
from backend.placement.rules.inputs import ZoneInput
from backend.placement.rules.results import Stand, ZonePlaced, ZoneResult, ZoneSchoolFilled
from backend.placement.rules.units import Unit, ordered_units


@dataclass
class _List:
    """A list that decides: its units in the order in which they are served, and whom it admitted last."""

    heads: int = 0
    last_unit: Unit | None = None

    def stand(self, unit: Unit) -> int:
        """Let the unit stand in; the position of its first member, counted in heads from 1."""
        first = self.heads + 1
        self.heads += len(unit.members)
        return first

    @cached_property
    def last_in(self) -> Stand | None:
        """The stand of the last head admitted, once all are served."""
        return None if self.last_unit is None else stand_of(self.last_unit, -1)


class _Decision(NamedTuple):
    deciding: _List
    first_position: int
    school: str | None
    step: str | None


@dataclass
class _Run:
    """The state of one placement: seats left by school, and the decision on each unit by name."""

    free: dict[str, int]
    decisions: dict[str, _Decision] = field(default_factory=dict)

    def serve(self, unit: Unit, deciding: _List, schools: Iterable[str], step: str) -> bool:
        """Let the unit stand in the list and give it to the first of the schools with room for all its members."""
        position, size = deciding.stand(unit), len(unit.members)
        for school in schools:
            if self.free[school] >= size:
                break
        else:
            self.decisions[unit.name] = _Decision(deciding, position, None, None)
            return False
        self.free[school] -= size
        self.decisions[unit.name] = _Decision(deciding, position, school, step)
        deciding.last_unit = unit
        return True


def stand_of(unit: Unit, member: int) -> Stand:
    """Where a member of the unit stands: its own class and keys, the ticket of the unit."""
    one = unit.members[member]
    return Stand(one.seat_class, one.keys, unit.ticket)


def place_by_zones(given: ZoneInput, drawing: TicketDraw | None = None) -> ZoneResult:
    """Siblings first, then each zone's list, then the overflow of all zones, then the last class.

    Every unit is served in the order (class, keys, ticket), the last class in the order of tickets; a bundle is
    served at the place of its best-placed member and where it does not fit the list goes on past it. The tickets are
    those of the input's seed unless a why-card asks what others would have given.
    """
    units = ordered_units(given, drawing)
    run = _Run({school.id: school.seats for school in given.schools})
    overflow = {school.id: school.overflow for school in given.schools}
    own = {school.id: (school.id,) for school in given.schools}
    last_rank = len(given.classes)
    lists = {school.id: _List() for school in given.schools}
    _serve_siblings(run, units, lists)
    waiting = [unit for unit in units if unit.name not in run.decisions]
    ordinary = [unit for unit in waiting if unit.place[0] < last_rank]
    refused = [unit for unit in ordinary if not run.serve(unit, lists[unit.zone], own[unit.zone], "zone")]
    left_over = _List()
    for unit in refused:
        run.serve(unit, left_over, overflow[unit.zone], "overflow")
    last_class = _List()
    for unit in sorted((unit for unit in waiting if unit.place[0] == last_rank), key=lambda unit: unit.ticket):
        run.serve(unit, last_class, dict.fromkeys((*overflow[unit.zone], *lists)), "last")
    return _result(given, units, run)


def _serve_siblings(run: _Run, units: list[Unit], lists: dict[str, _List]) -> None:
    """Serve those whose brother or sister is at a school; only those admitted stand in its list, before the zone.

    Schools are served in id order, which matters only to a bundle whose members name two schools.
    """
    naming: dict[str, list[Unit]] = {school: [] for school in lists}
    for unit in units:
        for school in unit.siblings_at:
            naming[school].append(unit)
    for school, deciding in lists.items():
        for unit in naming[school]:
            if unit.name not in run.decisions and run.free[school] >= unit.size:
                run.serve(unit, deciding, [school], "sibling")


def _result(given: ZoneInput, units: list[Unit], run: _Run) -> ZoneResult:
    placements: dict[str, ZonePlaced] = {}
    for unit in units:
        deciding, first_position, school, step = run.decisions[unit.name]
        last_in, ticket = deciding.last_in, unit.ticket
        for position, one in enumerate(unit.members, first_position):
            stand = Stand(one.seat_class, one.keys, ticket)
            placements[one.id] = ZonePlaced(one.id, school, step, position, stand, last_in)
    return ZoneResult(
        tuple([placements[one.id] for one in given.applicants]),
        tuple([ZoneSchoolFilled(one.id, one.seats, one.seats - run.free[one.id]) for one in given.schools]),
        given.sha256,
    )

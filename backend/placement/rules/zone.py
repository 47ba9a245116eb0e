"""Placement by zones: siblings, zone lists, overflow, last class (contracts 2, mechanism "zone")."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

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
        self.heads += unit.size
        return first

    def last_in(self) -> Stand | None:
        """The stand of the last head admitted."""
        return None if self.last_unit is None else stand_of(self.last_unit, self.last_unit.size - 1)


@dataclass(slots=True)
class _Decision:
    deciding: _List
    first_position: int
    school: str | None
    step: str | None


@dataclass
class _Run:
    """The state of one placement: seats left by school, and the decision on each unit by name."""

    free: dict[str, int]
    decisions: dict[str, _Decision] = field(default_factory=dict)

    def serve(self, unit: Unit, deciding: _List, schools: Iterable[str], step: str) -> None:
        """Let the unit stand in the list and give it to the first of the schools with room for all its members."""
        position, size = deciding.stand(unit), unit.size
        for school in schools:
            if self.free[school] >= size:
                break
        else:
            self.decisions[unit.name] = _Decision(deciding, position, None, None)
            return
        self.free[school] -= size
        self.decisions[unit.name] = _Decision(deciding, position, school, step)
        deciding.last_unit = unit

    def is_placed(self, unit: Unit) -> bool:
        """Whether the unit has a school."""
        return unit.name in self.decisions and self.decisions[unit.name].school is not None


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
    waiting = [unit for unit in units if not run.is_placed(unit)]
    ordinary = [unit for unit in waiting if unit.place[0] < last_rank]
    for unit in ordinary:
        run.serve(unit, lists[unit.zone], own[unit.zone], "zone")
    left_over = _List()
    for unit in ordinary:
        if not run.is_placed(unit):
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
            if not run.is_placed(unit) and run.free[school] >= unit.size:
                run.serve(unit, deciding, [school], "sibling")


def _result(given: ZoneInput, units: list[Unit], run: _Run) -> ZoneResult:
    placements: dict[str, ZonePlaced] = {}
    taken: Counter[str | None] = Counter()
    last_in: dict[int, Stand | None] = {}
    for unit in units:
        decision = run.decisions[unit.name]
        taken[decision.school] += unit.size
        deciding = id(decision.deciding)
        if deciding not in last_in:
            last_in[deciding] = decision.deciding.last_in()
        for member, one in enumerate(unit.members):
            placements[one.id] = ZonePlaced(
                one.id,
                decision.school,
                decision.step,
                decision.first_position + member,
                stand_of(unit, member),
                last_in[deciding],
            )
    return ZoneResult(
        tuple(placements[one.id] for one in given.applicants),
        tuple(ZoneSchoolFilled(school.id, school.seats, taken[school.id]) for school in given.schools),
        given.sha256,
    )

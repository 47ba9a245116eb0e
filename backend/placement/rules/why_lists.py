"""The lists of a finished zone placement, walked once more: where each of them closed, and behind whom a place is lost.

Everything a why-card asks follows from one fact: what a unit gets in a list depends only on who was served before it.
So one walk over the result answers for every unit what any other stand in the same order would have given
(docs/properties/placement.md, W2).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from backend.placement.rules.inputs import ZoneInput
from backend.placement.rules.results import ZoneResult
from backend.placement.rules.units import Unit

Stand = tuple[int, tuple[int, ...], bytes, bytes]
"""(class, doubled key ranks, ticket, name): between two ranks there is room for a value that nobody has."""
Limit = tuple[object, ...] | None
"""Before this stand there is room, from it on there is none; None: there is room for everybody, () for nobody."""
NOBODY: Limit = ()
Turn = tuple[Unit, str | None]


def stand_of_place(place: tuple[int, tuple[int, ...]], unit: Unit) -> Stand:
    """The stand of a member's place with the unit's ticket."""
    return place[0], tuple([2 * rank for rank in place[1]]), unit.ticket, unit.name.encode()


def stands_before(stand: tuple[object, ...], limit: Limit) -> bool:
    """Whether there is room for whoever stands here."""
    return limit is None or stand < limit


@dataclass
class Lists:
    """A finished placement by its lists; `limits[step, school][size]` says up to where the list had room for a size.

    `lost_behind[name]` is the stand behind which an admitted unit would have lost its place, None where nowhere.
    `zones[school]` is the zone's list, `refused[school]` are those it refused, `naming[school]` those with siblings
    there, `tries[school]` where the last class of the zone goes, `after_siblings` the seats that siblings left.
    """

    given: ZoneInput
    units: Sequence[Unit]
    stands: dict[str, Stand]
    decided: dict[str, tuple[str | None, str | None]]
    limits: dict[tuple[str, str], dict[int, Limit]] = field(default_factory=dict)
    lost_behind: dict[str, Limit] = field(default_factory=dict)
    refused: dict[str, list[Unit]] = field(default_factory=dict)
    naming: dict[str, list[Unit]] = field(default_factory=dict)
    zones: dict[str, list[Unit]] = field(default_factory=dict)
    tries: dict[str, list[str]] = field(default_factory=dict)
    after_siblings: dict[str, int] = field(default_factory=dict)

    @property
    def last_rank(self) -> int:
        """The rank of the class that is served last."""
        return len(self.given.classes)


def walked_lists(given: ZoneInput, result: ZoneResult, units: Sequence[Unit]) -> Lists:
    """The lists of `result`, which is that of `given`; `units` are the input's in their order."""
    rows = {row.id: (row.school, row.step) for row in result.placements}
    lists = Lists(
        given,
        units,
        {unit.name: stand_of_place(unit.place, unit) for unit in units},
        {unit.name: rows[unit.members[0].id] for unit in units},
    )
    schools = [school.id for school in given.schools]
    lists.naming = {school: [] for school in schools}
    lists.zones = {school: [] for school in schools}
    lists.tries = {one.id: list(dict.fromkeys((*one.overflow, *schools))) for one in given.schools}
    for unit in units:
        for school in unit.siblings_at:
            lists.naming[school].append(unit)
        if unit.place[0] < lists.last_rank and lists.decided[unit.name][1] != "sibling":
            lists.zones[unit.zone].append(unit)
    _walk_all(lists, {school.id: school.seats for school in given.schools})
    return lists


def _walk_all(lists: Lists, free: dict[str, int]) -> None:
    sizes = sorted({unit.size for unit in lists.units})
    for school, naming in lists.naming.items():
        _walk_one(lists, "sibling", school, free, _not_served_before(lists, school, naming), sizes)
    lists.after_siblings = dict(free)
    for school, zone in lists.zones.items():
        _walk_one(lists, "zone", school, free, zone, sizes)
        lists.refused[school] = [unit for unit in zone if lists.decided[unit.name][1] != "zone"]
    ordinary = [unit for unit in lists.units if unit.place[0] < lists.last_rank]
    left_over = [unit for unit in ordinary if lists.decided[unit.name][1] not in {"sibling", "zone"}]
    _walk_many(lists, "overflow", left_over, free, sizes)
    last = [
        unit for unit in lists.units if unit.place[0] == lists.last_rank and lists.decided[unit.name][1] != "sibling"
    ]
    _walk_many(lists, "last", sorted(last, key=lambda unit: unit.ticket), free, sizes)


def _not_served_before(lists: Lists, school: str, naming: Iterable[Unit]) -> list[Unit]:
    """Whoever names the school and was not admitted by a school that was served before it."""
    standing = []
    for unit in naming:
        at, step = lists.decided[unit.name]
        if step == "sibling" and at is not None and at != school and at.encode() < school.encode():
            continue
        standing.append(unit)
    return standing


def _walk_one(
    lists: Lists, step: str, school: str, free: dict[str, int], standing: Sequence[Unit], sizes: Sequence[int]
) -> None:
    """Walk the list of one school, and back again for the places that can be lost."""
    limits: dict[int, Limit] = {size: None if free[school] >= size else NOBODY for size in sizes}
    lefts: list[tuple[Unit, int, bool]] = []
    for unit in standing:
        is_in = lists.decided[unit.name] == (school, step)
        lefts.append((unit, free[school], is_in))
        if is_in:
            free[school] -= unit.size
            _close(limits, free[school], lists.stands[unit.name])
    lists.limits[step, school] = limits
    behind: dict[int, Limit] = dict.fromkeys(sizes)
    for unit, left, is_in in reversed(lefts):
        if is_in:
            lists.lost_behind[unit.name] = behind[unit.size]
        else:
            # With the seats of a unit of this size free again, the refused one would have been let in, and then
            # fewer seats are left than that size needs: left < its own size.
            behind |= {size: lists.stands[unit.name] for size in sizes if unit.size - left <= size}


def _walk_many(lists: Lists, step: str, standing: Sequence[Unit], free: dict[str, int], sizes: Sequence[int]) -> None:
    """Walk a list that leads to many schools; the last class stands by its tickets alone."""
    limits: Mapping[str, dict[int, Limit]] = {
        school: {size: None if seats >= size else NOBODY for size in sizes} for school, seats in free.items()
    }
    for unit in standing:
        school, was = lists.decided[unit.name]
        if school is not None and was == step:
            free[school] -= unit.size
            _close(limits[school], free[school], (unit.ticket,) if step == "last" else lists.stands[unit.name])
    lists.limits |= {(step, school): closed for school, closed in limits.items()}


def _close(limits: dict[int, Limit], left: int, stand: tuple[object, ...]) -> None:
    for size, limit in limits.items():
        if limit is None and left < size:
            limits[size] = stand

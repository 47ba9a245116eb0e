"""How many seats a school was short of for each unit that its zone refused, by running its lists with more seats."""

from collections.abc import Sequence

from backend.placement.rules.units import Unit
from backend.placement.rules.why_lists import Lists


def seats_missing(lists: Lists) -> dict[str, int]:
    """Unit refused by its zone → the fewest additional seats of the zone's school with which it is admitted there.

    More seats also take in more siblings, and a bundle that now fits may leave others outside: so the school's lists
    are run again with one more seat each time, until everybody has been admitted once.
    """
    missing: dict[str, int] = {}
    for school, refused in lists.refused.items():
        if not refused:
            continue
        siblings_wait = any(lists.decided[unit.name] != (school, "sibling") for unit in lists.naming[school])
        if not siblings_wait and all(unit.size == 1 for unit in lists.zones[school]):
            missing |= {unit.name: more for more, unit in enumerate(refused, 1)}
            continue
        waiting = {unit.name for unit in refused}
        more = 0
        while waiting:
            more += 1
            admitted = _admitted(lists, school, more, siblings_wait=siblings_wait) & waiting
            missing |= dict.fromkeys(admitted, more)
            waiting -= admitted
    return missing


def _admitted(lists: Lists, school: str, more: int, *, siblings_wait: bool) -> set[str]:
    """The units of the zone that its school admits with so many more seats, as siblings or by the zone's list."""
    if not siblings_wait:
        return _filled(lists.zones[school], lists.after_siblings[school] + more)
    seats = {one.id: one.seats + (more if one.id == school else 0) for one in lists.given.schools}
    at: dict[str, str] = {}
    for one, naming in lists.naming.items():
        for unit in naming:
            if unit.name not in at and unit.size <= seats[one]:
                seats[one] -= unit.size
                at[unit.name] = one
    own = [unit for unit in lists.units if unit.zone == school and unit.place[0] < lists.last_rank]
    taken_in = {unit.name for unit in own if at.get(unit.name) == school}
    return taken_in | _filled([unit for unit in own if unit.name not in at], seats[school])


def _filled(standing: Sequence[Unit], seats: int) -> set[str]:
    admitted = set()
    for unit in standing:
        if unit.size <= seats:
            seats -= unit.size
            admitted.add(unit.name)
    return admitted

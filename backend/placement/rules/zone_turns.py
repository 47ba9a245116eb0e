"""Goes through a claimed zone result turn by turn: whoever was admitted fitted, whoever was refused did not.

For the checkers only. Nothing is placed here: each list is walked with the seats that the claims themselves leave,
so that a true result passes and the first false turn is named. Properties Z5 to Z9 of docs/properties/placement.md.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from backend.placement.rules.inputs import ZoneInput
from backend.placement.rules.zone_claims import ClaimedUnit


def impossible_steps(given: ZoneInput, units: Iterable[ClaimedUnit]) -> Iterator[str]:
    """Units whose step and school cannot stand together."""
    overflow = {school.id: school.overflow for school in given.schools}
    for unit in units:
        can_be = {
            None: unit.school is None,
            "sibling": unit.school in unit.siblings_at,
            "zone": unit.school == unit.zone and not unit.is_last,
            "overflow": unit.school in overflow[unit.zone] and not unit.is_last,
            "last": unit.school in overflow and unit.is_last,
        }
        if not can_be.get(unit.step, False):
            yield f"{unit.label!r} cannot be at {unit.school!r} by step {unit.step!r}"


def false_sibling_turns(given: ZoneInput, units: Sequence[ClaimedUnit]) -> Iterator[str]:
    """Each school's siblings in the order of ranks; schools in id order, which matters where a bundle names two."""
    naming: dict[str, list[ClaimedUnit]] = {school.id: [] for school in given.schools}
    for unit in units:
        for named in unit.siblings_at:
            naming[named].append(unit)
    served: set[str] = set()
    for school in given.schools:
        left = school.seats
        for unit in naming[school.id]:
            if unit.label in served:
                continue
            is_in = unit.step == "sibling" and unit.school == school.id
            if is_in != (unit.size <= left):
                yield _told(unit, school.id, left, "sibling")
            if is_in:
                left -= unit.size
                served.add(unit.label)


def false_zone_turns(given: ZoneInput, units: Sequence[ClaimedUnit]) -> Iterator[str]:
    """Each zone's list in the order of ranks, after the siblings."""
    left = seats_after(given, units, ("sibling",))
    for unit in units:
        if unit.is_last or unit.step == "sibling":
            continue
        is_in = unit.step == "zone"
        if is_in != (unit.size <= left[unit.zone]):
            yield _told(unit, unit.zone, left[unit.zone], "zone")
        if is_in:
            left[unit.zone] -= unit.size


def false_overflow_turns(given: ZoneInput, units: Sequence[ClaimedUnit]) -> Iterator[str]:
    """Those left over by all zones in the order of ranks, each at the first school of its list with room."""
    overflow = {school.id: school.overflow for school in given.schools}
    standing = [unit for unit in units if not unit.is_last and unit.step not in ("sibling", "zone")]
    left = seats_after(given, units, ("sibling", "zone"))
    return _false_first_fits(standing, left, overflow, "overflow")


def false_last_turns(given: ZoneInput, units: Sequence[ClaimedUnit]) -> Iterator[str]:
    """The last class in the order of tickets, each at its overflow list's first school with room, then by id."""
    ids = sorted((school.id for school in given.schools), key=str.encode)
    tried = {
        school.id: [*school.overflow, *(one for one in ids if one not in school.overflow)] for school in given.schools
    }
    standing = sorted((unit for unit in units if unit.is_last and unit.step != "sibling"), key=lambda unit: unit.ticket)
    left = seats_after(given, units, ("sibling", "zone", "overflow"))
    return _false_first_fits(standing, left, tried, "last")


def envied_in_the_zone(units: Sequence[ClaimedUnit]) -> Iterator[str]:
    """Refused units behind whom their own zone admitted one that needs as many seats or more."""
    largest_behind: dict[str, int] = {}
    for unit in reversed(units):
        if unit.is_last or unit.step == "sibling":
            continue
        if unit.step == "zone":
            largest_behind[unit.zone] = max(unit.size, largest_behind.get(unit.zone, 0))
        elif largest_behind.get(unit.zone, 0) >= unit.size:
            yield f"{unit.label!r} was refused by {unit.zone!r}, and somebody behind who needs as many seats was not"


def wasted_seats(given: ZoneInput, units: Sequence[ClaimedUnit]) -> Iterator[str]:
    """Units without a school although one that they could go to has room for them at the end."""
    overflow = {school.id: school.overflow for school in given.schools}
    left = seats_after(given, units, ("sibling", "zone", "overflow", "last"))
    for unit in units:
        if unit.school is None:
            reachable = left if unit.is_last else overflow[unit.zone]
            for school in reachable:
                if left[school] >= unit.size:
                    yield f"{unit.label!r} has no school, and {school!r} has {left[school]} free seats"


def seats_after(given: ZoneInput, units: Iterable[ClaimedUnit], steps: Sequence[str]) -> dict[str, int]:
    """The seats that the claims of these steps leave free, by school."""
    left = {school.id: school.seats for school in given.schools}
    for unit in units:
        if unit.step in steps and unit.school in left:
            left[unit.school] -= unit.size
    return left


def _false_first_fits(
    standing: Iterable[ClaimedUnit], left: dict[str, int], tried: Mapping[str, Sequence[str]], step: str
) -> Iterator[str]:
    for unit in standing:
        size = unit.size
        expected = next((school for school in tried[unit.zone] if left[school] >= size), None)
        if unit.school != expected or unit.step != (None if expected is None else step):
            yield f"{unit.label!r} is at {unit.school!r} by step {unit.step!r}; its {step} turn gave {expected!r}"
        if unit.step == step and unit.school in left:
            left[unit.school] -= size


def _told(unit: ClaimedUnit, school: str, left: int, step: str) -> str:
    verb = "was refused by" if unit.size <= left else "was admitted to"
    return f"{unit.label!r} needs {unit.size} and {verb} {school!r} at its {step} turn with {left} seats left"

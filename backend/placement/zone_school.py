"""The school at which a child stands in a zone allocation: the address's, the feeder's, or the nearest where there is none.

Nobody falls out of the allocation because an address is in no zone (D04, D08): such a child stands at the school of its
town, and the explanation says so.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from backend.policy.rules.places import ZoneLine, zone_lines_for

TOWN = 9


@dataclass(frozen=True)
class Standing:
    """Where a child stands: `school`, and a line for the why-card where it is not simply the school of the address.

    `is_outside`: no school of the address takes this seat type. `zone` are the schools of the address that do.
    """

    school: str
    line: str | None = None
    is_outside: bool = False
    zone: tuple[str, ...] = field(default=(), compare=False)


@dataclass(frozen=True)
class Address:
    """What decides about it: the unit, the settled seat type, the schools the family chose, the feeder's junior."""

    unit_code: str
    seat_type: str
    chosen: Sequence[str] = ()
    fed_to: str | None = None


class Zones:
    """The zone lines of a stage, asked for many children."""

    def __init__(
        self, lines: Iterable[ZoneLine], stage: str, plan: Mapping[str, int], names: Mapping[str, str]
    ) -> None:
        """`plan` are the schools that take part with their seats (at least one), `names` their names."""
        self._plan, self._names, self._stage = plan, names, stage
        self._by_unit: dict[str, list[ZoneLine]] = {}
        self._by_town: dict[str, Counter[str]] = {}
        for line in lines:
            if line.school in plan:
                self._by_unit.setdefault(line.unit_code, []).append(line)
                self._by_town.setdefault(line.unit_code[:TOWN], Counter())[line.school] += 1

    def standing(self, address: Address) -> Standing:
        """The school of the child (D06, D07): chosen among those of the address, fed to, of the address, or nearest."""
        lines = self._by_unit.get(address.unit_code, [])
        admitting = zone_lines_for(lines, self._stage, address.unit_code, address.seat_type)
        schools = tuple(line.school for line in admitting)
        for school in address.chosen:
            if school in schools:
                return Standing(school, zone=schools)
        if address.fed_to in self._plan and address.fed_to is not None:
            return Standing(address.fed_to, f"毕业小学对口直升{self._name(address.fed_to)}。", zone=schools)
        return Standing(schools[0], zone=schools) if schools else self._nearest(address, lines)

    def _nearest(self, address: Address, lines: Sequence[ZoneLine]) -> Standing:
        if lines:
            why = "您家的学位类型不在地址所属片区的招收范围里"
            return self._coordinated(min(line.school for line in lines), why)
        of_town = self._by_town.get(address.unit_code[:TOWN])
        if of_town:
            nearest = min(of_town, key=lambda code: (-of_town[code], code))
            return self._coordinated(nearest, "您家地址今年没有划入片区，按同一乡镇（街道）")
        return self._coordinated(min(self._plan), "您家地址今年没有划入片区")

    def _coordinated(self, school: str, why: str) -> Standing:
        return Standing(school, f"{why}，由教育局统筹，从{self._name(school)}排起。", is_outside=True)

    def _name(self, school: str) -> str:
        return self._names.get(school, school)

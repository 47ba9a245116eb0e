"""What the rule-books of the simulated banners cover, and where families rank schools."""

from dataclasses import dataclass

from rehearsal import land
from rehearsal.land import Unit
from rehearsal.schools import STAGES


@dataclass(frozen=True)
class Area:
    """What one banner's rule-book covers: some towns (all where empty), some stages."""

    towns: tuple[str, ...] = ()
    stages: tuple[str, ...] = STAGES

    def units(self, banner_code: str) -> tuple[Unit, ...]:
        """The banner's units that are covered."""
        members = land.units_of(banner_code)
        return tuple(unit for unit in members if not self.towns or unit.town_code in self.towns)


AREAS = {"150621": Area(towns=("150621100",)), "150602": Area(stages=("primary", "junior"))}
"""Banners whose rule-book covers less than everything: 达拉特 树林召镇 only, the capital's way without kindergartens."""
RANKED = {("150627", "junior")}
"""Banners and stages whose families rank the schools of their zone (`stage_placements` of the book)."""


def area_of(banner_code: str) -> Area:
    """What the banner's rule-book covers."""
    return AREAS.get(banner_code, Area())

"""The parts that a season needs played about places: who leaves a list, who does not come, who asks for another school.

The first families of a city after the samples play one part each, in the banner whose rule-book has the thing; others
play one by chance. What a family does follows from its part alone, so that the report can be held against it.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from rehearsal.chance import Chance
from rehearsal.fates import Check, Fate
from rehearsal.rates import Rates

SHORT, WRONG_LINE, FED, FULL = "short", "wrong-line", "fed", "full"
"""Grounds on which families of several parts live together: see `Part.ground`."""


@dataclass(frozen=True)
class Part:
    """What one family plays: in which banner, for which stage, with which fate, and on which ground it lives.

    Families of the ground `short` live in the zone of a kindergarten with two places too few; of `wrong-line` in the one
    unit that the sheet of zones names by mistake under another junior school; `fed` stands on the roster of a primary
    school whose pupils go up to a junior school that is not that of the address; of `full` in the zone of a primary school
    with one place too few, whose overflow goes to the own school group first.
    """

    name: str
    banner: str
    stage: str
    fate: Fate
    ground: str = ""


FATES = {
    "plain": Fate(),
    "coordinated": Fate(home="none", work="none"),
    "insured": Fate(home="none", work="insured", book="outside"),
    "mistaken": Fate(household=Check("mismatch", "household_number", "family")),
    "sibling": Fate(sibling=True),
    "twins": Fate(twins=True),
}
DEALT = """
150603 kindergarten waits      2 coordinated short
150603 kindergarten leaves     1 plain       short
150603 kindergarten absent     1 plain       short
150603 primary      defers     1 plain       -
150603 primary      moves      1 plain       -
150603 junior       wavers     3 plain       -
150603 primary      follows    1 sibling     -
150621 junior       objects    1 plain       wrong-line
150621 junior       misplaced  1 plain       wrong-line
150621 primary      late       1 mistaken    -
150621 junior       comes-late 1 plain       -
150621 primary      draws      2 plain       -
150621 primary      crowds     2 plain       full
150621 primary      honoured   1 plain       -
150627 primary      points     1 insured     -
150627 junior       ranks      1 plain       -
150627 primary      forged     1 insured     -
150627 primary      draws      2 twins       -
150602 junior       fed        1 plain       fed
150602 primary      absent     1 plain       -
"""
"""Banner, stage, part, how many families play it, their fate, their ground: in the order in which families take them."""
PARTS = tuple(
    Part(name, banner, stage, FATES[fate], ground.strip("-"))
    for banner, stage, name, times, fate, ground in map(str.split, DEALT.strip().splitlines())
    for _ in range(int(times))
)
BY_CHANCE = {"absent": "no_shows", "moves": "transfers", "leaves": "leave_list"}
"""Part → the rate at which an ordinary family plays it."""
SEATS_SHORT = sum(part.name == "waits" for part in PARTS)
WISHERS = {"wavers", "draws"}
"""Parts whose family registers for the private school of its stage."""
PREFERRED = {"honoured": "police"}
"""Part → the group that law prefers to which its family belongs (B15)."""


def parts_of(banners: Collection[str]) -> tuple[Part, ...]:
    """The parts that are played in a season of these banners."""
    return tuple(part for part in PARTS if part.banner in banners)


def has_ground(ground: str, banners: Collection[str], families: int, samples: int) -> bool:
    """Whether a city of so many families has all who play on a ground."""
    needed = [number for number, part in enumerate(parts_of(banners), 1) if part.ground == ground]
    return bool(needed) and families >= samples + needed[-1]


def part_by_chance(seed: str, number: int, rates: Rates) -> str:
    """What an ordinary family plays, mostly nothing (""): a chance of its own, so that the rest of its fate stays."""
    chance = Chance(f"{seed}/part/{number}")
    shares: Mapping[str, float] = {name: getattr(rates, rate) for name, rate in BY_CHANCE.items()}
    return chance.one_of({**shares, "": max(0.0, 1 - sum(shares.values()))})

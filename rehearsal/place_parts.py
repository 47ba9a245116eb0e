"""The parts that a season needs played about places: who leaves a list, who does not come, who asks for another school.

The first families of a city after the samples play one part each, in the banner whose rule-book has the thing; others
play one by chance. What a family does follows from its part alone, so that the report can be held against it.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace

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


_PLAIN = Fate(wechat=True)
_WAITS = replace(_PLAIN, home="none", work="none")
_INSURED = replace(_PLAIN, home="none", work="insured", book="outside")
_TWINS = replace(_PLAIN, twins=True)
_MISTAKEN = replace(_PLAIN, household=Check("mismatch", "household_number", "family"))

PARTS = (
    Part("waits", "150603", "kindergarten", _WAITS, SHORT),
    Part("waits", "150603", "kindergarten", _WAITS, SHORT),
    Part("leaves", "150603", "kindergarten", _PLAIN, SHORT),
    Part("absent", "150603", "kindergarten", _PLAIN, SHORT),
    Part("defers", "150603", "primary", _PLAIN),
    Part("moves", "150603", "primary", _PLAIN),
    Part("wavers", "150603", "junior", _PLAIN),
    Part("wavers", "150603", "junior", _PLAIN),
    Part("wavers", "150603", "junior", _PLAIN),
    Part("follows", "150603", "primary", replace(_PLAIN, sibling=True)),
    Part("objects", "150621", "junior", _PLAIN, WRONG_LINE),
    Part("misplaced", "150621", "junior", _PLAIN, WRONG_LINE),
    Part("late", "150621", "primary", _MISTAKEN),
    Part("comes-late", "150621", "junior", _PLAIN),
    Part("draws", "150621", "primary", _PLAIN),
    Part("draws", "150621", "primary", _PLAIN),
    Part("crowds", "150621", "primary", _PLAIN, FULL),
    Part("crowds", "150621", "primary", _PLAIN, FULL),
    Part("honoured", "150621", "primary", _PLAIN),
    Part("points", "150627", "primary", _INSURED),
    Part("ranks", "150627", "junior", _PLAIN),
    Part("forged", "150627", "primary", _INSURED),
    Part("draws", "150627", "primary", _TWINS),
    Part("draws", "150627", "primary", _TWINS),
    Part("fed", "150602", "junior", _PLAIN, FED),
    Part("absent", "150602", "primary", _PLAIN),
)
"""In the order in which families take them; those of banners that take no part in the season are left out."""
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

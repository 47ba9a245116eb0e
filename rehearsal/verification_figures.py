"""What verification came to, seen from the desk: pass rates beside the published ones (C18), who had to look, who waits. Pure.

`told` is the answer of `GET /api/desk/banners/{banner}/verification`, `queue` the items of `GET /api/desk/cases`.
"""

from collections.abc import Mapping, Sequence
from math import isqrt
from typing import Any

PUBLISHED = {"people": 8578, "police/household": 6306, "land/property": 8647}
"""C18a, C18b, C18c in hundredths of a per cent: people collected, households, homes."""
WITHIN = 300
BY_HAND_AT_MOST = 2000
"""Three points; and a fifth, in hundredths of a per cent."""
MANY = 2000
"""Of so many answers three points are three points and a fifth is a fifth; among fewer, chance counts too."""
DEVIATIONS = 4
WHOLE = 10_000


def rates_of(told: Mapping[str, Any]) -> dict[str, int]:
    """The three rates, in hundredths of a per cent; 0 where nobody was asked about."""
    items = {item["item"]: item["pass_rate"] or 0 for item in told["items"]}
    found = {name: items.get(name, 0) for name in PUBLISHED if name != "people"}
    return {"people": told["people"]["pass_rate"] or 0, **found}


def by_hand(told: Mapping[str, Any]) -> int:
    """Applications that a person had to look at, of all handed in, in hundredths of a per cent."""
    handed_in = told["people"]["handed_in"]
    return told["people"]["by_hand"] * WHOLE // handed_in if handed_in else 0


def asked_of(told: Mapping[str, Any]) -> dict[str, int]:
    """How many each of the three rates is a share of."""
    items = {
        item["item"]: sum(item[verdict] for verdict in ("match", "mismatch", "not-found")) for item in told["items"]
    }
    return {name: told["people"]["handed_in"] if name == "people" else items.get(name, 0) for name in PUBLISHED}


def chance_of(share: int, asked: int) -> int:
    """How far chance may carry a share (hundredths of a per cent) of so many: four standard deviations; of MANY not at all."""
    if asked >= MANY:
        return 0
    return isqrt(DEVIATIONS**2 * share * (WHOLE - share) // asked) if asked else WHOLE


def statements(told: Mapping[str, Any], queue: Sequence[Mapping[str, Any]]) -> list[tuple[str, int, int]]:
    """(what, left, right) that must be equal: how far from the published rates, how much by hand, who is nobody's."""
    asked = asked_of(told)
    far = {
        name: max(0, abs(rate - PUBLISHED[name]) - max(WITHIN, chance_of(PUBLISHED[name], asked[name])))
        for name, rate in rates_of(told).items()
    }
    above = max(0, by_hand(told) - BY_HAND_AT_MOST - chance_of(BY_HAND_AT_MOST, asked["people"]))
    return [
        ("people who pass by themselves: farther than 3 points from 85.78 % (C18a)", far["people"], 0),
        ("household checks that match: farther than 3 points from 63.06 % (C18b)", far["police/household"], 0),
        ("home checks that match: farther than 3 points from 86.47 % (C18c)", far["land/property"], 0),
        (
            "applications a person looks at: above a fifth",
            above,
            0,
        ),
        ("open cases that wait for nobody by name", sum(not case["taken_by"] for case in queue), 0),
        ("applications still with the departments", told["people"]["under_way"], 0),
    ]

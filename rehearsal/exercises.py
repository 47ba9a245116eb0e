"""What the rule-books of a rehearsed season have beside their models, so that every mechanism is played somewhere.

Rules are data: these are settings that the models leave open or another place has published, put on as an exercise.
"""

import copy
from collections.abc import Callable, Mapping
from typing import Any

Content = dict[str, Any]
POINTS_A_MONTH, POINTS_AT_MOST, ROUNDED_TO = 25, 2000, 100
"""Points for a month of social insurance, at most and rounded down to (domain 2.7), in hundredths."""
KEPT_DAYS = 2
WAYS = {"150603-J90": "circle", "150621-P90": "circle-keep-drawn", "150627-P90": "two-shuffles"}
"""Private school → how it draws; the others draw by tickets."""
PENALTY_CLASS = {"150621": "5"}
"""Banner → the class of those whose papers came too late."""


def with_exercise(banner: str, content: Mapping[str, Any]) -> Content:
    """The content of a banner's rule-book with what a rehearsal adds to it."""
    told = copy.deepcopy(dict(content))
    exercise = EXERCISES.get(banner)
    if exercise is not None:
        exercise(told)
    return told


def _kangbashi(content: Content) -> None:
    """Kindergartens overflow nowhere, so that lines move; a private junior school draws by the circle, beside interviews."""
    kindergarten = {**content["placement"], "stage": "kindergarten", "overflow": "none"}
    junior = {**content["placement"], "stage": "junior", "private_draw": "circle"}
    content["stage_placements"] = [*content.get("stage_placements", []), kindergarten, junior]
    content["interview"] = {
        "stages": ["junior"],
        "d10_interview_exception": "演练设定：民办初中可在电脑派位之外面谈（D10），公办学校不得面谈。",
    }


def _dalate(content: Content) -> None:
    """Overflow by school groups and distance; a place is kept some days; drawn numbers stay in the circle."""
    content["placement"] |= {"private_draw": "circle-keep-drawn", "overflow": "nearest"}
    content["no_show"] = {"kept_days": KEPT_DAYS, "unit": "calendar", "seat": "further-round"}


def _weifang(content: Content) -> None:
    """Families without a home stand by points; a private school draws by two shuffles."""
    content["placement"] |= {"private_draw": "two-shuffles"}
    insured = {
        "code": "insured",
        "name": "缴纳社会保险",
        "points": POINTS_A_MONTH,
        "per": "work.insured_months",
        "at_most": POINTS_AT_MOST,
        "evidence": "insurance",
    }
    veto = {"text": "提供虚假材料的，积分清零。", "when": {"fact": "conduct.false_papers", "is": True}}
    table = {"stages": ["primary"], "items": [insured], "rounding": "down", "round_to": ROUNDED_TO, "vetoes": [veto]}
    content["points"] = [table]
    places = [place for place, key in enumerate(content["order"]) if key["key"] == "insured-months"]
    key = {"key": "points", "fact": "points.total", "direction": "descending", "seat_types": ["4"]}
    content["order"].insert(places[0], key)


EXERCISES: Mapping[str, Callable[[Content], None]] = {
    "150603": _kangbashi,
    "150621": _dalate,
    "150627": _weifang,
}
"""Banner → what its season has beside its model. The capital's way (150602) is played as it is: feeders, D28, D30."""


def points_of(months: int) -> int:
    """The points of a family with so many months of social insurance, in hundredths."""
    return min(months * POINTS_A_MONTH // ROUNDED_TO * ROUNDED_TO, POINTS_AT_MOST)

"""指标到校计算器: every junior school deals the quota of a school again, with other figures too, and sees the lines (wish 18)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from backend.fairness.largest_remainder import NoWeight
from backend.foundation.database import db
from backend.foundation.problems import NotFound
from backend.zhongkao.candidate_view import points
from backend.zhongkao.count_candidates import open_plan
from backend.zhongkao.exam_places import rules_of_year
from backend.zhongkao.rows import QuotaCrowd
from backend.zhongkao.rules.exam_rules import ExamRules
from backend.zhongkao.rules.forecast import STEP
from backend.zhongkao.rules.quota import Junior, deal_quota
from backend.zhongkao.rules.quota_effect import Crowd, Effect, crowd_of, quota_effect
from backend.zhongkao.rules.reserves import First
from backend.zhongkao.year_figures import FEWEST, quotas_of

SHARES = (0, 50, 100, 150)
"""Simulated beside each other: so many per cent of the places that were dealt."""
MOST = 20_000
"""More places, classes or pupils than this nobody can mean."""


@dataclass(frozen=True)
class Asked:
    """What somebody asks the calculator: places, cap, and other figures by junior school; None: as published."""

    seats: int | None = None
    class_cap: int | None = None
    figures: Mapping[str, tuple[int, int]] | None = None


def juniors_of(year: int, school: str) -> list[dict[str, Any]]:
    """The published rows of a school's quota. Raises NotFound."""
    rows = [row for row in quotas_of(year) if row["school"] == school]
    if not rows:
        raise NotFound
    return rows


def calculated(year: int, school: str, asked: Asked) -> dict[str, Any]:
    """The quota dealt again with what was asked, beside what was published, and the simulated lines.

    Raises NotFound, NoExamRules.
    """
    rules = rules_of_year(year)
    if rules.quota is None:
        raise NotFound
    rows = juniors_of(year, school)
    published = sum(row["seats"] for row in rows)
    places = published + open_plan(year, school, rules.quota)
    seats = min(places, published if asked.seats is None else asked.seats)
    cap = asked.class_cap or rules.quota.class_cap
    juniors = [
        Junior(row["junior"], *(asked.figures or {}).get(row["junior"], (row["classes"], row["pupils"])))
        for row in rows
    ]
    dealt = _dealt(juniors, seats, cap)
    kept = db.session.get_one(QuotaCrowd, (year, school))
    crowd = crowd_of(((one["open"], one["junior"]), one["levels"]) for one in kept.groups)
    first: First = "quota-first" if _is_quota_first(rules) else "open-first"
    effect = quota_effect(crowd, places, {one.id: dealt[one.id][1] for one in juniors}, first)
    many = {one.id: sum(group["wanting"] for group in kept.groups if group["junior"] == one.id) for one in juniors}
    return {
        "school_name": rows[0]["school_name"],
        "published": published,
        "places": places,
        "seats": seats,
        "class_cap": cap,
        "by_choices": kept.by_choices,
        "open_line": _step(effect.open_line),
        "rows": [
            row
            | {"asked_classes": one.classes, "asked_pupils": one.pupils, "asked_weight": dealt[one.id][0]}
            | {"asked_seats": dealt[one.id][1], **_line(effect, one.id, many[one.id])}
            for row, one in zip(rows, juniors, strict=True)
        ],
        "scenarios": [_scenario(juniors, cap, published * share // 100, places, crowd, first) for share in SHARES],
    }


def _dealt(juniors: Sequence[Junior], seats: int, cap: int) -> dict[str, tuple[int, int]]:
    """Weight and seats by junior school; all 0 where nobody has any pupils."""
    try:
        return {name: (weight, many) for name, weight, many in deal_quota(juniors, seats, cap)}
    except NoWeight:
        return {one.id: (0, 0) for one in juniors}


def _line(effect: Effect, junior: str, wanting: int) -> dict[str, Any]:
    """A junior school's simulated line; none is shown where fewer than ten want the school: it would point at persons."""
    shown = wanting >= FEWEST
    return {"shown": shown, "line": _step(effect.lines[junior]) if shown else None, "used": effect.admitted[junior]}


def _scenario(
    juniors: Sequence[Junior], cap: int, seats: int, places: int, crowd: Crowd, first: First
) -> dict[str, Any]:
    seats = min(seats, places)
    quota = {name: many for name, (_, many) in _dealt(juniors, seats, cap).items()}
    effect = quota_effect(crowd, places, quota, first)
    lines = [line for line in effect.lines.values() if line is not None]
    return {
        "seats": seats,
        "open_line": _step(effect.open_line),
        "lowest": _step(min(lines, default=None)),
        "highest": _step(max(lines, default=None)),
        "unused": sum(quota.values()) - sum(many for junior, many in effect.admitted.items() if junior),
    }


def _step(line: int | None) -> str | None:
    """Simulated lines are told by steps of five points, like the boards (P12)."""
    return None if line is None else points(line // STEP * STEP)


def _is_quota_first(rules: ExamRules) -> bool:
    """By the year's rule of one run, or by which session comes first."""
    if rules.quota is None or rules.quota.order != "own-session":
        return rules.quota is not None and rules.quota.order == "quota-first"
    return next((one.category == rules.quota.category for one in rules.sessions), False)

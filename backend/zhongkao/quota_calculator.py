"""指标到校计算器: every junior school deals the quota of a school again, with other figures too, and sees the lines (wish 18)."""

import uuid
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import func, select

from backend.fairness.largest_remainder import NoWeight
from backend.foundation.database import db
from backend.foundation.problems import NotFound
from backend.publication.rows import PublishedRun
from backend.zhongkao.candidate_view import points
from backend.zhongkao.exam_places import applicant_of, rules_of_year, sessions_of
from backend.zhongkao.freeze_admission import KIND, scope_of
from backend.zhongkao.rows import ExamCandidate, ExamChange, ExamSession, ExamUnit
from backend.zhongkao.rules.eligibility import Applicant, terms_of, why_not
from backend.zhongkao.rules.exam_rules import ExamRules, Quota
from backend.zhongkao.rules.forecast import STEP
from backend.zhongkao.rules.quota import Junior, deal_quota, share_terms
from backend.zhongkao.rules.quota_effect import Effect, Wanting, quota_effect
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
    places = published + _open_plan(year, school, rules.quota)
    seats = min(places, published if asked.seats is None else asked.seats)
    cap = asked.class_cap or rules.quota.class_cap
    juniors = [
        Junior(row["junior"], *(asked.figures or {}).get(row["junior"], (row["classes"], row["pupils"])))
        for row in rows
    ]
    dealt = _dealt(juniors, seats, cap)
    wanting, by_choices = _wanting(year, school, rules)
    first: First = "quota-first" if _is_quota_first(rules) else "open-first"
    effect = quota_effect(wanting, places, {one.id: dealt[one.id][1] for one in juniors}, first)
    many = Counter(who.junior for who in wanting)
    return {
        "school_name": rows[0]["school_name"],
        "published": published,
        "places": places,
        "seats": seats,
        "class_cap": cap,
        "by_choices": by_choices,
        "open_line": _step(effect.open_line),
        "rows": [
            row
            | {"asked_classes": one.classes, "asked_pupils": one.pupils, "asked_weight": dealt[one.id][0]}
            | {"asked_seats": dealt[one.id][1], **_line(effect, one.id, many[one.id])}
            for row, one in zip(rows, juniors, strict=True)
        ],
        "scenarios": [_scenario(juniors, cap, published * share // 100, places, wanting, first) for share in SHARES],
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
    juniors: Sequence[Junior], cap: int, seats: int, places: int, wanting: Sequence[Wanting], first: First
) -> dict[str, Any]:
    seats = min(seats, places)
    quota = {name: many for name, (_, many) in _dealt(juniors, seats, cap).items()}
    effect = quota_effect(wanting, places, quota, first)
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


def _open_plan(year: int, school: str, quota: Quota) -> int:
    """The open places of the school in the category that comes with the quota, or in all others where none does."""
    units = db.session.execute(
        select(ExamUnit.category, func.sum(ExamUnit.plan))
        .where(ExamUnit.year == year, ExamUnit.school == school, ExamUnit.junior.is_(None))
        .group_by(ExamUnit.category)
    )
    plan = {row[0]: int(row[1]) for row in units}
    return plan[quota.category] if quota.category in plan else sum(plan.values())


def _is_quota_first(rules: ExamRules) -> bool:
    """By the year's rule of one run, or by which session comes first."""
    if rules.quota is None or rules.quota.order != "own-session":
        return rules.quota is not None and rules.quota.order == "quota-first"
    return next((one.category == rules.quota.category for one in rules.sessions), False)


def _wanting(year: int, school: str, rules: ExamRules) -> tuple[Sequence[Wanting], bool]:
    """Who wants the school: whoever ever chose it in the published sessions; before that, everybody with a right to it."""
    published = [session for session in sessions_of(year) if session.state == "published"]
    runs = tuple(
        db.session.execute(
            select(PublishedRun.run_id)
            .where(PublishedRun.kind == KIND, PublishedRun.scope.in_([scope_of(one) for one in published]))
            .order_by(PublishedRun.run_id)
        ).scalars()
    )
    if not runs:
        return _with_a_right(year, school, rules, None), False
    return _who_chose(year, school, runs), True


@lru_cache(maxsize=64)
def _who_chose(year: int, school: str, runs: tuple[uuid.UUID, ...]) -> tuple[Wanting, ...]:
    """Those who ever chose a unit of the school in the year's sessions, once `runs` have published them: kept by `runs`,
    since what is over never changes.
    """
    found = db.session.execute(
        select(ExamChange.candidate_id)
        .join(ExamUnit, ExamUnit.id == ExamChange.unit_id)
        .join(ExamSession, ExamSession.id == ExamChange.session_id)
        .where(
            ExamSession.year == year,
            ExamSession.state == "published",
            ExamChange.refused.is_(None),
            ExamChange.action == "choose",
            ExamUnit.school == school,
        )
        .distinct()
    ).scalars()
    return _with_a_right(year, school, rules_of_year(year), set(found)) if runs else ()


def _with_a_right(year: int, school: str, rules: ExamRules, among: set[int] | None) -> tuple[Wanting, ...]:
    """Those (of `among`, where it is given) who may have an open place of the school or one of its quota."""
    terms = [
        terms_of(written)
        for written in db.session.execute(
            select(ExamUnit.terms).where(ExamUnit.year == year, ExamUnit.school == school, ExamUnit.junior.is_(None))
        ).scalars()
    ]
    candidates = db.session.execute(
        select(ExamCandidate).where(ExamCandidate.year == year, ExamCandidate.position.is_not(None))
    ).scalars()
    found = []
    for candidate in candidates:
        if among is not None and candidate.id not in among:
            continue
        applicant = applicant_of(candidate)
        may_open = any(why_not(applicant, one) is None for one in terms)
        junior = _quota_of(applicant, school, rules)
        if may_open or junior:
            found.append(Wanting(candidate.standing or 0, candidate.total or 0, may_open, junior))
    return tuple(found)


def _quota_of(applicant: Applicant, school: str, rules: ExamRules) -> str | None:
    """The candidate's own junior school where he has a right to its share."""
    quota = rules.quota
    dealt = next((one for one in quota.schools if one.school == school), None) if quota else None
    if quota is None or dealt is None:
        return None
    return applicant.junior if why_not(applicant, share_terms(quota, dealt, applicant.junior)) is None else None

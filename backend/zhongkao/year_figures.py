"""Figures of an exam year for the desk and the public: how many candidates, units, juniors; one-fen and rank tables."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import func, select

from backend.foundation.database import db
from backend.zhongkao.candidate_view import points
from backend.zhongkao.count_candidates import open_plan
from backend.zhongkao.rows import ExamCandidate, ExamJunior, ExamScoreCount, ExamUnit, QuotaSeat
from backend.zhongkao.rules.exam_rules import Quota
from backend.zhongkao.rules.one_fen import one_fen_table, rank_table

FEWEST = 10
"""A table of a banner with fewer candidates would point at persons; it is not shown."""


def year_facts(year: int) -> dict[str, Any]:
    """Counts for the desk's page of a year."""

    def count(table: Any, *conditions: Any) -> int:
        return db.session.execute(
            select(func.count()).select_from(table).where(table.year == year, *conditions)
        ).scalar_one()

    return {
        "juniors": count(ExamJunior),
        "units": count(ExamUnit),
        "places": db.session.execute(
            select(func.coalesce(func.sum(ExamUnit.plan), 0)).where(ExamUnit.year == year)
        ).scalar_one(),
        "candidates": count(ExamCandidate),
        "without_phone": count(ExamCandidate, ExamCandidate.phone_sealed.is_(None)),
        "ranked": count(ExamCandidate, ExamCandidate.position.is_not(None)),
        "quotas": quotas_of(year),
    }


def quotas_of(year: int) -> list[dict[str, Any]]:
    """How the quota places of each school were dealt, with all that is needed to deal them again (E04, wish 18).

    A row a school and junior school: classes, pupils, weight, seats, and `share`, the exact part in hundredths of a
    place, cut off: what is behind the point decides who gets the places that are left.
    """
    found = db.session.execute(
        select(QuotaSeat, ExamJunior)
        .join(ExamJunior, (ExamJunior.code == QuotaSeat.junior) & (ExamJunior.year == QuotaSeat.year))
        .where(QuotaSeat.year == year)
        .order_by(QuotaSeat.school, QuotaSeat.junior)
    ).all()
    units = db.session.execute(select(ExamUnit.school, ExamUnit.name).where(ExamUnit.year == year))
    names = {unit.school: unit.name.split("（")[0] for unit in units}
    places, weights = Counter[str](), Counter[str]()
    for seat, _ in found:
        places[seat.school] += seat.seats
        weights[seat.school] += seat.weight
    return [
        {
            "school": seat.school,
            "school_name": names.get(seat.school, seat.school),
            "junior": seat.junior,
            "name": junior.name,
            "classes": junior.classes,
            "pupils": junior.pupils,
            "weight": seat.weight,
            "share": points(100 * seat.weight * places[seat.school] // weights[seat.school]),
            "seats": seat.seats,
        }
        for seat, junior in found
    ]


def quota_shares(year: int, quota: Quota, rows: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    """By school, and under "" of all of them, what part of the places the quota is, in percent (E04: 50, E38: 30 at least).

    `rows` as `quotas_of` gives them.
    """
    dealt = Counter[str]()
    for row in rows:
        dealt[row["school"]] += row["seats"]
    all_places = {school: seats + open_plan(year, school, quota) for school, seats in dealt.items()}
    parts = {school: (seats, all_places[school]) for school, seats in dealt.items()}
    parts[""] = sum(dealt.values()), sum(all_places.values())
    return {school: points(10_000 * seats // places) for school, (seats, places) in parts.items() if places}


def one_fen(year: int, banner: str | None = None) -> list[dict[str, Any]]:
    """一分一段表 of the year, or of the candidates whose 学籍 is in a banner: score, at it, at it or above (A51, T-1.14).

    Empty before the scores are out, and for a banner with fewer than ten candidates.
    """
    counts = _score_counts(year, banner)
    if sum(counts.values()) < FEWEST:
        return []
    return [
        {"score": points(step.score), "at": step.at, "cumulative": step.cumulative} for step in one_fen_table(counts)
    ]


def ranks(year: int, banner: str | None = None) -> list[dict[str, Any]]:
    """位次表 of the year, or of a banner's candidates: which places each score means there and in the city (A51).

    Counts only. Empty before the scores are out, and for a banner with fewer than ten candidates.
    """
    counts = _score_counts(year, banner)
    if sum(counts.values()) < FEWEST:
        return []
    city = _score_counts(year) if banner else counts
    return [
        {
            "score": points(step.score),
            "first": step.first,
            "last": step.last,
            "city_first": step.city_first,
            "city_last": step.city_last,
        }
        for step in rank_table(counts, city)
    ]


def _score_counts(year: int, banner: str | None = None) -> dict[int, int]:
    """How many ranked candidates of the year, or of a banner, have each total (hundredths)."""
    rows = select(ExamScoreCount.total, func.sum(ExamScoreCount.many)).where(ExamScoreCount.year == year)
    if banner:
        rows = rows.where(ExamScoreCount.banner == banner)
    return {total: int(many) for total, many in db.session.execute(rows.group_by(ExamScoreCount.total))}


def banners_of(year: int) -> list[str]:
    """The banners that have tables of their own: enough ranked candidates have their 学籍 there."""
    found = db.session.execute(
        select(ExamScoreCount.banner)
        .where(ExamScoreCount.year == year)
        .group_by(ExamScoreCount.banner)
        .having(func.sum(ExamScoreCount.many) >= FEWEST)
        .order_by(ExamScoreCount.banner)
    )
    return list(found.scalars())

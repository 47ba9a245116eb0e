"""Counts of a year's candidates that public pages read, made anew whenever what they are made of changes.

So that no page that anybody can open looks at every candidate: score by score for 一分一段表 and 位次表, and who wants each
school that deals a quota (wish 18).
"""

from collections import Counter, defaultdict
from collections.abc import Iterator
from typing import cast

from sqlalchemy import delete, func, insert, null, select
from sqlalchemy.dialects.postgresql import insert as insert_or_update

from backend.foundation.database import db
from backend.zhongkao.exam_places import applicant_of, rules_of_year, sessions_of
from backend.zhongkao.rows import (
    ExamCandidate,
    ExamChange,
    ExamScoreCount,
    ExamSession,
    ExamUnit,
    QuotaCrowd,
    QuotaSeat,
)
from backend.zhongkao.rules.eligibility import Applicant, Terms, rights_by
from backend.zhongkao.rules.exam_rules import Quota
from backend.zhongkao.rules.quota import share_terms
from backend.zhongkao.rules.quota_effect import Columns, Group, Wanting, count_in
from backend.zhongkao.unit_terms import unit_terms

AT_A_TIME = 10_000
FACTS = (
    ExamCandidate.id,
    ExamCandidate.standing,
    ExamCandidate.total,
    ExamCandidate.junior,
    ExamCandidate.school_banner,
    ExamCandidate.household_banner,
    ExamCandidate.attends,
    ExamCandidate.outside,
    ExamCandidate.fresh,
    ExamCandidate.enrolled_on,
    ExamCandidate.tags,
)
"""What counts of a candidate, without the marks of his subjects: those are read where a unit has a line for one."""
Right = tuple[str, bool]
"""A school, and whether it is the share of the own junior school there (else an open place)."""


def count_candidates(year: int) -> None:
    """Count anew: after candidates, scores, units, rules or quotas came, and when a session is published.

    One transaction after the other, so that the last one counts what all of them brought.
    """
    db.session.flush()
    db.session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(f"exam-counts/{year}", 0))))
    _count_scores(year)
    _count_crowds(year)


def _count_scores(year: int) -> None:
    db.session.execute(delete(ExamScoreCount).where(ExamScoreCount.year == year))
    key = (ExamCandidate.year, ExamCandidate.school_banner, func.coalesce(ExamCandidate.total, 0))
    counted = select(*key, func.count()).where(ExamCandidate.year == year, ExamCandidate.position.is_not(None))
    db.session.execute(insert(ExamScoreCount).from_select(["year", "banner", "total", "many"], counted.group_by(*key)))


def _count_crowds(year: int) -> None:
    dealt = {
        row.school: int(row.seats)
        for row in db.session.execute(
            select(QuotaSeat.school, func.sum(QuotaSeat.seats).label("seats"))
            .where(QuotaSeat.year == year)
            .group_by(QuotaSeat.school)
        )
    }
    quota = rules_of_year(year).quota if dealt else None
    if quota is None:
        return
    by_choices = any(session.state == "published" for session in sessions_of(year))
    chose = _who_chose(year) if by_choices else None
    groups: dict[str, dict[Group, Columns]] = {school: {} for school in dealt}
    many: Counter[tuple[str, Group]] = Counter()
    most = {school: seats + open_plan(year, school, quota) for school, seats in dealt.items()}
    for candidate_id, school, one in _wanting(year, quota, list(dealt)):
        if chose is None or candidate_id in chose[school]:
            count_in(groups[school], one, most[school])
            many[school, (one.open, one.junior)] += 1
    for school, found in groups.items():
        told = [
            {"open": group[0], "junior": group[1], "wanting": many[school, group], "levels": levels}
            for group, levels in found.items()
        ]
        kept = {"by_choices": by_choices, "groups": told}
        db.session.execute(
            insert_or_update(QuotaCrowd)
            .values(year=year, school=school, **kept)
            .on_conflict_do_update(index_elements=["year", "school"], set_=kept)
        )


def open_plan(year: int, school: str, quota: Quota) -> int:
    """The open places of the school in the category that comes with the quota, or in all others where none does."""
    units = db.session.execute(
        select(ExamUnit.category, func.sum(ExamUnit.plan))
        .where(ExamUnit.year == year, ExamUnit.school == school, ExamUnit.junior.is_(None))
        .group_by(ExamUnit.category)
    )
    plan = {row[0]: int(row[1]) for row in units}
    return plan[quota.category] if quota.category in plan else sum(plan.values())


def _who_chose(year: int) -> dict[str, set[int]]:
    """By school, who ever chose a unit of it in a published session of the year."""
    found = db.session.execute(
        select(ExamUnit.school, ExamChange.candidate_id)
        .join(ExamUnit, ExamUnit.id == ExamChange.unit_id)
        .join(ExamSession, ExamSession.id == ExamChange.session_id)
        .where(
            ExamSession.year == year,
            ExamSession.state == "published",
            ExamChange.refused.is_(None),
            ExamChange.action == "choose",
        )
        .distinct()
    )
    chose: dict[str, set[int]] = defaultdict(set)
    for school, candidate_id in found:
        chose[school].add(candidate_id)
    return chose


def _wanting(year: int, quota: Quota, schools: list[str]) -> Iterator[tuple[int, str, Wanting]]:
    """(candidate, school, what he may have there) for everybody with a right to an open place of a school or one of its
    quota, the best first.
    """
    there = select(ExamUnit).where(ExamUnit.year == year, ExamUnit.school.in_(schools))
    units = list(db.session.execute(there.execution_options(populate_existing=True)).scalars())
    opened = [((unit.school, False), unit_terms(unit)) for unit in units if unit.junior is None]
    dealt = {(unit.school, unit.junior): unit_terms(unit) for unit in units if unit.junior is not None}
    shares = {one.school: one for one in quota.schools if one.school in schools}

    def terms_for(own: Applicant) -> Iterator[tuple[Right, Terms]]:
        yield from opened
        for school, share in shares.items():
            yield (school, True), dealt.get((school, own.junior)) or share_terms(quota, share, own.junior)

    rights = rights_by(terms_for)
    asks_subjects = any(terms.subject_lines for _, terms in opened)
    ordered = (
        select(*FACTS, ExamCandidate.subjects if asks_subjects else null().label("subjects"))
        .where(ExamCandidate.year == year, ExamCandidate.position.is_not(None))
        .order_by(ExamCandidate.position)
        .execution_options(yield_per=AT_A_TIME)
    )
    for row in db.session.execute(ordered):
        applicant = applicant_of(cast("ExamCandidate", row))
        may = set(rights(applicant))
        for school in {school for school, _ in may}:
            junior = applicant.junior if (school, True) in may else None
            yield row.id, school, Wanting(row.standing or 0, row.total or 0, (school, False) in may, junior)

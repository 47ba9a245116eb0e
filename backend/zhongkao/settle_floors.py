"""指标到校: floors that are counted from what is known only when the quota's session is listed (domain 1.2, 1.4).

统招 first: so many points below the line that the school's own units came to; and, where the year says so, nobody behind
the city's best so many percent. Both are fixed at the listing and told in public.
"""

from sqlalchemy import func, select

from backend.foundation import clock
from backend.foundation.database import db
from backend.notices.sentences import say
from backend.zhongkao.count_candidates import count_candidates
from backend.zhongkao.exam_places import rule_of_session, rules_of_session
from backend.zhongkao.rows import (
    ExamAdmission,
    ExamCandidate,
    ExamFloor,
    ExamJunior,
    ExamRemark,
    ExamSession,
    ExamUnit,
    SessionUnit,
)
from backend.zhongkao.rules.eligibility import terms_of
from backend.zhongkao.rules.exam_rules import Quota, QuotaSchool
from backend.zhongkao.rules.scores import hundredths_of, shortest

PERCENT = 100


def settle_floors(session: ExamSession) -> None:
    """Fix the floors of the session's shares, and count anew who has a right to them; nothing where the rules have them."""
    quota = rules_of_session(session).quota
    if quota is None or session.category != quota.category or rule_of_session(session).round > 1:
        return
    least = _least_of_the_best(session.year, quota.floor_top_percent)
    for school in quota.schools:
        if school.line_of is None and least is None:
            continue
        told = set()
        for unit in _shares(session.year, quota, school):
            floor = max(_below_the_line(session.year, quota, school, unit), least or 0)
            db.session.add(ExamFloor(unit_id=unit.id, floor=floor))
            told.add(say("exam.book.quota-floor", school=unit.name.split("（")[0], floor=shortest(floor)))
        db.session.add_all(
            ExamRemark(session_id=session.id, at=clock.now(), text=words, by=None) for words in sorted(told)
        )
    count_candidates(session.year)


def _least_of_the_best(year: int, percent: int | None) -> int | None:
    """The total of the last of the city's best so many percent; whoever is level with him is among them."""
    ranked = (ExamCandidate.year == year, ExamCandidate.position.is_not(None))
    many = db.session.execute(select(func.count()).select_from(ExamCandidate).where(*ranked)).scalar_one()
    if percent is None or not many:
        return None
    last = -(-many * percent // PERCENT) - 1
    found = select(ExamCandidate.total).where(*ranked).order_by(ExamCandidate.total.desc()).offset(last).limit(1)
    return db.session.execute(found).scalar_one()


def _shares(year: int, quota: Quota, school: QuotaSchool) -> list[ExamUnit]:
    found = select(ExamUnit).where(
        ExamUnit.year == year,
        ExamUnit.school == school.school,
        ExamUnit.category == quota.category,
        ExamUnit.junior.is_not(None),
    )
    return list(db.session.execute(found.order_by(ExamUnit.code)).scalars())


def _below_the_line(year: int, quota: Quota, school: QuotaSchool, share: ExamUnit) -> int:
    """So many points below the school's line for this junior school's pupils, or below the line in the rules."""
    line = None if school.line_of is None else _line(year, school.line_of, share)
    reference = hundredths_of(school.line) if line is None else line
    return max(0, reference - hundredths_of(quota.floor_below_line or "0"))


def _line(year: int, category: str, share: ExamUnit) -> int | None:
    """The lowest total admitted by the school's units of the category that the junior school's region may choose.

    None where none of them was filled: it has no line.
    """
    banner = db.session.execute(
        select(ExamJunior.banner).where(ExamJunior.year == year, ExamJunior.code == share.junior)
    ).scalar_one()
    admitted = (
        select(
            ExamAdmission.session_id,
            ExamAdmission.unit_id,
            func.count().label("many"),
            func.min(ExamCandidate.total).label("lowest"),
        )
        .join(ExamCandidate, ExamCandidate.id == ExamAdmission.candidate_id)
        .group_by(ExamAdmission.session_id, ExamAdmission.unit_id)
        .subquery()
    )
    rows = db.session.execute(
        select(ExamUnit.terms, admitted.c.lowest)
        .join(SessionUnit, SessionUnit.unit_id == ExamUnit.id)
        .join(admitted, (admitted.c.unit_id == SessionUnit.unit_id) & (admitted.c.session_id == SessionUnit.session_id))
        .where(
            ExamUnit.year == year,
            ExamUnit.school == share.school,
            ExamUnit.language == share.language,
            ExamUnit.category == category,
            ExamUnit.junior.is_(None),
            admitted.c.many >= SessionUnit.plan,
        )
    )
    return min((row.lowest for row in rows if banner in (terms_of(row.terms).banners or {banner})), default=None)

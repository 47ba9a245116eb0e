"""指标到校: deal the places of good schools to junior schools, and make a unit of each share (E04, E38, domain 1.2)."""

from sqlalchemy import func, select

from backend.foundation import clock
from backend.foundation.audit import record
from backend.foundation.database import db
from backend.foundation.problems import Refusal
from backend.identity.actors import Actor
from backend.identity.authorize import authorize_office
from backend.zhongkao.count_candidates import count_candidates
from backend.zhongkao.exam_places import city_scopes, rules_of_year
from backend.zhongkao.import_exam_sheet import ExamSheetFixed
from backend.zhongkao.rows import ExamJunior, ExamSession, ExamUnit, QuotaSeat
from backend.zhongkao.rules.eligibility import terms_content
from backend.zhongkao.rules.exam_rules import ExamRules, QuotaSchool
from backend.zhongkao.rules.quota import Junior, deal_quota, share_terms


class QuotaDealt(Refusal):
    """The quotas of the year are dealt already; they are public and stay."""

    code = "quota-dealt"


class NoQuotaRules(Refusal):
    """The rules of the year know no quota."""

    code = "no-quota-rules"


def deal_quotas(actor: Actor, year: int) -> list[QuotaSeat]:
    """Every junior school's places, with a unit for each that got any.

    Weight: graduating classes x the cap, or the pupils where the classes are smaller; largest remainder. The unit's
    terms carry residency and floor. Raises NotAllowed, NoExamRules, NoQuotaRules, QuotaDealt, ExamSheetFixed, NoWeight.
    """
    authorize_office(actor, "exam.publish", city_scopes())
    rules = rules_of_year(year)
    if rules.quota is None:
        raise NoQuotaRules
    db.session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(f"exam/{year}", 0))))
    if db.session.execute(select(QuotaSeat.id).where(QuotaSeat.year == year).limit(1)).first():
        raise QuotaDealt
    listed = select(ExamSession.id).where(ExamSession.year == year, ExamSession.state != "planned")
    if db.session.execute(listed.limit(1)).first():
        raise ExamSheetFixed
    juniors = list(db.session.execute(select(ExamJunior).where(ExamJunior.year == year)).scalars())
    dealt = [seat for school in rules.quota.schools for seat in _deal(rules, school, juniors)]
    count_candidates(year)
    record(
        "exam-quota.dealt", "exam-year", year, schools=len(rules.quota.schools), seats=sum(one.seats for one in dealt)
    )
    return dealt


def _deal(rules: ExamRules, school: QuotaSchool, juniors: list[ExamJunior]) -> list[QuotaSeat]:
    quota = rules.quota
    if quota is None:
        return []
    near = {one.code: one for one in juniors if one.banner in school.banners}
    shares = deal_quota(
        [Junior(one.code, one.classes, one.pupils) for one in near.values()], school.seats, quota.class_cap
    )
    found = []
    for code, weight, seats in shares:
        unit = _unit(rules, school, near[code], seats) if seats else None
        row = QuotaSeat(
            year=rules.year,
            school=school.school,
            junior=code,
            weight=weight,
            seats=seats,
            unit_id=unit.id if unit else None,
            dealt_at=clock.now(),
        )
        db.session.add(row)
        found.append(row)
    db.session.flush()
    return found


def _unit(rules: ExamRules, school: QuotaSchool, junior: ExamJunior, seats: int) -> ExamUnit:
    quota = rules.quota
    if quota is None:
        raise NoQuotaRules
    own = db.session.execute(
        select(ExamUnit).where(ExamUnit.year == rules.year, ExamUnit.school == school.school).limit(1)
    ).scalar_one_or_none()
    unit = ExamUnit(
        year=rules.year,
        code=f"{school.school}-{quota.category}-{junior.code}",
        school=school.school,
        name=f"{own.name.split('（')[0] if own else school.school}（指标到校·{junior.name}）",
        banner=own.banner if own else junior.banner,
        category=quota.category,
        language=own.language if own else "zh",
        origin=junior.name,
        plan=seats,
        junior=junior.code,
        terms=terms_content(share_terms(quota, school, junior.code)),
    )
    db.session.add(unit)
    db.session.flush()
    return unit

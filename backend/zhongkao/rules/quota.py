"""指标到校: the seats of a good senior high dealt to junior schools by weight and largest remainder (E04, E38)."""

from collections.abc import Sequence
from dataclasses import dataclass

from backend.fairness.largest_remainder import largest_remainder
from backend.zhongkao.rules.eligibility import Terms
from backend.zhongkao.rules.exam_rules import Quota, QuotaSchool
from backend.zhongkao.rules.scores import hundredths_of


@dataclass(frozen=True, slots=True)
class Junior:
    """A junior school with its graduating classes and the pupils in them."""

    id: str
    classes: int
    pupils: int


def weight(junior: Junior, class_cap: int) -> int:
    """Classes x cap where the average class is larger than the cap, else the pupils (the city's rule for quotas).

    So a school gains nothing by crowding its classes.
    """
    return min(junior.pupils, junior.classes * class_cap)


def deal_quota(juniors: Sequence[Junior], seats: int, class_cap: int) -> list[tuple[str, int, int]]:
    """(id, weight, seats) of every junior school, by id in byte order; the seats by largest remainder.

    Raises NoWeight (backend.fairness.largest_remainder) where there are seats and no school has any pupils.
    """
    weights = {junior.id: weight(junior, class_cap) for junior in juniors}
    dealt = largest_remainder(weights, seats)
    return [(name, weights[name], dealt[name]) for name in sorted(weights, key=str.encode)]


def share_terms(quota: Quota, school: QuotaSchool, junior: str) -> Terms:
    """Who may have a place of the junior school's share: of that school, long enough, above the school's floor (E38)."""
    floor = max(0, hundredths_of(school.line) - hundredths_of(quota.floor_below_line or "0"))
    return Terms(line=floor, junior=junior, enrolled_by=quota.enrolled_by if quota.residency_years else None)

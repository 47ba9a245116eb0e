"""Floors of 指标到校 that are counted from the line of 统招 or from the city's best part (E04, E38, domain 1.2 and 1.4)."""

from typing import Any

import pytest
from sqlalchemy import select

from backend.foundation.database import db
from backend.foundation.unit_of_work import unit_of_work
from backend.zhongkao.deal_quotas import deal_quotas
from backend.zhongkao.exam_places import applicant_of, session_named
from backend.zhongkao.list_session import list_session
from backend.zhongkao.publish_exam_rules import publish_exam_rules
from backend.zhongkao.rank_candidates import rank_candidates
from backend.zhongkao.rows import ExamCandidate, ExamJunior, ExamRemark, ExamSession, ExamUnit
from backend.zhongkao.rules.eligibility import Terms, WhyNot, why_not
from backend.zhongkao.unit_terms import unit_terms
from tests.exam_builders import YEAR, add_candidate, add_unit, at, exam_official, further_session, rules_content, wish
from tests.exam_steps import close_all, published

TOTALS = (690, 640, 630, 620, 590, 500)
"""The first two are admitted by S1-open, so its line is 640; everybody else is left for the quota."""


def open_then_quota(**quota: Any) -> dict[str, Any]:
    """统招 on one day, 指标到校 on the next."""
    content = rules_content(categories=[{"code": "general", "name": "统招"}, {"code": "quota", "name": "指标到校"}])
    content = further_session(content, "quota-1", "quota")
    school = {"school": "S1", "seats": 2, "banners": ["150602"]} | quota.pop("school", {})
    rules = {"category": "quota", "residency_years": 0, "counted_on": "2031-06-01", "schools": [school]}
    return content | {"quota": rules | quota}


def after_open(content: dict[str, Any], monkeypatch: pytest.MonkeyPatch, plan: int = 2) -> list[ExamCandidate]:
    """The candidates once the open session is published and the quota's is listed."""
    official = exam_official()
    with unit_of_work():
        publish_exam_rules(official, content, "公布")
        db.session.add(ExamJunior(year=YEAR, code="J1", name="一中", banner="150602", classes=2, pupils=90))
        first = add_unit("S1-open", plan, school="S1")
        add_unit("S1-far", 1, school="S1", terms=Terms(banners=frozenset({"150603"})))
        people = [add_candidate(f"31{number:06d}", total, junior="J1") for number, total in enumerate(TOTALS)]
        far = add_candidate("31000099", 300, school_banner="150603")
        deal_quotas(official, YEAR)
        rank_candidates(YEAR)
        general, quota = db.session.execute(select(ExamSession).order_by(ExamSession.id)).scalars()
        list_session(general.id)
    for person in people[:2]:
        wish(general, person, first, "09:00")
    wish(general, far, db.session.execute(select(ExamUnit).where(ExamUnit.code == "S1-far")).scalar_one(), "09:00")
    close_all(general, monkeypatch)
    published(general)
    with unit_of_work():
        list_session(quota.id)
    return people


def reasons(people: list[ExamCandidate]) -> dict[int, WhyNot | None]:
    """By total in points, why the candidate may not have a place of the share."""
    share = db.session.execute(
        select(ExamUnit).where(ExamUnit.junior == "J1").execution_options(populate_existing=True)
    ).scalar_one()
    return {(one.total or 0) // 100: why_not(applicant_of(one), unit_terms(share)) for one in people}


def book() -> list[str]:
    """What was told in public about the floors."""
    return [one for one in db.session.execute(select(ExamRemark.text)).scalars() if "最低线" in one]


@pytest.mark.usefixtures("app")
def test_the_floor_is_so_many_points_below_the_line_that_the_school_came_to(monkeypatch: pytest.MonkeyPatch) -> None:
    """示范性: the floor refers to the school's 统招 line of this region, and stands in the public book."""
    content = open_then_quota(school={"line_of": "general"}, floor_below_line="20")
    people = after_open(content, monkeypatch)
    told = reasons(people)
    assert [total for total, reason in told.items() if reason is None] == [690, 640, 630, 620]
    assert told[590] is WhyNot.LINE
    quota = session_named(YEAR, "quota-1")
    share = db.session.execute(select(ExamUnit).where(ExamUnit.junior == "J1")).scalar_one()
    arrived = [wish(quota, person, share, at("09:00").replace(day=16)).refused for person in people[2:5]]
    assert arrived == [None, None, "not-eligible"]
    assert book() == ["指标到校：S1-open中学的最低线定为 620 分。"]


@pytest.mark.usefixtures("app")
def test_where_the_school_was_not_filled_the_line_of_the_rules_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    content = open_then_quota(school={"line_of": "general", "line": "610"}, floor_below_line="20")
    told = reasons(after_open(content, monkeypatch, plan=3))
    assert [total for total, reason in told.items() if reason is WhyNot.LINE] == [500]


@pytest.mark.usefixtures("app")
def test_nobody_behind_the_citys_best_part_has_a_right_to_a_share(monkeypatch: pytest.MonkeyPatch) -> None:
    """Domain 1.4: not below the city's top so many percent; three of seven here, counted up."""
    told = reasons(after_open(open_then_quota(floor_top_percent=40), monkeypatch))
    assert [total for total, reason in told.items() if reason is None] == [690, 640, 630]


@pytest.mark.usefixtures("app")
def test_a_floor_that_stands_in_the_rules_is_left_as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    """优质: no floor; and no word about one."""
    told = reasons(after_open(open_then_quota(), monkeypatch))
    assert set(told.values()) == {None}
    assert book() == []

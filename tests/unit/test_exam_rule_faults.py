"""The rules of a year are checked when they are published: a slip that would lock somebody out is told with its place (A49, A53)."""

from datetime import date
from typing import Any

import pytest

from backend.zhongkao.rules.exam_rules import ExamRulesFaulty, Quota, read_exam_rules
from tests.exam_builders import DAY, further_session, rules_content


def band(start: str, end: str, low: str | None = None, high: str | None = None) -> dict[str, Any]:
    """A band with these hours of the day of choosing."""
    return {"from": low, "below": high, "open": f"{DAY}{start}:00+08:00", "close": f"{DAY}{end}:00+08:00"}


def lock(hour: str, *forbid: str, **more: Any) -> dict[str, Any]:
    """A lock from this hour on."""
    return {"at": f"{DAY}{hour}:00+08:00", "forbid": list(forbid), **more}


def quota(**changes: Any) -> dict[str, Any]:
    """Rules in which the quota's session follows the open one."""
    content = rules_content(categories=[{"code": "general", "name": "统招"}, {"code": "quota", "name": "指标到校"}])
    content = further_session(content, "quota-1", "quota")
    school = {"school": "S1", "seats": 2, "banners": ["150602"]} | changes.pop("school", {})
    return content | {
        "quota": {"category": "quota", "counted_on": "2031-06-01", "schools": [school, *changes.pop("more", [])]}
        | changes
    }


def faults(content: dict[str, Any]) -> dict[str, str]:
    """The faults by their pointers."""
    with pytest.raises(ExamRulesFaulty) as told:
        read_exam_rules(content)
    return dict(told.value.faults)


@pytest.mark.parametrize(
    ("changes", "pointer", "said"),
    [
        (
            {"bands": [band("08:00", "11:00", "620"), band("08:00", "12:00", None, "600")]},
            "/bands/1",
            "600 分到 620 分",
        ),
        (
            {"bands": [band("08:00", "11:00", "600", "700"), band("08:00", "12:00", None, "600")]},
            "/bands/0/below",
            "700",
        ),
        (
            {"bands": [band("08:00", "11:00", "600"), band("08:00", "12:00", "530", "600")]},
            "/bands/1/from",
            "530 分以下",
        ),
        (
            {"bands": [band("08:00", "11:00", "600"), band("14:00", "17:00", None, "600")]},
            "/locks/1/at",
            "第 2 个分数段",
        ),
        ({"locks": [lock("08:00", "first", band=0)]}, "/locks/0/at", "谁也填不了"),
        ({"locks": [lock("11:00", "clear", band=0)]}, "/locks/0/at", "没有作用"),
        ({"locks": [lock("09:00")]}, "/locks/0/forbid", "clear"),
        ({"statistics_at": [f"{DAY}08:00:00+08:00"]}, "/statistics_at/0", "开始以后"),
        ({"statistics_at": [f"{DAY}09:00:00+08:00", f"{DAY}01:00:00Z"]}, "/statistics_at/1", "两次"),
        ({"statistics_at": [f"{DAY}12:00:01+08:00"]}, "/statistics_at/0", "截止以前"),
        ({"report_by": f"{DAY}12:00:00+08:00"}, "/report_by", "晚于"),
        ({"takes_over": ["quota"]}, "/takes_over", "没有空余名额可以接收"),
    ],
)
def test_a_slip_in_a_session_is_told_at_its_place(changes: dict[str, Any], pointer: str, said: str) -> None:
    """Nobody may fall between two bands, find his band locked from the start, or be counted when nothing is open."""
    content = quota()
    content["sessions"][0] |= changes
    assert said in faults(content)[f"/sessions/0{pointer}"]


def test_the_published_timetables_are_no_slips() -> None:
    """Domain 1.1 and 1.3: bands that open together with locks for all, and bands one after the other down to the line."""
    read_exam_rules(rules_content())
    content = rules_content()
    content["sessions"][0] |= {
        "line": "530",
        "bands": [band("08:00", "11:00", "600"), band("14:00", "17:00", "530", "600")],
        "locks": [lock("10:30", "clear", "first", band=0), lock("16:30", "clear", "first", band=1)],
        "statistics_at": [f"{DAY}10:00:00+08:00", f"{DAY}17:00:00+08:00"],
    }
    read_exam_rules(content)


@pytest.mark.parametrize(
    ("changes", "pointer", "said"),
    [
        ({"more": [{"school": "S1", "seats": 1, "banners": ["150602"]}]}, "/quota/schools", "S1 写了两次"),
        ({"school": {"banners": []}}, "/quota/schools/0/banners", "旗区"),
        ({"school": {"line_of": "quota"}}, "/quota/schools/0/line_of", "无从参照"),
        ({"category": "sport"}, "/quota/category", "没有类别 sport"),
    ],
)
def test_a_slip_in_the_quota_is_told_at_its_place(changes: dict[str, Any], pointer: str, said: str) -> None:
    """E04: every share has a session, a school, somebody to go to, and a line that is known in time."""
    read_exam_rules(quota(school={"line_of": "general"}))
    assert said in faults(quota(**changes))[pointer]


def test_shares_without_a_session_would_be_lost() -> None:
    content = quota()
    del content["sessions"][1]
    assert "没有场次" in faults(content)["/quota/category"]


@pytest.mark.parametrize(
    ("times", "pointer"),
    [
        (("11T08", "11T08", "13T08"), "/recheck/closes"),
        (("10T08", "11T18", "11T08"), "/recheck/answered_by"),
        (("10T08", "11T18", "15T09"), "/recheck/answered_by"),
    ],
)
def test_a_recheck_is_asked_then_closed_then_answered_before_the_first_band(
    times: tuple[str, ...], pointer: str
) -> None:
    """Domain 1.2: scores out, two days to ask, two days to answer, then choosing."""
    names = ("opens", "closes", "answered_by")
    written = {name: f"2031-07-{time}:00:00+08:00" for name, time in zip(names, times, strict=True)}
    assert set(faults(rules_content(recheck=written))) == {pointer}


def test_what_a_whole_year_lacks_is_told() -> None:
    nothing_counts = [{"code": "chinese", "name": "语文", "full": "120", "counts": False}]
    told = faults(rules_content(subjects=nothing_counts, ties=[{"of": []}], engine="parallel", standing_order_most=0))
    assert {"/subjects", "/ties/0/of", "/standing_order_most"} <= set(told)


def test_residency_is_counted_back_from_a_leap_day_too() -> None:
    """T-1.8: the rule of the year decides; three years before 29 February is the last of February."""
    counted = Quota(category="quota", residency_years=3, counted_on=date(2028, 2, 29))
    assert counted.enrolled_by == date(2025, 2, 28)
    assert counted.model_copy(update={"residency_years": 4}).enrolled_by == date(2024, 2, 29)

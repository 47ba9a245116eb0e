"""Preferences, private schools, waiting lists, leaving a frozen list, deferrals, talked through (B13 to B15, D09, D28)."""

from dataclasses import replace
from typing import Any

from tests.chat_builders import City, Talk, banners, placed

GROUPS = [
    {"group": "soldier", "name": "军人子女", "effect": "any-school", "approved_by": "部",
     "schools": [{"code": "P01", "name": "第一小学"}, {"code": "P02", "name": "第二小学"}]},
    {"group": "rescue", "name": "消防救援人员子女", "effect": "place-first", "approved_by": "部", "schools": []},
]  # fmt: skip
PRIVATE = [{"code": "P90", "name": "民办一小"}, {"code": "P91", "name": "民办二小"}]


class Answering(City):
    """A city that answers a wish with what the test says."""

    told: dict[str, Any]

    def __init__(self, told: dict[str, Any], **application: Any) -> None:
        super().__init__([placed(**{"state": "verified", "school": "", "confirm_by": None, **application})])
        self.told = told

    def carry_out(self, wish: Any) -> Any:
        """The base city notes the wish; what the test says is the outcome."""
        answer = super().carry_out(wish)
        return replace(answer, data=self.told[wish.name]) if answer.ok and wish.name in self.told else answer


def preferences(claim: Any = None, *, may_ask: bool = True) -> dict[str, Any]:
    return {"look_at_preference": {"groups": GROUPS, "claim": claim, "may_ask": may_ask}}


def names(talk: Talk) -> list[str]:
    return [wish.name for wish in talk.city.wishes]


def test_a_preference_is_asked_with_group_school_and_evidence() -> None:
    talk = Talk(Answering(preferences()))
    assert "军人子女" in talk.say("优待")
    assert "第二小学" in talk.say("1")
    talk.say("2", "军官证 军字第 0001 号")
    assert "主管部门审核" in talk.heard[-1]
    talk.say("1")
    assert talk.city.wishes[-1].args == {
        "application": "application-1",
        "group": "soldier",
        "evidence": "军官证 军字第 0001 号",
        "school": "P02",
    }


def test_a_group_that_is_placed_first_is_asked_for_no_school() -> None:
    talk = Talk(Answering(preferences()))
    talk.say("优待", "2", "消防救援证 123", "1")
    assert talk.city.wishes[-1].args["school"] is None


def test_a_claim_that_waits_or_came_too_late_is_told_and_not_asked_again() -> None:
    waiting = Talk(Answering(preferences({"group": "soldier", "state": "asked", "reason": None})))
    assert "正等主管部门审核" in waiting.say("优待")
    late = Talk(Answering(preferences(may_ask=False)))
    assert "学位类型已经确定" in late.say("优待")
    refused = Talk(Answering(preferences({"group": "soldier", "state": "refused", "reason": "证件过期。"})))
    heard = refused.say("优待")
    assert "证件过期" in heard
    assert "属于哪一类" in heard
    assert names(waiting) == names(late) == ["look_at_preference"]


def test_a_private_school_is_registered_for_after_what_it_means_was_said() -> None:
    told = {"look_at_private": {"may_wish": True, "school": None, "schools": PRIVATE}}
    talk = Talk(Answering(told))
    assert "民办二小" in talk.say("民办")
    assert "不再参加公办派位" in talk.say("2")
    assert "登记好了" in talk.say("1")
    assert talk.city.wishes[-1].args == {"application": "application-1", "school": "P91"}


def test_a_private_school_is_taken_back_with_a_nought() -> None:
    told = {"look_at_private": {"may_wish": True, "school": "P90", "schools": PRIVATE}}
    talk = Talk(Answering(told))
    assert "已经登记了民办一小" in talk.say("民办")
    assert "只参加公办派位" in talk.say("0")
    assert talk.city.wishes[-1].args["school"] is None
    closed = {"look_at_private": {"may_wish": False, "school": "P90", "schools": PRIVATE}}
    assert "名单已经封存" in Talk(Answering(closed, state="frozen")).say("民办")


def test_the_place_in_a_waiting_list_is_told_with_its_moves() -> None:
    line = {"school": "P01", "name": "第一小学", "place": 3, "of": 9, "free": 0, "moved": 2}
    talk = Talk(Answering({"look_at_line": {"lines": [line]}}, state="unplaced"))
    heard = talk.say("候补")
    assert "候补第 3 位" in heard
    assert "已递补 2 人" in heard
    assert "没有在候补" in Talk(Answering({"look_at_line": {"lines": []}})).say("候补")


def test_a_frozen_list_is_left_after_a_second_word_and_no_other() -> None:
    talk = Talk(Answering({}, state="frozen"))
    talk.say("退出名单", "全家搬走")
    assert "真的退出吗" in talk.heard[-1]
    assert "照旧" not in talk.say("1")
    assert talk.city.wishes[-1].args == {"application": "application-1", "reason": "全家搬走"}
    assert "不用退出" in Talk(Answering({})).say("退出名单")


def test_a_deferral_takes_banner_and_stage_from_the_application_or_asks() -> None:
    talk = Talk(Answering({"look_at_deferrals": {"items": []}}))
    talk.say("缓学", "市中心医院 2026-04-02 诊断证明", "1")
    assert names(talk)[-1] == "ask_deferral"
    assert talk.city.wishes[-1].args["stage"] == "primary"
    offered = [{"code": one.code, "name": one.name} for one in banners()]
    city = Answering({"look_at_deferrals": {"items": [], "banners": offered}})
    city.children = [replace(city.children[0], application=None)]
    bare = Talk(city)
    assert "该在哪里上学" in bare.say("缓学")
    bare.say("康巴什区", "小学", "市中心医院 2026-04-02 诊断证明", "1")
    assert bare.city.wishes[-1].args["banner"] == "150603"


def test_an_answered_deferral_is_told_with_what_follows() -> None:
    """Domain 2.4: the kindergarten meanwhile, next year's registration."""
    one = {"state": "approved", "stage": "primary", "year": 2026, "reason": "属实。", "returns_in": 2027}
    told = {"look_at_deferrals": {"items": [one | {"kindergarten_name": "第一幼儿园"}]}}
    heard = Talk(Answering(told)).say("缓学")
    assert "第一幼儿园" in heard
    assert "2027 年请照常登记" in heard

"""A transfer talked through: asked for by free seats, followed, taken back (D15)."""

from typing import Any

import pytest

from bots.dialogue.reading.intents import intent
from tests.bots.test_dialogue_rights import Answering, names
from tests.chat_builders import Talk

RULE = "转学只看空余学位。"
SCHOOLS = [
    {"code": "P02", "name": "第二小学", "free": 3, "address": ""},
    {"code": "P03", "name": "第三小学", "free": 1, "address": ""},
]
ASKED = {"receipt": "Z2345678", "answer_by": "2026-08-20T18:00:00+08:00"}


def transfers(state: str = "", *, may_ask: bool = True, schools: Any = SCHOOLS, answer: str | None = None) -> Any:
    one = {"state": state, "school": {"code": "P02", "name": "第二小学"}, "answer": answer, **ASKED}
    looked = {"rule": RULE, "may_ask": may_ask, "schools": schools, "items": [one] if state else []}
    return {"look_at_transfers": looked, "ask_transfer": ASKED}


def test_a_transfer_is_asked_for_by_the_numbers_of_schools_with_room() -> None:
    talk = Talk(Answering(transfers(), state="confirmed"))
    assert "还住在登记的地方吗" in talk.say("转学")
    assert "2 第三小学" in talk.say("1")
    talk.say("2", "妈妈换了工作")
    assert "申请转到第三小学" in talk.heard[-1]
    assert "Z2345678" in talk.say("1")
    assert talk.city.wishes[-1].args == {
        "application": "application-1", "school": "P03", "text": "妈妈换了工作", "unit_code": None,
    }  # fmt: skip


def test_a_family_that_has_moved_says_where_it_lives_now_and_sees_the_schools_anew() -> None:
    talk = Talk(Answering(transfers(), state="confirmed"))
    talk.say("转学", "2")
    assert "现在住在哪里" in talk.heard[-1]
    talk.say("神华社区")
    looked = [wish for wish in talk.city.wishes if wish.name == "look_at_transfers"]
    assert len(looked) == 2
    assert looked[-1].args["unit_code"] == "150603001001"
    assert "1 第二小学" in talk.heard[-1]


def test_an_open_request_is_told_and_taken_back_after_a_second_word() -> None:
    talk = Talk(Answering(transfers("open", may_ask=False), state="confirmed"))
    told = talk.say("转学")
    assert "Z2345678" in told
    assert "要撤回" in told
    assert "撤回了" in talk.say("1")
    assert names(talk)[-1] == "take_transfer_back"
    kept = Talk(Answering(transfers("open", may_ask=False), state="confirmed"))
    kept.say("转学", "2")
    assert "take_transfer_back" not in names(kept)


@pytest.mark.parametrize(
    ("state", "words"),
    [("offered", "等您确认"), ("done", "已经转到"), ("given-up", "没有确认"), ("over", "不再办理")],
)
def test_what_became_of_a_request_is_told(state: str, words: str) -> None:
    assert words in Talk(Answering(transfers(state, may_ask=False), state="confirmed")).say("转学")


def test_a_refusal_is_told_with_its_reason_and_one_may_ask_anew() -> None:
    talk = Talk(Answering(transfers("refused", answer="没有看到搬家的证明。"), state="confirmed"))
    told = talk.say("转学")
    assert "没有看到搬家的证明" in told
    assert "还住在登记的地方吗" in told


def test_without_leave_of_the_rule_or_without_room_the_rule_is_told() -> None:
    closed = Talk(Answering(transfers(may_ask=False), state="settled")).say("转学")
    full = Talk(Answering(transfers(schools=[]), state="confirmed")).say("转学")
    assert RULE in closed
    assert "没有一所学校有空余学位" in full


@pytest.mark.parametrize("said", ["转学", "想给孩子转学", "能不能转到二小那边的学校", "孩子转个学校"])
def test_families_say_it_in_many_ways(said: str) -> None:
    assert intent(said) == "transfer"


def test_a_result_says_that_a_child_did_not_come_or_is_to_be_interviewed() -> None:
    """Nobody is told that the family gave a place up that the school reported empty (domain 2.10, D10)."""
    school = {"code": "P01", "name": "第一小学", "address": ""}
    absent = {"show_result": {"state": "declined", "school": school, "is_absent": True}}
    told = Talk(Answering(absent, state="declined")).say("结果")
    assert "没有报到" in told
    assert "已放弃" not in told
    due = {"show_result": {"state": "placed", "school": school, "interview": "due", "confirm_by": None}}
    assert "面谈" in Talk(Answering(due, state="placed")).say("结果")

"""Asking for a human in the conversation: called at once, and the right banner's desk is found wherever anything tells it."""

from dataclasses import replace
from typing import Any

import pytest

from backend.notices.desk import matter_name
from backend.notices.sentences import knows
from bots.dialogue.asking import wrong_number
from bots.dialogue.flows import FLOWS
from tests.chat_builders import City, Talk, placed, spoken

ASKED_FOR_BANNER = "哪个旗区"


def calls(talk: Talk, name: str = "call_human") -> list[dict[str, Any]]:
    return [dict(wish.args) for wish in talk.city.wishes if wish.name == name]


def test_somebody_unknown_is_called_for_at_once_and_asked_for_the_banner_once() -> None:
    talk = Talk()
    heard = talk.say("人工", "不知道怎么报名")
    assert calls(talk) == [{"text": "不知道怎么报名"}]
    assert "已经转给工作人员" in heard
    assert ASKED_FOR_BANNER in heard
    assert "1 康巴什区" in heard
    assert "您那里的工作人员" in talk.say("3")
    assert calls(talk, "place_help") == [{"banner": "150621"}]


@pytest.mark.parametrize("said", ["达旗", "我住达拉特旗", "③"])
def test_the_banner_is_understood_as_people_name_it(said: str) -> None:
    talk = Talk()
    talk.say("人工", "跳过", said)
    assert calls(talk, "place_help") == [{"banner": "150621"}]


@pytest.mark.parametrize(("said", "code"), [("报名", "chat.ask."), ("谢谢", "chat.thanks"), ("菜单", "chat.menu")])
def test_who_does_not_say_the_banner_goes_on_and_is_not_asked_again(said: str, code: str) -> None:
    talk = Talk()
    talk.say("人工", "跳过", said)
    assert any(one.startswith(code) for one in talk.codes)
    assert len(calls(talk)) == 1
    talk.say("菜单", "你好")
    assert ASKED_FOR_BANNER not in "".join(talk.heard)


def test_what_is_no_banner_is_said_to_the_human_as_well() -> None:
    talk = Talk()
    talk.say("人工", "跳过", "我不识字你们快点")
    assert [one["text"] for one in calls(talk)] == ["", "我不识字你们快点"]
    assert talk.codes == ["chat.human_called"]


def test_a_photograph_is_no_answer_and_is_taken_as_a_photograph() -> None:
    talk = Talk()
    talk.say("人工", "跳过")
    talk.picture()
    assert talk.conversation.frame is None or talk.conversation.frame.flow == "picture"
    assert all(frame.flow != "human" for frame in talk.conversation.frames)


def test_the_question_does_not_stand_in_the_way_of_the_matter_before() -> None:
    talk = Talk(City(children=[placed(state="draft")]))
    talk.say("查学校")
    waits = talk.codes[-1]
    talk.say("人工", "跳过")
    assert calls(talk)[0]["banner"] == "150603"
    assert talk.codes[-1] == waits


@pytest.mark.parametrize(
    "tell",
    [
        lambda talk: talk.event("scan", "school:150603-P01"),
        lambda talk: talk.event("location", "神华社区"),
        lambda talk: talk.say("查学校", "小学", "神华社区"),
        lambda talk: talk.city.children.append(placed()),
        lambda talk: talk.city.children.append(replace(placed(), helped=True)),
    ],
    ids=["poster", "place on the map", "address", "own child", "helped child"],
)
@pytest.mark.parametrize("between", [(), ("菜单",)])
def test_the_banner_that_the_conversation_tells_is_not_asked_for(tell: Any, between: tuple[str, ...]) -> None:
    talk = Talk()
    tell(talk)
    heard = talk.say(*between, "人工", "跳过")
    assert calls(talk) == [{**calls(talk)[0], "banner": "150603"}]
    assert ASKED_FOR_BANNER not in heard


def test_children_in_two_banners_leave_it_open() -> None:
    city = City(children=[placed(), placed("李小红", 2)])
    city.change("application-2", banner="150621")
    talk = Talk(city)
    assert ASKED_FOR_BANNER in talk.say("人工", "跳过")


@pytest.mark.parametrize(
    ("most", "lang", "told"),
    [
        (1, "zh-CN", "请回复 1。"),
        (2, "zh-CN", "请回复 1 或 2。"),
        (3, "zh-CN", "请回复 1～3 中的一个数字。"),
        (9, "zh-CN", "请回复 1～9 中的一个数字。"),
        (2, "mn-Mong", "1 ᠪᠤᠶᠤ 2"),
        (5, "mn-Mong", "1～5"),
    ],
)
def test_a_wrong_number_is_told_in_words_that_fit_how_many_choices_there_are(most: int, lang: str, told: str) -> None:
    assert told in spoken(wrong_number(most).reply, lang)


def test_the_inbox_names_every_matter_of_the_conversation_in_words() -> None:
    """An official reads what the person was at, never the name of a flow."""
    assert [name for name in FLOWS if not knows(f"word.matter.{name}")] == []
    assert (matter_name("apply/home_kind"), matter_name("")) == ("填报名表", "还没开始")


@pytest.mark.parametrize("said", ["人工 不知道怎么报名", "人工，我要报名", "转人工：查结果"])
def test_whoever_calls_for_a_human_and_names_a_matter_at_once_gets_the_human(said: str) -> None:
    talk = Talk()
    talk.say(said, "两个孩子怎么报")
    assert [one["text"] for one in calls(talk)] == ["两个孩子怎么报"]

"""No sequence of messages crashes the dialogue or leads to a dead end; what it remembers is always plain JSON.

The city behind it answers every wish, refuses some, and forgets children now and then: nothing of it may matter.
"""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from bots.dialogue.flows import FLOWS
from bots.dialogue.machine import step
from bots.dialogue.reading.intents import COMMANDS, EXACT
from bots.dialogue.values import Answer, Conversation, Event, Frame, Message, Picture, Text, from_json, to_json
from bots.dialogue.world import World
from tests.chat_builders import CHILD_ID, GUARDIAN_ID, NOW, City, Talk, banners, placed, spoken

STATES = ["draft", "submitted", "checking", "in_review", "returned", "rejected", "verified", "choosing"]
STATES += ["settled", "frozen", "placed", "unplaced", "confirmed", "declined", "lapsed", "withdrawn", "recorded"]
SAID = ["1", "2", "3", "9", "0", "没有", "跳过", "同意", "不同意", "小学", "神华社区", "康城", "王小明", "爸爸", "汉族"]
SAID += [
    CHILD_ID,
    GUARDIAN_ID,
    "2020.3.5",
    "三年",
    "13800001234",
    "123456",
    "住宅",
    "父母",
    "租房",
    "交",
    "2 1",
    "???",
    "",
]
WISHES = [
    "search_units",
    "register_child",
    "open_application",
    "save_form",
    "submit",
    "show_result",
    "confirm",
    "set_phone",
]
CODES = [
    "window-closed",
    "child-has-guardian",
    "consent-outdated",
    "papers-missing",
    "form-incomplete",
    "code-wrong",
    "zz",
]

texts = st.one_of(
    st.sampled_from(SAID),
    st.sampled_from(sorted(COMMANDS)),
    st.sampled_from(sorted(EXACT)),
    st.text(max_size=30),
).map(Text)
messages: st.SearchStrategy[Message] = st.one_of(
    texts,
    texts,
    texts,
    st.builds(Picture, st.text(min_size=1, max_size=8)),
    st.builds(
        Event,
        st.sampled_from(["subscribe", "click", "scan", "unsubscribe", "VIEW"]),
        st.sampled_from([*FLOWS, "x", ""]),
    ),
    st.builds(Answer, st.sampled_from(WISHES), st.booleans(), st.sampled_from(CODES)),
)


@st.composite
def cities(draw: Any) -> City:
    """A city with none, one or two children in any state, that refuses some wishes."""
    states = draw(st.lists(st.sampled_from(STATES), max_size=2))
    children = [
        placed(
            f"孩子{number}",
            number,
            state=state,
            missing=("household",),
            options=(("A", "甲校"), ("B", "乙校")),
            return_by=NOW + timedelta(days=draw(st.integers(-1, 1))),
            confirm_by=NOW + timedelta(days=draw(st.integers(-1, 1))),
        )
        for number, state in enumerate(states, start=1)
    ]
    refused = draw(
        st.dictionaries(st.sampled_from(WISHES), st.sampled_from(CODES).map(lambda code: (code, {})), max_size=2)
    )
    diary = [{"what": "户籍", "who": "公安", "text": "不一致", "check_id": "c", "disputable": True}]
    return City(children, refusals=refused, diary=diary * draw(st.integers(0, 2)))


@settings(max_examples=100, deadline=None)
@given(cities(), st.lists(messages, max_size=40), st.data())
def test_any_talk_goes_on_and_help_always_answers(city: City, said: list[Message], data: Any) -> None:
    """Every text, picture, subscription, menu tap and scan is answered; every sentence has its facts (Talk says them);
    the state survives JSON with sorted keys (Talk checks it at each message); a child may vanish between messages.
    """
    talk = Talk(city)
    for message in said:
        talk.send(message)
        silent = isinstance(message, Answer) or (isinstance(message, Event) and message.kind in {"unsubscribe", "VIEW"})
        assert talk.heard or silent
        if data.draw(st.integers(0, 30)) == 0 and city.children:
            city.children.pop()
    for word in ("帮助", "重来", "上一步", "人工", "帮助"):
        assert talk.say(word)
        assert len(talk.conversation.frames) <= 3
    assert "回复数字" in talk.say("菜单")
    assert talk.conversation.frames == ()


@settings(max_examples=100, deadline=None)
@given(cities(), st.lists(messages, max_size=15))
def test_enough_steps_back_always_lead_out(city: City, said: list[Message]) -> None:
    """上一步 never circles: it ends between matters."""
    talk = Talk(city)
    for message in said:
        talk.send(message)
    for _ in range(80):
        if talk.conversation.frame is None:
            break
        talk.say("上一步")
    assert talk.conversation.frame is None


@settings(max_examples=100, deadline=None)
@given(cities(), st.lists(messages, max_size=15))
def test_a_human_is_offered_after_the_same_question_was_missed_three_times(city: City, said: list[Message]) -> None:
    """Asked again at most twice (wishes.md: ask again at most twice, then let through)."""
    talk = Talk(city)
    for message in said:
        talk.send(message)
    talk.say("重来")
    asked = [0]
    for _ in range(3):
        talk.say("\u200b")
        asked.append(sum(code.startswith("chat.ask.") for code in talk.codes))
    if talk.conversation.frame is None:
        return
    assert sum(asked) <= 2 or talk.conversation.frame.flow == "offer"
    assert any(code in {"chat.offer_human", "chat.ask.offer"} for code in talk.codes)


@settings(max_examples=100, deadline=None)
@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=5),
        lambda inner: (
            st.lists(inner, max_size=4)
            | st.dictionaries(
                st.sampled_from(["version", "frames", "lang", "awaiting", "misses", "flow"]), inner, max_size=6
            )
        ),
        max_leaves=12,
    )
)
def test_whatever_was_stored_a_conversation_comes_out_of_it(stored: Any) -> None:
    conversation = from_json(stored)
    assert from_json(json.loads(json.dumps(to_json(conversation)))) == conversation
    turn = step(conversation, Text("帮助"), NOW, World(banners()))
    assert all(spoken(reply) for reply in turn.replies)
    assert turn.replies


@settings(max_examples=60, deadline=None)
@given(
    st.sampled_from(sorted(FLOWS)),
    st.dictionaries(st.sampled_from(["child", "stage", "items"]), st.just("?"), max_size=1),
    cities(),
)
def test_every_matter_can_be_begun_in_any_city(flow: str, slots: dict[str, str], city: City) -> None:
    slots = {} if "items" in slots else slots
    turn = step(Conversation(frames=(Frame(flow, slots=slots),)), Text("帮助"), NOW, city.world())
    assert turn.replies or turn.wishes


def test_a_matter_about_a_child_that_was_taken_away_is_dropped() -> None:
    """A helper whose days are over, a claim that was granted: nothing about the child is said any more."""
    talk = Talk(City([placed("王小明", 1, state="draft"), placed("王小红", 2, state="draft")]))
    assert "王小明" in talk.say("交材料", "1")
    talk.city.children.pop(0)
    assert "王小明" not in talk.say("1")
    assert talk.conversation.frame is None
    assert talk.city.wishes == []


def test_a_late_answer_changes_nothing() -> None:
    talk = Talk(City([placed()]))
    before = talk.conversation
    turn = step(before, Answer("confirm", ok=True), NOW, talk.city.world())
    assert turn.conversation == before
    assert turn.replies == ()

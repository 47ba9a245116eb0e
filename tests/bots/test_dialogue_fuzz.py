"""A person who says anything at random, for a long time, seeded: no crash, no silence, no growing memory."""

import json
import random

from bots.dialogue.reading.intents import COMMANDS, EXACT
from bots.dialogue.values import Event, Message, Picture, Text, to_json
from tests.chat_builders import CHILD_ID, GUARDIAN_ID, City, Talk, placed

TURNS = 6000
LARGEST_STATE = 40_000
WORDS = [
    "1",
    "1",
    "1",
    "2",
    "3",
    "同意",
    "小学",
    "神华社区",
    "王小明",
    "乌兰",
    "爸爸",
    "2019年3月5日",
    "跳过",
    "没有",
    "租房",
    "交",
]
WORDS += [
    CHILD_ID,
    GUARDIAN_ID,
    "13800001234",
    "30天",
    "123456",
    "啊" * 700,
    "\x00\u202e",
    "幸福小区3号楼",
    "2 1",
    "户口本",
    "公寓",
]
FITTING = {
    "chat.ask.unit": "神华社区",
    "chat.ask.child_name": "乌兰·巴特尔",
    "chat.ask.child_id": CHILD_ID,
    "chat.ask.child_born_on": "20200305",
    "chat.ask.guardian_name": "王大力",
    "chat.ask.guardian_id": GUARDIAN_ID,
    "chat.ask.address": "幸福小区3号楼",
    "chat.ask.registered_on": "2020.3.5",
    "chat.ask.helper_phone": "13800001234",
    "chat.ask.phone": "13800001234",
    "chat.ask.code": "123456",
    "chat.ask.tipoff": "某学校收赞助费",
    "chat.ask.reason": "搬家",
    "chat.ask.sibling": "没有",
}


def anything(chance: random.Random, talk: Talk) -> Message:
    """A message: mostly an answer that fits, sometimes one that fits elsewhere, a command, a matter, a picture, noise."""
    kind = chance.random()
    if kind < 0.5 and talk.codes:
        return Text(FITTING.get(talk.codes[-1], "1"))
    if kind < 0.65:
        return Text(chance.choice(WORDS))
    if kind < 0.75:
        return Text(chance.choice([*EXACT, *EXACT, *COMMANDS]))
    if kind < 0.85:
        return Picture(f"m{chance.randrange(9)}")
    if kind < 0.9:
        return Event(chance.choice(["click", "scan", "subscribe"]), chance.choice(["result", "150603-P01", ""]))
    return Text("".join(chr(chance.randrange(1, 0x3000)) for _ in range(chance.randrange(12))))


def test_a_long_random_talk_never_ends_in_silence() -> None:
    chance = random.Random("sunroll")
    talk = Talk(City([placed()]))
    finished: set[str] = set()
    for turn in range(TURNS):
        if turn % 200 == 0:
            talk = Talk(City([placed()] if turn % 400 else []))
        if turn % 20 == 10:
            talk.city.refusals = {chance.choice(["submit", "register_child"]): ("window-closed", {})}
        elif turn % 20 == 0:
            talk.city.refusals = {}
        talk.send(anything(chance, talk))
        assert talk.heard
        assert len(json.dumps(to_json(talk.conversation))) < LARGEST_STATE
        finished |= {wish.name for wish in talk.city.wishes}
    assert {
        "ask_guide",
        "register_child",
        "open_application",
        "save_form",
        "attach_paper",
        "submit",
        "confirm",
    } <= finished

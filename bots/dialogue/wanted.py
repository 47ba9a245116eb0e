"""What free words ask for: a matter, with what the words already tell of it."""

from __future__ import annotations

from bots.dialogue.flows.first_word import words_of
from bots.dialogue.flows.place import is_placed
from bots.dialogue.flows.speech import read_language
from bots.dialogue.reading import intents
from bots.dialogue.reading.answers import number
from bots.dialogue.reading.places import address_in, read_stage, sounds_like_an_address
from bots.dialogue.reading.plain import plain
from bots.dialogue.values import Frame
from bots.dialogue.world import World

_SHORTEST_FULL = 2
"""Characters of a full name from which on the given name alone (小明) may name a child."""
ANSWERS_BY_SMS = {1: "confirm", 2: "decline"}
"""What the result's SMS says one can answer: they come before the menu's numbers for a family with a place."""


def wanted_by(said: str, world: World) -> Frame | None:
    """The matter that a number of the menu or free words ask for; an address alone asks which school it belongs to. What
    is not understood after a human was called is said to the human.
    """
    numbered = _by_number(number(said), world)
    if numbered:
        return Frame(numbered)
    if sounds_like_an_address(said) and intents.intent(said) is None:
        return Frame("guide", slots={"address_said": plain(said)})
    if (wanted := matter_of(said, world)) is not None:
        return wanted
    return Frame("human", slots={"help_text": plain(said)}) if world.help_is_open and plain(said) else None


def matter_of(said: str, world: World) -> Frame | None:
    """The matter that free words ask for, with what they already tell of it: language, stage, address, child."""
    language = read_language(said)
    if language:
        return Frame("language", slots={"lang": language})
    matter = intents.intent(said)
    if matter is None:
        return None
    if matter == "intent":
        return Frame("intent", slots={"said": words_of(said)})
    if matter == "guide":
        told = {"stage": read_stage(said), "address_said": address_in(said)}
        return Frame("guide", slots={name: value for name, value in told.items() if value})
    if matter == "choose" and world.is_candidate:
        return Frame("exam_choose")
    return _about_child(Frame(matter), said, world)


def _by_number(chosen: int | None, world: World) -> str:
    """The matter that a number stands for between matters, empty for none."""
    if chosen is None:
        return ""
    if world.by_sms and chosen in ANSWERS_BY_SMS and any(is_placed(child) for child in world.children):
        return ANSWERS_BY_SMS[chosen]
    return intents.MENU_ORDER[chosen - 1] if 1 <= chosen <= len(intents.MENU_ORDER) else ""


def _about_child(frame: Frame, said: str, world: World) -> Frame:
    """The matter with its child known where the message itself names exactly one."""
    named = [child for child in world.children if child.name in plain(said)]
    named = named or [child for child in world.children if len(child.name) > _SHORTEST_FULL and child.name[1:] in said]
    return frame.with_slots({"child": named[0].id}) if len(named) == 1 else frame

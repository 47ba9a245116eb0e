"""先登记: one line before the deadline is a filed intent with a receipt; form and photographs may follow (wishes 8)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from bots.dialogue.asking import pick, place, places_found
from bots.dialogue.reading.places import STAGES, read_stage, search_words, sounds_like_an_address
from bots.dialogue.reading.plain import plain
from bots.dialogue.steps import Errand, Fill, Flow, Leave, Question, Reading, Scene, Step, refused
from bots.dialogue.values import Answer, Reply, Wish

LONGEST = 200
_LEAD = re.compile(r"^(?:我要|我想)?(?:先登记|先报名|先报上|意向登记|报名意向|来不及了?)[\s:：,，。]*")
_STAGE = re.compile(r"(?:上|读)?(?:公办)?(?:幼儿园|小学|初中|一年级|七年级|小班)")


def words_of(said: str) -> str:
    """What a line says besides that it is an intent."""
    return _LEAD.sub("", plain(said))[:LONGEST]


def _address(scene: Scene) -> str:
    parts = [part for part in _STAGE.sub(" ", str(scene.slot("said") or "")).split() if sounds_like_an_address(part)]
    return parts[-1] if parts else ""


def _look_up(scene: Scene) -> Wish:
    return Wish("search_units", {"words": search_words(_address(scene)), "banner": ""})


def _found(_scene: Scene, answer: Answer) -> Reading:
    return Fill({"looked_up": True, **places_found("unit", answer)})


def _file(scene: Scene) -> Wish:
    facts = {"words": str(scene.slot("said") or ""), "stage": scene.slot("stage")}
    return Wish("file_intent", {**facts, "banner": scene.slot("unit")["banner"]})


def _stage() -> Question:
    """Which stage, unless the line says it."""
    return replace(pick("stage", STAGES, read_stage), given=lambda here: read_stage(str(here.slot("said") or "")))


def _filed(scene: Scene, answer: Answer) -> Reading:
    if not answer.ok:
        return refused(scene, answer)
    told = answer.data
    facts = {"receipt": str(told["receipt"]), "at": told["arrived_at"], "until": told["until"]}
    return Leave((Reply("chat.intent_filed", facts), Reply("chat.intent_next")))


def _steps(_scene: Scene) -> Sequence[Step]:
    return (
        Errand("looked_up", _look_up, _found, applies=lambda here: bool(_address(here))),
        _stage(),
        place("unit"),
        Errand("filed", _file, _filed),
    )


INTENT = Flow("intent", _steps, lambda _: Leave(), is_aside=True)

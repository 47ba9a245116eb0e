"""In which language the conversation goes on: 汉语 or ᠮᠣᠩᠭᠣᠯ; an answer in the other language's name is enough (wishes 20)."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bots.dialogue.asking import pick
from bots.dialogue.reading.plain import bare
from bots.dialogue.steps import Errand, Flow, Leave, Reading, Scene, Step, refused
from bots.dialogue.values import Answer, Reply, Wish

LANGUAGES = ("zh-CN", "mn-Mong")
NAMES = {
    "zh-CN": ("汉语", "汉", "中文", "普通话", "ᠬᠢᠲᠠᠳ", "хятад"),
    "mn-Mong": ("蒙古文", "蒙文", "蒙语", "蒙古语", "蒙", "ᠮᠣᠩᠭᠣᠯ", "монгол"),
}
_WISH = re.compile(
    r"^(我|请|要|想|能不能|可以|会)*(换成?|改成?|切换成?到?|用|说|讲|写)?(?=.{1,10}$)|(吧|吗|可以吗|行吗|行不行|回答|回复)*$"
)


def read_language(text: str) -> str | None:
    """The tag of the language that `text` names, alone or with the wish to speak it (说蒙语, 换成汉语吧)."""
    said = _WISH.sub("", bare(text).casefold())
    return next((tag for tag, names in NAMES.items() if said in names), None)


def _steps(_scene: Scene) -> Sequence[Step]:
    def hear(scene: Scene, answer: Answer) -> Reading:
        if not answer.ok:
            return refused(scene, answer)
        draft = () if answer.data.get("is_reviewed") else (Reply("chat.language_is_draft"),)
        return Leave((Reply("chat.language_set"), *draft, Reply("chat.menu")), lang=str(scene.slot("lang")))

    return pick("lang", LANGUAGES, read_language), Errand(
        "set", lambda here: Wish("set_language", {"lang": here.slot("lang")}), hear
    )


LANGUAGE = Flow("language", _steps, lambda _: Leave())

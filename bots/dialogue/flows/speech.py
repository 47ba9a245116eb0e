"""In which language the conversation goes on: 汉语 or ᠮᠣᠩᠭᠣᠯ; an answer in the other language's name is enough (wishes 20)."""

from __future__ import annotations

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


def read_language(text: str) -> str | None:
    """The tag of the language that `text` names in these very words."""
    said = bare(text).casefold()
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

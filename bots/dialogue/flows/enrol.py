"""Where 报名 begins: for which child, one already registered or a new one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from bots.dialogue.asking import agree, child_label, wrong_number
from bots.dialogue.reading.answers import choice
from bots.dialogue.stages import may_apply
from bots.dialogue.steps import Fill, Flow, Leave, Question, Reading, Scene, Step
from bots.dialogue.values import Frame, Reply
from bots.dialogue.world import Child

NEW = "new"
_ANOTHER = ("登记另一个孩子",)


def _open(scene: Scene) -> list[Child]:
    return [child for child in scene.world.children if may_apply(child)]


def _whom(scene: Scene) -> Reply:
    labels = [child_label(child) for child in _open(scene)]
    facts = {"options": labels, "another": len(labels) + 1}
    return Reply("chat.ask.whom", facts, tuple(map(str, range(1, len(labels) + 2))))


def _read_whom(scene: Scene, text: str) -> Reading:
    several = _open(scene)
    labels = [child_label(child) for child in several]
    index = choice(text, [*labels, *_ANOTHER])
    if index is None:
        index = choice(text, [*(child.name for child in several), *_ANOTHER])
    if index is None:
        return wrong_number(len(labels) + 1)
    return Fill({"child": several[index].id if index < len(several) else NEW})


def _only_one_way(scene: Scene) -> Any:
    return NEW if not _open(scene) else None


def _steps(scene: Scene) -> Sequence[Step]:
    all_filed = bool(scene.world.children) and not _open(scene)
    return (
        agree("another", lambda _: Leave((Reply("chat.left"),)), applies=lambda _: all_filed),
        Question("child", _whom, _read_whom, given=_only_one_way),
    )


def _end(scene: Scene) -> Leave:
    child = scene.slot("child")
    return Leave(follow=Frame("register") if child == NEW else Frame("apply", slots={"child": child}))


ENROL = Flow("enrol", _steps, _end)

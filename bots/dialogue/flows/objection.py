"""异议: a family disagrees with a rejection or a published result; somebody else than the first official looks anew."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from bots.dialogue.asking import agree, leave_with, line, which_child, words
from bots.dialogue.flows.progress import has_application
from bots.dialogue.stages import BEFORE_RESULT, application_of
from bots.dialogue.steps import Errand, Flow, Gate, Leave, Reading, Scene, Step, refused
from bots.dialogue.values import Answer, Frame, Reply, Wish

LONGEST = 500


def _refuse(scene: Scene) -> Reply | None:
    child = scene.child()
    if child is None:
        return Reply("chat.refuse.no_child")
    return None if has_application(child) else Reply("chat.refuse.no_application", {"child": child.name})


def _is_about_checks(scene: Scene) -> bool:
    """Before there is a result, what a family can object to is an answer of a department: that is a dispute."""
    found = application_of(scene.child())
    return found is not None and found.state in BEFORE_RESULT and found.state != "rejected"


def _facts(scene: Scene) -> dict[str, Any]:
    child, found = scene.child(), application_of(scene.child())
    return {"child": child.name if child else "", "state": found.state if found else ""}


def _wish(scene: Scene) -> Wish:
    found = application_of(scene.child())
    facts = {"application": found.id if found else "", "state": found.state if found else ""}
    return Wish("object", {**facts, "text": scene.slot("objection_text")})


def _hear(scene: Scene, answer: Answer) -> Reading:
    if not answer.ok:
        return refused(scene, answer)
    facts = {**_facts(scene), "receipt": str(answer.data.get("receipt") or "")}
    return Leave((Reply("chat.objection_filed", facts),))


def _steps(scene: Scene) -> Sequence[Step]:
    first: tuple[Step, ...] = (which_child(has_application), Gate("open", _refuse))
    if scene.child() is not None and _is_about_checks(scene):
        return first
    return (
        *first,
        words("objection_text", line(LONGEST), facts=_facts),
        agree("sure_to_object", leave_with("chat.left"), facts=_facts),
        Errand("objected", _wish, _hear),
    )


def _end(scene: Scene) -> Leave:
    return Leave(follow=Frame("dispute", slots={"child": scene.slot("child")}))


OBJECTION = Flow("objection", _steps, _end)

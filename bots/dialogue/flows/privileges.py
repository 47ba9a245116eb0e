"""优待、民办: a family asks for the preference of a group, or registers for one private school beside the public ones."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from bots.dialogue.asking import agree, leave_with, line, which_child, words, wrong_number
from bots.dialogue.flows.progress import has_application
from bots.dialogue.reading.answers import choice, number
from bots.dialogue.reading.plain import plain
from bots.dialogue.stages import application_of
from bots.dialogue.steps import Errand, Fill, Flow, Gate, Leave, Miss, Question, Reading, Scene, Step, refused
from bots.dialogue.values import Answer, Reply, Wish

LONGEST = 500
CLAIM_TOLD = {
    "asked": "chat.preference.asked",
    "approved": "chat.preference.approved",
    "refused": "chat.preference.refused",
}
"""What is said of a claim in each of its states."""
NONE = frozenset(["0", "都不", "不登记", "不登记了", "取消", "不要了"])


def refuse_without_application(scene: Scene) -> Reply | None:
    """Why nothing can be done about a place: no child, or none with an application."""
    child = scene.child()
    if child is None:
        return Reply("chat.refuse.no_child")
    return None if has_application(child) else Reply("chat.refuse.no_application", {"child": child.name})


def about_child(scene: Scene, **more: Any) -> dict[str, Any]:
    """The child's name for a sentence, with more facts."""
    child = scene.child()
    return {"child": child.name if child else "", **more}


def application_id(scene: Scene) -> str:
    """The id of the child's application, empty where it has none."""
    found = application_of(scene.child())
    return found.id if found else ""


def _picked(text: str, rows: Sequence[Mapping[str, Any]]) -> Mapping[str, Any] | None:
    chosen, labels = number(text), [str(one["name"]) for one in rows]
    if chosen is not None:
        return rows[chosen - 1] if 1 <= chosen <= len(rows) else None
    index = choice(text, labels)
    return None if index is None else rows[index]


def one_of(name: str, rows_of: Callable[[Scene], Sequence[Mapping[str, Any]]], **kind: Any) -> Question:
    """A question with numbered rows; the slot holds {code, name} of the one that was picked."""

    def ask(scene: Scene) -> Reply:
        labels = [str(one["name"]) for one in rows_of(scene)]
        facts = about_child(scene, options=labels)
        return Reply(f"chat.ask.{name}", facts, tuple(map(str, range(1, len(labels) + 1))))

    def read(scene: Scene, text: str) -> Reading:
        found = _picked(text, rows_of(scene))
        if found is None:
            return wrong_number(len(rows_of(scene)))
        return Fill({name: {"code": str(found["code"]), "name": str(found["name"])}})

    return Question(name, ask, read, **kind)


def _groups(scene: Scene) -> list[dict[str, Any]]:
    return list(scene.slot("groups") or ())


def _schools(scene: Scene) -> list[dict[str, Any]]:
    """The schools that the group which was picked may choose."""
    code = (scene.slot("group") or {}).get("code")
    return next((list(one["schools"]) for one in _groups(scene) if one["code"] == code), [])


def _preferences_told(scene: Scene, answer: Answer) -> Reading:
    if not answer.ok:
        return refused(scene, answer)
    claim, offered = answer.data.get("claim"), answer.data.get("groups", ())
    said: tuple[Reply, ...] = ()
    if claim:
        named = next((one["name"] for one in offered if one["group"] == claim["group"]), claim["group"])
        facts = about_child(scene, group=named, reason=claim["reason"] or "")
        said = (Reply(CLAIM_TOLD[claim["state"]], facts),)
        if claim["state"] == "asked":
            return Leave(said)
    if not offered:
        return Leave(said or (Reply("chat.preference.none"),))
    if not answer.data.get("may_ask"):
        return Leave(said or (Reply("problem.preference-too-late"),))
    groups = [{"code": one["group"], "name": one["name"], "schools": one["schools"]} for one in offered]
    return Fill({"preferences": True, "groups": groups}, said)


def _ask_preference(scene: Scene) -> Wish:
    school = scene.slot("wanted_school")
    facts = {"application": application_id(scene), "group": scene.slot("group")["code"]}
    return Wish("ask_preference", facts | {"evidence": scene.slot("evidence"), "school": school and school["code"]})


def _done(code: str, slot: str) -> Callable[[Scene, Answer], Reading]:
    def hear(scene: Scene, answer: Answer) -> Reading:
        if not answer.ok:
            return refused(scene, answer)
        return Leave((Reply(code, about_child(scene, name=(scene.slot(slot) or {}).get("name", ""))),))

    return hear


def _preference_steps(_scene: Scene) -> Sequence[Step]:
    def shown(scene: Scene) -> dict[str, Any]:
        school = scene.slot("wanted_school")
        facts = about_child(scene, group=scene.slot("group")["name"], evidence=scene.slot("evidence"))
        return facts | {"school": school["name"] if school else ""}

    return (
        which_child(has_application),
        Gate("open", refuse_without_application),
        Errand("preferences", lambda here: Wish("look_at_preference", {"application": application_id(here)}), _preferences_told),
        one_of("group", _groups),
        one_of("wanted_school", _schools, applies=lambda here: bool(_schools(here))),
        words("evidence", line(LONGEST)),
        agree("sure_to_prefer", leave_with("chat.left"), facts=shown),
        Errand("preferred", _ask_preference, _done("chat.preference.sent", "group")),
    )  # fmt: skip


def _private(scene: Scene) -> list[dict[str, Any]]:
    return list(scene.slot("private_schools") or ())


def _private_told(scene: Scene, answer: Answer) -> Reading:
    if not answer.ok:
        return refused(scene, answer)
    schools, code = answer.data.get("schools", ()), answer.data.get("school")
    held = next((one["name"] for one in schools if one["code"] == code), "")
    if not schools:
        return Leave((Reply("chat.private.none"),))
    said = (Reply("chat.private.held", about_child(scene, school=held)),) if held else ()
    if not answer.data.get("may_wish"):
        return Leave((*said, Reply("problem.private-wish-too-late")))
    rows = [{"code": one["code"], "name": one["name"]} for one in schools]
    return Fill({"private_told": True, "private_schools": rows, "private_held": held}, said)


def _read_private(scene: Scene, text: str) -> Reading:
    if plain(text) in NONE:
        return Fill({"private_school": {"code": None, "name": ""}})
    found = _picked(text, _private(scene))
    return Fill({"private_school": dict(found)}) if found else Miss(Reply("chat.miss.private"))  # fmt: skip


def _ask_private(scene: Scene) -> Reply:
    labels = [one["name"] for one in _private(scene)]
    return Reply("chat.ask.private_school", about_child(scene, options=labels), tuple(map(str, range(len(labels) + 1))))


def _is_none(scene: Scene) -> bool:
    return (scene.slot("private_school") or {}).get("code") is None


def _private_steps(_scene: Scene) -> Sequence[Step]:
    def shown(scene: Scene) -> dict[str, Any]:
        return about_child(scene, school=scene.slot("private_school")["name"])

    def wish(scene: Scene) -> Wish:
        facts = {"application": application_id(scene), "school": scene.slot("private_school")["code"]}
        return Wish("wish_private", facts)

    def hear(scene: Scene, answer: Answer) -> Reading:
        if not answer.ok:
            return refused(scene, answer)
        return Leave((Reply("chat.private.dropped" if _is_none(scene) else "chat.private.registered", shown(scene)),))

    return (
        which_child(has_application),
        Gate("open", refuse_without_application),
        Errand("private_told", lambda here: Wish("look_at_private", {"application": application_id(here)}), _private_told),
        Question("private_school", _ask_private, _read_private),
        agree("sure_of_private", leave_with("chat.left"), applies=lambda here: not _is_none(here), facts=shown),
        Errand("private_sent", wish, hear),
    )  # fmt: skip


PREFERENCE = Flow("preference", _preference_steps, lambda _: Leave())
PRIVATE = Flow("private", _private_steps, lambda _: Leave())

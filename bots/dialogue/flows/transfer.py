"""转学: a family asks for another school with a free seat, hears what became of its request, or takes it back (D15)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from bots.dialogue.asking import agree, leave_with, line, place, which_child, words
from bots.dialogue.flows.privileges import about_child, application_id, one_of, refuse_without_application
from bots.dialogue.flows.progress import has_application
from bots.dialogue.steps import Errand, Fill, Flow, Gate, Leave, Reading, Scene, Step, refused
from bots.dialogue.values import Answer, Reply, Wish

LONGEST = 500
TOLD = {
    "open": "chat.transfer.open",
    "offered": "chat.transfer.offered",
    "done": "chat.transfer.done",
    "given-up": "chat.transfer.given_up",
    "refused": "chat.transfer.refused",
    "withdrawn": "chat.transfer.withdrawn",
    "over": "chat.transfer.over",
}
"""What is said of a request in each of its states."""


def _told(scene: Scene, answer: Answer) -> Reading:
    if not answer.ok:
        return refused(scene, answer)
    items, schools = list(answer.data.get("items", ())), list(answer.data.get("schools", ()))
    said = tuple(_request(scene, one) for one in items[:1])
    if said and items[0]["state"] == "open":
        return Fill({"transfers": True, "transfer_open": True}, said)
    rule = about_child(scene, rule=answer.data.get("rule", ""))
    if not answer.data.get("may_ask"):
        return Leave(said or (Reply("chat.transfer.closed", rule),))
    if not schools:
        return Leave((*said, Reply("chat.transfer.no_room", rule)))
    return Fill({"transfers": True, "transfer_schools": schools}, said)


def _request(scene: Scene, one: Mapping[str, Any]) -> Reply:
    facts = about_child(scene, school=one["school"]["name"], receipt=one["receipt"], until=one["answer_by"])
    return Reply(TOLD[one["state"]], {**facts, "answer": one["answer"] or ""})


def _room(scene: Scene, answer: Answer) -> Reading:
    """The schools once more, ordered from where the family lives now."""
    if not answer.ok:
        return refused(scene, answer)
    return Fill({"transfer_room": True, "transfer_schools": list(answer.data.get("schools", ()))})


def _look(scene: Scene) -> Wish:
    unit = (scene.slot("transfer_home") or {}).get("code")
    return Wish("look_at_transfers", {"application": application_id(scene), "unit_code": unit})


def _schools(scene: Scene) -> list[dict[str, Any]]:
    return list(scene.slot("transfer_schools") or ())


def _is_open(scene: Scene) -> bool:
    return bool(scene.slot("transfer_open"))


def _is_asked(scene: Scene) -> bool:
    return not _is_open(scene)


def _has_moved(scene: Scene) -> bool:
    return _is_asked(scene) and scene.slot("transfer_same_home") is False


def _ask(scene: Scene) -> Wish:
    facts = {"application": application_id(scene), "school": scene.slot("transfer_school")["code"]}
    unit = (scene.slot("transfer_home") or {}).get("code")
    return Wish("ask_transfer", facts | {"text": scene.slot("transfer_text"), "unit_code": unit})


def _asked(scene: Scene, answer: Answer) -> Reading:
    if not answer.ok:
        return refused(scene, answer)
    facts = about_child(scene, school=scene.slot("transfer_school")["name"], receipt=answer.data["receipt"])
    return Leave((Reply("chat.transfer.sent", {**facts, "until": answer.data["answer_by"]}),))


def _taken_back(scene: Scene, answer: Answer) -> Reading:
    return Leave((Reply("chat.transfer.taken_back", about_child(scene)),)) if answer.ok else refused(scene, answer)


def _shown(scene: Scene) -> dict[str, Any]:
    return about_child(scene, school=scene.slot("transfer_school")["name"], reason=scene.slot("transfer_text"))


def _steps(_scene: Scene) -> Sequence[Step]:
    return (
        which_child(has_application),
        Gate("open", refuse_without_application),
        Errand("transfers", _look, _told),
        agree("sure_to_take_back", leave_with("chat.left"), applies=_is_open),
        Errand("taken_back", lambda here: Wish("take_transfer_back", {"application": application_id(here)}), _taken_back, _is_open),
        agree("transfer_same_home", lambda _: Fill({"transfer_same_home": False}), applies=_is_asked, yes=("没搬", "没有搬")),
        place("transfer_home", applies=_has_moved),
        Errand("transfer_room", _look, _room, _has_moved),
        one_of("transfer_school", _schools, applies=_is_asked),
        words("transfer_text", line(LONGEST), applies=_is_asked),
        agree("sure_to_transfer", leave_with("chat.left"), applies=_is_asked, facts=_shown),
        Errand("transfer_sent", _ask, _asked, _is_asked),
    )  # fmt: skip


TRANSFER = Flow("transfer", _steps, lambda _: Leave())

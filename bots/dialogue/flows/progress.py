"""How far it is and what came out: the verification diary with its disputes, the result, the reason why (wishes 3, 11)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from bots.dialogue.asking import line, which_child, words, wrong_number
from bots.dialogue.reading.answers import choice
from bots.dialogue.stages import application_of, next_date, refuse_result
from bots.dialogue.steps import Errand, Fill, Flow, Gate, Leave, Question, Reading, Scene, Step, refused
from bots.dialogue.values import Answer, Reply, Wish
from bots.dialogue.world import Application, Child

LONGEST_DISPUTE = 300
MOST_LINES = 12


def has_application(child: Child) -> bool:
    """Whether there is anything to report on."""
    return application_of(child) is not None


def _no_application(scene: Scene) -> Reply | None:
    child = scene.child()
    if child is None:
        return Reply("chat.refuse.no_child")
    return None if has_application(child) else Reply("chat.refuse.no_application", {"child": child.name})


def _application_id(scene: Scene) -> str:
    found = application_of(scene.child())
    return found.id if found else ""


def _about(name: str) -> Any:
    return lambda scene: Wish(name, {"application": _application_id(scene), "child": scene.slot("child")})


def _diary(scene: Scene, answer: Answer) -> Reading:
    child = scene.child()
    found = application_of(child)
    if not answer.ok or child is None or found is None:
        return refused(scene, answer)
    items = list(answer.data.get("items", ()))
    said = [_state(child, found)]
    said += [Reply("chat.diary.photo", {"kind": kind, "photo": photo}) for kind, photo in found.photos]
    if found.receipt and items:
        lines = [_line(one) for one in items[-MOST_LINES:]]
        said.append(Reply("chat.diary.items", {"items": lines}))
    if found.state == "returned" and found.return_by is not None:
        said.append(Reply("chat.diary.returned", {"reason": found.return_reason, "at": found.return_by.isoformat()}))
    if any(one.get("disputable") for one in items):
        said.append(Reply("chat.diary.disputable"))
    coming = next_date(scene.world.banner(found.banner), found.stage, scene.now)
    return Leave((*said, coming) if coming else tuple(said))


def _state(child: Child, found: Application) -> Reply:
    facts = {"child": child.name, "state": found.state}
    return (
        Reply("chat.diary.state", {**facts, "receipt": found.receipt})
        if found.receipt
        else Reply("chat.diary.draft", facts)
    )


def _line(item: Mapping[str, Any]) -> str:
    day = str(item.get("at") or "")[5:10]
    return f"{day} {item['text']}".strip()


def _diary_steps(_scene: Scene) -> Sequence[Step]:
    return which_child(has_application), Gate("open", _no_application), Errand("diary", _about("show_diary"), _diary)


def _disputable(scene: Scene, answer: Answer) -> Reading:
    if not answer.ok:
        return refused(scene, answer)
    items = [
        {"check_id": str(one["check_id"]), "label": f"{one['what']}（{one['who']}）"}
        for one in answer.data.get("items", ())
        if one.get("disputable") and one.get("check_id")
    ]
    return Fill({"items": items}) if items else Leave((Reply("chat.dispute.nothing"),))


def _ask_item(scene: Scene) -> Reply:
    return Reply("chat.ask.dispute_item", {"options": [one["label"] for one in scene.slot("items")]})


def _read_item(scene: Scene, text: str) -> Reading:
    items = scene.slot("items")
    index = choice(text, [one["label"] for one in items])
    return Fill({"item": items[index]}) if index is not None else wrong_number(len(items))


def _only_item(scene: Scene) -> Any:
    items = scene.slot("items") or []
    return items[0] if len(items) == 1 else None


def _dispute(scene: Scene) -> Wish:
    return Wish("dispute_check", {"check_id": scene.slot("item")["check_id"], "text": scene.slot("dispute_text")})


def _disputed(scene: Scene, answer: Answer) -> Reading:
    return Leave((Reply("chat.dispute.done"),)) if answer.ok else refused(scene, answer)


def _dispute_steps(_scene: Scene) -> Sequence[Step]:
    return (
        which_child(has_application),
        Gate("open", _no_application),
        Errand("items", _about("show_diary"), _disputable),
        Question("item", _ask_item, _read_item, given=_only_item),
        words("dispute_text", line(LONGEST_DISPUTE), facts=lambda here: {"item": here.slot("item")["label"]}),
        Errand("disputed", _dispute, _disputed),
    )


def _result_refused(scene: Scene) -> Reply | None:
    return refuse_result(scene.child())


def _result(scene: Scene, answer: Answer) -> Reading:
    child = scene.child()
    if not answer.ok or child is None:
        return refused(scene, answer)
    data, school = answer.data, answer.data.get("school")
    state = str(data.get("state", ""))
    if not school:
        return Leave((Reply("chat.result.unplaced", {"child": child.name}),))
    facts = {
        "child": child.name,
        "school": str(school["name"]),
        "address": str(school.get("address") or ""),
        "state": "absent" if data.get("is_absent") else state,
    }
    said = [Reply("chat.result.school", facts, card="result")]
    if data.get("interview") == "due":
        said.append(Reply("problem.interview-first"))
    if state == "placed" and data.get("confirm_by"):
        said.append(Reply("chat.result.confirm", {"at": data["confirm_by"]}, ("确认", "放弃", "为什么")))
    return Leave(tuple(said))


def _why(scene: Scene, answer: Answer) -> Reading:
    child = scene.child()
    why = answer.data.get("why") or {}
    if not answer.ok or child is None:
        return refused(scene, answer)
    lines = why.get("text") or []
    if not lines:
        return Leave((Reply("chat.why.nothing", {"child": child.name}),))
    return Leave((Reply("chat.why.lines", {"child": child.name, "lines": [str(one) for one in lines]}),))


def _result_steps(_scene: Scene) -> Sequence[Step]:
    return which_child(has_application), Gate("open", _result_refused), Errand("result", _about("show_result"), _result)


def _why_steps(_scene: Scene) -> Sequence[Step]:
    return which_child(has_application), Gate("open", _result_refused), Errand("result", _about("show_result"), _why)


DIARY = Flow("diary", _diary_steps, lambda _: Leave(), is_aside=True)
DISPUTE = Flow("dispute", _dispute_steps, lambda _: Leave())
RESULT = Flow("result", _result_steps, lambda _: Leave(), is_aside=True)
WHY = Flow("why", _why_steps, lambda _: Leave(), is_aside=True)

"""Papers by photograph, and the submission: a picture becomes a paper of the right child after one question (A23)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from bots.dialogue.asking import which_child, wrong_number
from bots.dialogue.reading.answers import number, yes_or_no
from bots.dialogue.reading.intents import exact_intent
from bots.dialogue.reading.papers import KINDS, read_paper
from bots.dialogue.reading.plain import bare
from bots.dialogue.stages import (
    TAKES_PAPERS,
    application_of,
    next_date,
    refuse_filing,
    refuse_picture,
    takes_pictures,
)
from bots.dialogue.steps import (
    Back,
    Errand,
    Fill,
    Flow,
    Gate,
    Leave,
    Miss,
    Question,
    Reading,
    Scene,
    Step,
    refusal,
    refused,
)
from bots.dialogue.values import Answer, Frame, Reply, Wish
from bots.dialogue.world import Child

_DONE = frozenset(["交", "提交", "完成", "好了", "发完了", "发好了", "都发了", "交了", "传完了", "拍完了", "1"])
_LATER = frozenset(["以后", "以后再说", "明天", "稍后", "待会", "等会", "下次", "晚点", "2"])


def takes_papers(child: Child) -> bool:
    """Whether photographs of this child's papers are taken now."""
    found = application_of(child)
    return found is not None and found.state in TAKES_PAPERS


def _refuse(scene: Scene) -> Reply | None:
    return refuse_filing(scene.child(), scene.world, scene.now)


def _refuse_picture(scene: Scene) -> Reply | None:
    return refuse_picture(scene.child(), scene.world, scene.now)


def _facts(scene: Scene) -> dict[str, Any]:
    child = scene.child()
    found = application_of(child)
    return {"child": child.name if child else "", "missing": list(found.missing) if found else []}


def _ask_more(scene: Scene) -> Reply:
    facts = _facts(scene)
    return Reply("chat.ask.papers" if facts["missing"] else "chat.ask.papers_complete", facts, ("1", "2"), "papers")


def _read_more(scene: Scene, text: str) -> Reading:
    said = bare(text)
    if said in _DONE or yes_or_no(text) is True:
        return Fill({"ready": True})
    if said in _LATER or yes_or_no(text) is False:
        return Leave(_later(scene))
    if read_paper(text) or exact_intent(text) == "papers":
        return Miss(Reply("chat.miss.send_picture"))
    return Miss(Reply("chat.miss.papers"))


def _later(scene: Scene) -> tuple[Reply, ...]:
    found = application_of(scene.child())
    coming = next_date(scene.world.banner(found.banner), found.stage, scene.now) if found else None
    said = Reply("chat.papers_later", {"child": _facts(scene)["child"]})
    return (said, coming) if coming else (said,)


def _submit(scene: Scene) -> Wish:
    found = application_of(scene.child())
    return Wish("submit", {"application": found.id if found else ""})


def _submitted(scene: Scene, answer: Answer) -> Reading:
    if answer.ok:
        facts = {"child": _facts(scene)["child"], "receipt": str(answer.data["receipt"])}
        return Leave((Reply("chat.submitted", facts),))
    if answer.code in {"papers-missing", "pictures-on-their-way"}:
        return Back(("ready",), refusal(answer))
    if answer.code == "form-incomplete":
        return Leave(refusal(answer), Frame("apply", slots={"child": scene.slot("child")}))
    return refused(scene, answer)


def _steps(_scene: Scene) -> Sequence[Step]:
    return (
        which_child(takes_papers),
        Gate("open", _refuse),
        Question("ready", _ask_more, _read_more),
        Errand("submitted", _submit, _submitted),
    )


def _kinds(scene: Scene) -> list[str]:
    found = application_of(scene.child())
    missing = [*(found.retakes if found else ()), *_facts(scene)["missing"]]
    missing = list(dict.fromkeys(missing))
    return [*missing, *(kind for kind in KINDS if kind not in missing)]


def _ask_kind(scene: Scene) -> Reply:
    kinds = _kinds(scene)
    return Reply("chat.ask.kind", {**_facts(scene), "options": kinds}, tuple(map(str, range(1, len(kinds) + 1))))


def _read_kind(scene: Scene, text: str) -> Reading:
    kinds, chosen = _kinds(scene), number(text)
    if chosen is not None and 1 <= chosen <= len(kinds):
        return Fill({"kind": kinds[chosen - 1]})
    said = read_paper(text) if chosen is None else None
    return Fill({"kind": said}) if said else wrong_number(len(kinds))


def _attach(scene: Scene) -> Wish:
    pictures, found = scene.slot("pictures") or [""], application_of(scene.child())
    facts = {"application": found.id if found else "", "child": scene.slot("child"), "kind": scene.slot("kind")}
    return Wish("attach_paper", {**facts, "media_id": pictures[0]})


def _attached(scene: Scene, answer: Answer) -> Reading:
    rest = list(scene.slot("pictures") or [])[1:]
    facts = {"child": _facts(scene)["child"], "kind": scene.slot("kind")}
    said = (Reply("chat.attached", facts),) if answer.ok else refusal(answer)
    more = Frame("picture", slots={"pictures": rest, "child": scene.slot("child")}) if rest else None
    return Leave(said, more)


def _picture_steps(_scene: Scene) -> Sequence[Step]:
    return (
        which_child(takes_pictures),
        Gate("open", _refuse_picture),
        Question("kind", _ask_kind, _read_kind),
        Errand("attached", _attach, _attached),
    )


PAPERS = Flow("papers", _steps, lambda _: Leave())
PICTURE = Flow("picture", _picture_steps, lambda _: Leave(), is_aside=True)

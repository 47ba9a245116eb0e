"""候补、退出、缓学: where a family stands in waiting lists, leaving a frozen list, letting a child enter a year later."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from bots.dialogue.asking import agree, leave_with, line, pick, which_child, words
from bots.dialogue.banners import which_banner
from bots.dialogue.flows.privileges import about_child, application_id, refuse_without_application
from bots.dialogue.flows.progress import has_application
from bots.dialogue.reading.places import STAGES, read_stage
from bots.dialogue.stages import application_of, refuse_helper
from bots.dialogue.steps import Errand, Fill, Flow, Gate, Leave, Reading, Scene, Step, refused
from bots.dialogue.values import Answer, Reply, Wish
from bots.dialogue.world import Child

LONGEST = 500
DEFERRAL_TOLD = {
    "asked": "chat.deferral.asked",
    "approved": "chat.deferral.approved",
    "refused": "chat.deferral.refused",
}
"""What is said of a request in each of its states."""


def _lines_told(scene: Scene, answer: Answer) -> Reading:
    if not answer.ok:
        return refused(scene, answer)
    lines = answer.data.get("lines", ())
    if not lines:
        return Leave((Reply("chat.line.none", about_child(scene)),))
    told = [_line(scene, one) for one in lines]
    return Leave((*told, Reply("chat.line.rule")))


def _line(scene: Scene, one: dict[str, Any]) -> Reply:
    facts = {"school": one["name"], "place": one["place"], "of": one["of"], "free": one["free"], "moved": one["moved"]}
    return Reply("chat.line.place", about_child(scene, **facts), card="line")


def _line_steps(_scene: Scene) -> Sequence[Step]:
    return (
        which_child(has_application),
        Gate("open", refuse_without_application),
        Errand("line", lambda here: Wish("look_at_line", {"application": application_id(here)}), _lines_told),
    )


def _is_frozen(child: Child) -> bool:
    found = application_of(child)
    return found is not None and found.state == "frozen"


def _refuse_leaving(scene: Scene) -> Reply | None:
    reason, child = refuse_without_application(scene), scene.child()
    if reason is not None or child is None:
        return reason
    return None if _is_frozen(child) else Reply("chat.refuse.not_frozen", about_child(scene))


def _left(scene: Scene, answer: Answer) -> Reading:
    return Leave((Reply("chat.left_list", about_child(scene)),)) if answer.ok else refused(scene, answer)


def _leave_steps(_scene: Scene) -> Sequence[Step]:
    def wish(scene: Scene) -> Wish:
        return Wish("leave_list", {"application": application_id(scene), "reason": scene.slot("reason_to_leave") or ""})

    return (
        which_child(_is_frozen),
        Gate("open", _refuse_leaving),
        words("reason_to_leave", line(200), optional=True),
        agree("sure_to_leave", leave_with("chat.left"), facts=about_child),
        Errand("left", wish, _left),
    )


def _deferrals_told(scene: Scene, answer: Answer) -> Reading:
    if not answer.ok:
        return refused(scene, answer)
    items = list(answer.data.get("items", ()))
    said = tuple(_deferral(scene, one) for one in items[:1])
    if items and items[0]["state"] == "asked":
        return Leave(said)
    found = application_of(scene.child())
    known = (
        {"deferral_banner": found.banner, "stage": found.stage} if found else {"banners": answer.data.get("banners")}
    )
    return Fill({"deferrals": True, **known}, said)


def _deferral(scene: Scene, one: dict[str, Any]) -> Reply:
    facts = about_child(scene, stage=one["stage"], year=one["year"], reason=one["reason"] or "")
    if one["state"] == "approved":
        facts |= {"school": one["kindergarten_name"], "next_year": one["returns_in"]}
    return Reply(DEFERRAL_TOLD[one["state"]], facts)


def _deferral_steps(_scene: Scene) -> Sequence[Step]:
    def wish(scene: Scene) -> Wish:
        facts = {"banner": scene.slot("deferral_banner"), "stage": scene.slot("stage")}
        return Wish("ask_deferral", {"child": scene.slot("child"), **facts, "evidence": scene.slot("hospital")})

    def asked(scene: Scene, answer: Answer) -> Reading:
        return Leave((Reply("chat.deferral.sent", about_child(scene)),)) if answer.ok else refused(scene, answer)

    def shown(scene: Scene) -> dict[str, Any]:
        return about_child(scene, stage=scene.slot("stage"), hospital=scene.slot("hospital"))

    return (
        which_child(lambda child: not child.helped),
        Gate("open", lambda here: refuse_helper(here.child())),
        Errand("deferrals", lambda here: Wish("look_at_deferrals", {"child": here.slot("child")}), _deferrals_told),
        which_banner("deferral_banner"),
        pick("stage", STAGES, read_stage),
        words("hospital", line(LONGEST)),
        agree("sure_to_defer", leave_with("chat.left"), facts=shown),
        Errand("deferral_sent", wish, asked),
    )


LINE = Flow("line", _line_steps, lambda _: Leave())
LEAVE_LIST = Flow("leave_list", _leave_steps, lambda _: Leave())
DEFERRAL = Flow("deferral", _deferral_steps, lambda _: Leave())

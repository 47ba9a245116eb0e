"""The form of an application, one question at a time: stage, address, household, home, work, brothers and sisters."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from bots.dialogue.asking import line, pick, place, place_label, review, which_child, words
from bots.dialogue.flows.form import form_of, recorded
from bots.dialogue.flows.guide import HOMES, WORKS, works
from bots.dialogue.flows.kin import sibling, twin
from bots.dialogue.flows.reading_forms import (
    read_home,
    read_household_place,
    read_owner,
    read_past_date,
    read_use,
    read_work,
)
from bots.dialogue.reading.answers import han_number
from bots.dialogue.reading.places import STAGES, read_stage
from bots.dialogue.reading.plain import bare
from bots.dialogue.stages import OVER, application_of, may_apply, refuse_filing, window_refusal
from bots.dialogue.steps import Errand, Fill, Flow, Gate, Leave, Question, Reading, Scene, Step, refused
from bots.dialogue.values import Answer, Frame, Reply, Wish

USES = ("住宅", "公寓", "商业")
OWNERS = ("parents", "grandparents", "self", "other")
MOST_MONTHS = 600
_PARTS = (
    ("unit", ("unit", "address")),
    ("household", ("household", "household_number", "registered_on")),
    ("home", ("home", "use", "owner", "certificate", "work", "months")),
    ("twin", ("twin",)),
    ("sibling", ("sibling",)),
)


def _steps(_scene: Scene) -> Sequence[Step]:
    return tuple(_drafted(step) if isinstance(step, Question) else step for step in _all_steps())


def _all_steps() -> tuple[Step, ...]:
    return (
        which_child(may_apply),
        Gate("open", _refuse),
        pick("stage", STAGES, read_stage),
        place("unit"),
        Gate("window", _refuse_window),
        Errand("application", _open_wish, _opened),
        words("address", line(100)),
        pick("household", ("here", "elsewhere", "unknown"), read_household_place),
        words("household_number", line(20), optional=True),
        words("registered_on", read_past_date, optional=True, applies=lambda scene: scene.slot("household") == "here"),
        pick("home", HOMES, read_home),
        pick("use", USES, read_use, applies=_has_home),
        pick("owner", OWNERS, read_owner, applies=_has_home),
        words("certificate", line(60), optional=True, applies=lambda scene: scene.slot("home") == "owned"),
        pick("work", WORKS, read_work, applies=works),
        words("months", _months, optional=True, applies=lambda scene: scene.slot("work") == "insured"),
        twin(),
        sibling(),
        review("form", _PARTS, _summary),
        Errand("saved", _save_wish, _saved),
    )


def _drafted(question: Question) -> Question:
    """The question, answered by the saved form where the family is not about to change that answer."""

    def given(scene: Scene) -> Any:
        known = question.given(scene)
        if known is not None or question.name in (scene.slot("changing") or ()):
            return known
        return recorded(scene.child(), scene.world).get(question.name)

    return replace(question, given=given)


def _refuse(scene: Scene) -> Reply | None:
    child = scene.child()
    if child is not None and may_apply(child) and (found := application_of(child)) and found.state in OVER:
        return None
    if child is None or application_of(child) is not None:
        return refuse_filing(child, scene.world, scene.now)
    return None


def _refuse_window(scene: Scene) -> Reply | None:
    found = application_of(scene.child())
    if found is not None and found.state == "returned":
        return None
    return window_refusal(scene.world, scene.slot("unit")["banner"], scene.slot("stage"), scene.now)


def _open_wish(scene: Scene) -> Wish:
    facts = {"child": scene.slot("child"), "banner": scene.slot("unit")["banner"], "stage": scene.slot("stage")}
    return Wish("open_application", facts)


def _opened(scene: Scene, answer: Answer) -> Reading:
    return Fill({"application": str(answer.data["id"])}) if answer.ok else refused(scene, answer)


def _has_home(scene: Scene) -> bool:
    return scene.slot("home") in {"owned", "contract"}


def _months(_scene: Scene, text: str) -> Any:
    said = bare(text).removesuffix("左右").removesuffix("多")
    for unit, size in (("个月", 1), ("月", 1), ("年", 12), ("", 1)):
        count = han_number(said.removesuffix(unit)) if said.endswith(unit) else None
        if count is not None and 0 <= count * size <= MOST_MONTHS:
            return count * size
    return Reply("chat.miss.months")


def _summary(scene: Scene) -> dict[str, Any]:
    names = ("stage", "address", "household", "household_number", "registered_on", "home", "use", "owner")
    told = {name: scene.slot(name) for name in (*names, "certificate", "work", "months")}
    twin = scene.world.child(str(scene.slot("twin") or ""))
    return {
        **told,
        "place": place_label(scene.slot("unit")),
        "twin": twin.name if twin else "",
        "sibling": (scene.slot("sibling") or {}).get("name", ""),
    }


def _save_wish(scene: Scene) -> Wish:
    return Wish("save_form", {"application": scene.slot("application"), "form": form_of(scene)})


def _saved(scene: Scene, answer: Answer) -> Reading:
    return Fill({"saved": True}) if answer.ok else refused(scene, answer)


def _end(scene: Scene) -> Leave:
    child = scene.child()
    said = (Reply("chat.form_saved", {"child": child.name}),) if child else ()
    return Leave(said, Frame("papers", slots={"child": scene.slot("child")}))


APPLY = Flow("apply", _steps, _end)

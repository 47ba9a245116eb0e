"""The senior-high exam in the conversation: choosing a unit, changing to another, leaving a standing order (托管志愿)."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from bots.dialogue.asking import agree, leave_with
from bots.dialogue.flows.exam import known, standing
from bots.dialogue.reading.answers import choice, number
from bots.dialogue.reading.people import read_code
from bots.dialogue.reading.plain import bare, plain
from bots.dialogue.steps import (
    Back,
    Errand,
    Fill,
    Flow,
    Keep,
    Leave,
    Miss,
    Question,
    Reading,
    Scene,
    Step,
    refusal,
    refused,
)
from bots.dialogue.values import Answer, Reply, Wish

MOST_SHOWN = 9


def _units(scene: Scene, answer: Answer) -> Reading:
    if not answer.ok:
        return refused(scene, answer)
    items = [
        {"code": str(one["code"]), "name": str(one["name"]), "why_not": one.get("why_not") or ""}
        for one in answer.data["items"]
    ]
    if not any(not one["why_not"] for one in items):
        return Leave((Reply("chat.exam.no_unit"),))
    return Fill({"units": items, "category": str(answer.data["category"]), "held": str(answer.data.get("held") or "")})


def _open_units(scene: Scene) -> list[dict[str, str]]:
    return [one for one in scene.slot("units") or () if not one["why_not"]]


def _shown(scene: Scene) -> list[dict[str, str]]:
    found: list[dict[str, str]] = scene.slot("unit_found") or _open_units(scene)
    return found[:MOST_SHOWN]


def _ask_exam_unit(scene: Scene) -> Reply:
    facts = {"options": [one["name"] for one in _shown(scene)], "count": len(_open_units(scene))}
    return Reply("chat.ask.exam_unit", facts, tuple(map(str, range(1, len(_shown(scene)) + 1))))


def _read_exam_unit(scene: Scene, text: str) -> Reading:
    shown = _shown(scene)
    index = choice(text, [one["name"] for one in shown]) if number(text) or not scene.slot("unit_found") else None
    if index is not None:
        return Fill({"exam_unit": shown[index]})
    said = bare(text)
    found = [one for one in scene.slot("units") or () if len(said) > 1 and said in bare(one["name"]) + one["code"]]
    if len(found) == 1:
        (only,) = found
        return (
            Miss(Reply("chat.exam.not_for_you", {"unit": only["name"], "why": only["why_not"]}))
            if only["why_not"]
            else Fill({"exam_unit": only})
        )
    open_ones = [one for one in found if not one["why_not"]]
    return Keep({"unit_found": open_ones}) if open_ones else Miss(Reply("chat.miss.exam_unit"))


def _what_if(_scene: Scene, answer: Answer) -> Reading:
    if not answer.ok:
        return Fill({"would_be": {}})
    return Fill({"would_be": dict(answer.data)}, (standing(answer.data),))


def _chosen_facts(scene: Scene) -> Mapping[str, Any]:
    return {"unit": scene.slot("exam_unit")["name"]}


def _change(scene: Scene) -> Wish:
    facts = {"category": scene.slot("category"), "unit": scene.slot("exam_unit")["code"]}
    return Wish("choose_unit", {**facts, "code": scene.slot("change_code") or ""})


def _needs_code(scene: Scene) -> bool:
    return bool(scene.slot("code_asked"))


def _read_change_code(_scene: Scene, text: str) -> Reading:
    code = read_code(text)
    return Fill({"change_code": code}) if code else Miss(Reply("chat.miss.code"))


def _code_or(answer: Answer, scene: Scene) -> Reading:
    """A new device needs a code for the change: it is asked for, and again where it was wrong."""
    if answer.code in {"change-code-needed", "exam-code-wrong"}:
        masked = str(answer.data.get("phone_masked") or scene.slot("change_phone") or "")
        asked = {"code_asked": True, "change_phone": masked}
        again = () if answer.code == "change-code-needed" else refusal(answer)
        if scene.slot("code_asked"):
            return Back(("change_code",), again)
        return Keep(asked, again)
    return refused(scene, answer)


def _changed(scene: Scene, answer: Answer) -> Reading:
    if not answer.ok:
        return _code_or(answer, scene)
    said = [Reply("chat.exam.chosen", {**_chosen_facts(scene), "receipt": str(answer.data["receipt"])})]
    after = answer.data.get("standing")
    return Leave((*said, standing(after)) if after else tuple(said))


def _change_code() -> Question:
    def ask(scene: Scene) -> Reply:
        return Reply("chat.ask.change_code", {"phone_masked": scene.slot("change_phone") or ""})

    return Question("change_code", ask, _read_change_code, applies=_needs_code)


def _choose_steps(_scene: Scene) -> Sequence[Step]:
    return (
        *known(),
        Errand("units", lambda _: Wish("list_units", {}), _units),
        Question("exam_unit", _ask_exam_unit, _read_exam_unit, is_open=True),
        Errand("would_be", lambda here: Wish("what_if", {"unit": here.slot("exam_unit")["code"]}), _what_if),
        agree("sure_of_unit", leave_with("chat.exam.kept"), facts=_chosen_facts, yes=("填报",)),
        _change_code(),
        Errand("changed", _change, _changed),
    )


def _read_order(scene: Scene, text: str) -> Reading:
    """Names, codes or the numbers shown, the best first, one a line or with 、 between them; `取消` takes the list back."""
    if bare(text) in {"取消", "取消托管", "不托管了", "收回"}:
        return Fill({"order": []})
    parts = [part for part in re.split(r"[\s、,，;；>→]+", plain(text)) if part]
    found: list[dict[str, str]] = []
    shown = _open_units(scene)[:MOST_SHOWN]
    for part in parts:
        chosen = number(part)
        if chosen is not None and 1 <= chosen <= len(shown):
            found += [one for one in shown[chosen - 1 : chosen] if one not in found]
            continue
        named = [one for one in scene.slot("units") or () if bare(part) in (bare(one["name"]), one["code"])]
        held = named or [one for one in scene.slot("units") or () if len(part) > 1 and bare(part) in bare(one["name"])]
        usable = [one for one in held if not one["why_not"]]
        if len(usable) != 1:
            return Miss(Reply("chat.miss.order_unit", {"word": part[:20]}))
        found += [one for one in usable if one not in found]
    return Fill({"order": found}) if found else Miss(Reply("chat.miss.exam_unit"))


def _ask_standing_order(scene: Scene) -> Reply:
    return Reply("chat.ask.standing_order", {"options": [one["name"] for one in _open_units(scene)[:MOST_SHOWN]]})


def _order_facts(scene: Scene) -> Mapping[str, Any]:
    return {"units": [one["name"] for one in scene.slot("order")]}


def _order_wish(scene: Scene) -> Wish:
    units = [one["code"] for one in scene.slot("order")]
    return Wish("leave_order", {"units": units, "code": scene.slot("change_code") or ""})


def _order_left(scene: Scene, answer: Answer) -> Reading:
    if not answer.ok:
        return _code_or(answer, scene)
    if not scene.slot("order"):
        return Leave((Reply("chat.exam.order_ended"),))
    return Leave((Reply("chat.exam.order_left", _order_facts(scene)),))


def _order_steps(_scene: Scene) -> Sequence[Step]:
    return (
        *known(),
        Errand("units", lambda _: Wish("list_units", {}), _units),
        Question("order", _ask_standing_order, _read_order, is_open=True),
        agree(
            "sure_of_order",
            leave_with("chat.exam.kept"),
            applies=lambda here: bool(here.slot("order")),
            facts=_order_facts,
            yes=("托管",),
        ),
        _change_code(),
        Errand("left", _order_wish, _order_left),
    )


EXAM_CHOOSE = Flow("exam_choose", _choose_steps, lambda _: Leave())
STANDING_ORDER = Flow("standing_order", _order_steps, lambda _: Leave())

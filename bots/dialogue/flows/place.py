"""What a family does about its place: confirm, decline (asked once more), withdraw (asked once more), choose schools."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from bots.dialogue.asking import agree, line, which_child, words
from bots.dialogue.flows.progress import has_application
from bots.dialogue.reading.answers import numbers
from bots.dialogue.stages import CHOOSING, application_of, refuse_choice, refuse_confirmation, refuse_withdrawal
from bots.dialogue.steps import Errand, Fill, Flow, Gate, Leave, Miss, Question, Reading, Scene, Step, refused
from bots.dialogue.values import Answer, Reply, Wish
from bots.dialogue.world import Child


def is_placed(child: Child) -> bool:
    """Whether the child has a place that waits for an answer."""
    found = application_of(child)
    return found is not None and found.state == "placed"


def _may_choose(child: Child) -> bool:
    found = application_of(child)
    return found is not None and found.state in CHOOSING and bool(found.options)


def _facts(scene: Scene) -> dict[str, Any]:
    child = scene.child()
    found = application_of(child)
    return {"child": child.name if child else "", "school": found.school if found else ""}


def _application(scene: Scene) -> dict[str, Any]:
    found = application_of(scene.child())
    return {"application": found.id if found else ""}


def _done(code: str) -> Any:
    def hear(scene: Scene, answer: Answer) -> Reading:
        return Leave((Reply(code, _facts(scene)),)) if answer.ok else refused(scene, answer)

    return hear


def _kept(scene: Scene) -> Reading:
    return Leave((Reply("chat.kept", _facts(scene)),))


def _confirm_refused(scene: Scene) -> Reply | None:
    return refuse_confirmation(scene.child(), scene.now)


def _confirm_steps(_scene: Scene) -> Sequence[Step]:
    return (
        which_child(is_placed),
        Gate("open", _confirm_refused),
        Errand("confirmed", lambda here: Wish("confirm", _application(here)), _done("chat.confirmed")),
    )


def _decline_steps(_scene: Scene) -> Sequence[Step]:
    return (
        which_child(is_placed),
        Gate("open", _confirm_refused),
        agree("sure_to_decline", _kept, facts=_facts, yes=("放弃", "真的放弃", "不去了")),
        Errand("declined", lambda here: Wish("decline", _application(here)), _done("chat.declined")),
    )


def _withdraw_steps(_scene: Scene) -> Sequence[Step]:
    def wish(here: Scene) -> Wish:
        return Wish("withdraw", {**_application(here), "reason": here.slot("reason") or ""})

    return (
        which_child(has_application),
        Gate("open", lambda here: refuse_withdrawal(here.child())),
        words("reason", line(200), optional=True),
        agree("sure_to_withdraw", _kept, facts=_facts, yes=("撤回",)),
        Errand("withdrawn", wish, _done("chat.withdrawn")),
    )


def _options(scene: Scene) -> list[tuple[str, str]]:
    found = application_of(scene.child())
    return list(found.options) if found else []


def _most(scene: Scene) -> int:
    """How many schools the family may rank: by the rule-book, and no more than there are."""
    found, known = application_of(scene.child()), len(_options(scene))
    return min(known, found.options_at_most or known) if found else known


def _ask_order(scene: Scene) -> Reply:
    names = [name for _, name in _options(scene)]
    return Reply("chat.ask.order", {**_facts(scene), "options": names, "most": _most(scene)})


def _read_order(scene: Scene, text: str) -> Reading:
    options, order = _options(scene), numbers(text)
    if order and len(order) > _most(scene):
        return Miss(Reply("chat.miss.order_too_long", {"most": _most(scene)}))
    if not order or len(set(order)) != len(order) or not all(1 <= one <= len(options) for one in order):
        return Miss(Reply("chat.miss.order", {"most": len(options)}))
    return Fill({"order": [{"code": options[one - 1][0], "name": options[one - 1][1]} for one in order]})


def _choose_steps(_scene: Scene) -> Sequence[Step]:
    def shown(here: Scene) -> dict[str, Any]:
        return {**_facts(here), "schools": [one["name"] for one in here.slot("order")]}

    def wish(here: Scene) -> Wish:
        return Wish("choose_schools", {**_application(here), "schools": [one["code"] for one in here.slot("order")]})

    return (
        which_child(_may_choose),
        Gate("open", lambda here: refuse_choice(here.child())),
        Question("order", _ask_order, _read_order),
        agree("sure_to_choose", _kept, facts=shown),
        Errand("chosen", wish, _done("chat.chosen")),
    )


CONFIRM = Flow("confirm", _confirm_steps, lambda _: Leave())
DECLINE = Flow("decline", _decline_steps, lambda _: Leave())
WITHDRAW = Flow("withdraw", _withdraw_steps, lambda _: Leave())
CHOOSE = Flow("choose", _choose_steps, lambda _: Leave())

"""Other people in a family's matter: a helper, the phone number, a tip-off."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from bots.dialogue.asking import agree, line, which_child, words
from bots.dialogue.flows.register import HELPER_PURPOSE
from bots.dialogue.reading.answers import han_number
from bots.dialogue.reading.people import read_code, read_phone
from bots.dialogue.reading.plain import bare
from bots.dialogue.stages import refuse_helper
from bots.dialogue.steps import Back, Errand, Fill, Flow, Gate, Leave, Reading, Scene, Step, refusal, refused
from bots.dialogue.values import Answer, Reply, Wish
from bots.dialogue.world import Child

LONGEST_HELP_DAYS = 90
LONGEST_TIPOFF = 500


def _is_own(child: Child) -> bool:
    return not child.helped


def _phone(_scene: Scene, text: str) -> Any:
    return read_phone(text) or Reply("problem.phone-invalid")


def _days(_scene: Scene, text: str) -> Any:
    said = bare(text)
    for unit, size in (("个月", 30), ("月", 30), ("周", 7), ("星期", 7), ("天", 1), ("日", 1), ("", 1)):
        count = han_number(said.removesuffix(unit)) if said.endswith(unit) else None
        if count is not None and 1 <= count * size <= LONGEST_HELP_DAYS:
            return count * size
    return Reply("chat.miss.days", {"most": LONGEST_HELP_DAYS})


def _help_facts(scene: Scene) -> dict[str, Any]:
    return {"phone": scene.slot("helper_phone"), "days": scene.slot("helper_days")}


def _helper_consent(scene: Scene) -> dict[str, str]:
    found = next((one for one in scene.world.consents if one.purpose == HELPER_PURPOSE), None)
    return {"text": found.text, "sha256": found.sha256} if found else {"text": ""}


def _help_told(scene: Scene) -> dict[str, Any]:
    return {**_help_facts(scene), "text": _helper_consent(scene)["text"]}


def _helper_steps(_scene: Scene) -> Sequence[Step]:
    def wish(here: Scene) -> Wish:
        sha256 = _helper_consent(here).get("sha256", "")
        return Wish("add_helper", {"child": here.slot("child"), **_help_facts(here), "sha256": sha256})

    def hear(here: Scene, answer: Answer) -> Reading:
        return Leave((Reply("chat.helper_added", _help_facts(here)),)) if answer.ok else refused(here, answer)

    return (
        which_child(_is_own),
        Gate("open", lambda here: refuse_helper(here.child())),
        words("helper_phone", _phone),
        words("helper_days", _days),
        agree("sure_of_helper", lambda _: Leave((Reply("chat.left"),)), facts=_help_told),
        Errand("helped", wish, hear),
    )


def _sent(scene: Scene, answer: Answer) -> Reading:
    return Fill({"code_sent": True}) if answer.ok else refused(scene, answer)


def _phone_set(_scene: Scene, answer: Answer) -> Reading:
    if answer.ok:
        return Leave((Reply("chat.phone_set"),))
    said = refusal(answer)
    return Back(("code",), said) if answer.code == "code-wrong" else Leave(said)


def _phone_steps(_scene: Scene) -> Sequence[Step]:
    return (
        words("phone", _phone),
        Errand("code_sent", lambda here: Wish("send_phone_code", {"phone": here.slot("phone")}), _sent),
        words("code", lambda _, text: read_code(text) or Reply("chat.miss.code"), facts=_phone_fact),
        Errand(
            "phone_set", lambda here: Wish("set_phone", {**_phone_fact(here), "code": here.slot("code")}), _phone_set
        ),
    )


def _phone_fact(scene: Scene) -> dict[str, Any]:
    return {"phone": scene.slot("phone")}


def _tipoff_steps(_scene: Scene) -> Sequence[Step]:
    def hear(here: Scene, answer: Answer) -> Reading:
        if not answer.ok:
            return refused(here, answer)
        return Leave((Reply("chat.tipoff_filed", {"receipt": str(answer.data["receipt"])}),))

    return (
        words("tipoff", line(LONGEST_TIPOFF)),
        Errand("filed", lambda here: Wish("file_tipoff", {"text": here.slot("tipoff")}), hear),
    )


HELPER = Flow("helper", _helper_steps, lambda _: Leave())
PHONE = Flow("phone", _phone_steps, lambda _: Leave())
TIPOFF = Flow("tipoff", _tipoff_steps, lambda _: Leave())

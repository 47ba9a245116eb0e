"""Registering a child: the guardian's consent first, with refusal offered beside it; then who the child and guardian are.

A consent row a purpose before any child row (个保法 29, 31; 儿童个人信息网络保护规定); nothing a family says is kept
before. One child has one guardian's care at a time: a second guardian is led to a claim.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from backend.families.rules.id_number import IdNumberFault
from backend.families.rules.nations import NATIONS
from bots.dialogue.asking import agree, pick, review, words, wrong_number
from bots.dialogue.flows.reading_forms import OLDEST_PUPIL_DAYS, read_birth
from bots.dialogue.reading.answers import is_skip, number, yes_or_no
from bots.dialogue.reading.people import RELATIONS, read_id, read_name, read_nation, read_relation, read_sex
from bots.dialogue.reading.plain import bare
from bots.dialogue.steps import Back, Errand, Fill, Flow, Leave, Question, Reading, Scene, Step, refusal, refused
from bots.dialogue.values import Answer, Frame, Reply, Wish
from bots.dialogue.world import Consent

YOUNGEST_GUARDIAN_DAYS = 16 * 365
_PERMIT = re.compile(r"^[HM]\d{8,10}$", re.IGNORECASE)
_DOCUMENT = re.compile(r"^(?=.*[A-Z])[A-Z0-9]{5,17}$", re.IGNORECASE | re.ASCII)
HELPER_PURPOSE = "helper"
"""The consent that is asked for when a helper is named, not before."""
POINTERS = {
    "/name": ("child_name",),
    "/id_number": ("child_id", "child_born_on", "sex"),
    "/born_on": ("child_id", "child_born_on"),
    "/sex": ("child_id", "sex"),
    "/ethnicity": ("ethnicity",),
    "/guardian_name": ("guardian_name",),
    "/guardian_id_number": ("guardian_id",),
}
"""Fields that a refusal may point at, and the answers that they came from."""
_PARTS = (
    ("child_name", ("child_name",)),
    ("child_id", ("child_id", "child_born_on", "sex")),
    ("ethnicity", ("ethnicity",)),
    ("relation", ("relation",)),
    ("guardian_name", ("guardian_name",)),
    ("guardian_id", ("guardian_id",)),
)


def _steps(scene: Scene) -> Sequence[Step]:
    return (
        *(_consent(one) for one in _asked(scene)),
        words("child_name", _name),
        words("child_id", _child_id),
        words("child_born_on", read_birth, applies=_has_no_number),
        pick("sex", ("male", "female"), read_sex, applies=_has_no_number),
        words("ethnicity", _nation),
        pick("relation", RELATIONS, read_relation),
        words("guardian_name", _name, applies=_guardian_is_new),
        words("guardian_id", _guardian_id, applies=_guardian_is_new),
        review("registration", _PARTS, _summary),
        Errand("registered", _wish, _hear),
    )


def _asked(scene: Scene) -> list[Consent]:
    return [one for one in scene.world.consents if one.purpose != HELPER_PURPOSE]


def _consent(consent: Consent) -> Question:
    name = f"consent-{consent.purpose}"
    facts = {"title": consent.title, "text": consent.text}

    def ask(_scene: Scene) -> Reply:
        return Reply("chat.ask.consent" if consent.required else "chat.ask.consent_optional", facts, ("1", "2"))

    def read(_scene: Scene, text: str) -> Reading:
        said = yes_or_no(text)
        if said is None:
            return wrong_number(2)
        if not said and consent.required:
            return Leave((Reply("chat.consent_refused"),))
        return Fill({name: consent.sha256 if said else ""})

    return Question(name, ask, read)


def _has_no_number(scene: Scene) -> bool:
    return (scene.slot("child_id") or {}).get("kind") != "resident"


def _guardian_is_new(scene: Scene) -> bool:
    return not scene.world.guardian_is_named


def _name(_scene: Scene, text: str) -> Any:
    return read_name(text) or Reply("chat.miss.name")


def _child_id(scene: Scene, text: str) -> Any:
    said = bare(text)
    if is_skip(text) or said in {"没有身份证", "没身份证", "还没上户口", "没有证件", "没办"}:
        return {"kind": "other", "number": ""}
    if _PERMIT.match(said):
        return {"kind": "hkm", "number": said.upper()}
    if _DOCUMENT.match(said):
        return {"kind": "other", "number": said.upper()}
    found = read_id(text, scene.now.date())
    if isinstance(found, IdNumberFault):
        return Reply(f"problem.{found.code}")
    if scene.now.date() - found.born_on > timedelta(days=OLDEST_PUPIL_DAYS):
        return Reply("chat.miss.grown_up_number")
    return {"kind": "resident", "number": found.number, "born_on": found.born_on.isoformat(), "sex": found.sex}


def _guardian_id(scene: Scene, text: str) -> Any:
    document = bare(text).upper()
    found = read_id(text, scene.now.date())
    if isinstance(found, IdNumberFault):
        return document if _DOCUMENT.match(document) else Reply(f"problem.{found.code}")
    if found.number == (scene.slot("child_id") or {}).get("number"):
        return Reply("problem.guardian-is-child")
    if scene.now.date() - found.born_on < timedelta(days=YOUNGEST_GUARDIAN_DAYS):
        return Reply("chat.miss.child_number")
    return found.number


def _nation(_scene: Scene, text: str) -> Any:
    chosen = number(text)
    if chosen is not None:
        return NATIONS[chosen - 1] if chosen in {1, 2} else Reply("chat.miss.nation")
    return read_nation(text) or Reply("chat.miss.nation")


def _summary(scene: Scene) -> dict[str, Any]:
    child = scene.slot("child_id")
    return {
        "child": scene.slot("child_name"),
        "number": child["number"] or "—",
        "born_on": child.get("born_on") or scene.slot("child_born_on"),
        "ethnicity": scene.slot("ethnicity"),
        "relation": scene.slot("relation"),
        "guardian": scene.slot("guardian_name") or "—",
        "guardian_number": scene.slot("guardian_id") or "—",
    }


def _wish(scene: Scene) -> Wish:
    child = scene.slot("child_id")
    given = {one.purpose: scene.slot(f"consent-{one.purpose}") for one in _asked(scene)}
    facts = {
        "name": scene.slot("child_name"),
        "id_kind": child["kind"],
        "id_number": child["number"],
        "born_on": child.get("born_on") or scene.slot("child_born_on"),
        "sex": child.get("sex") or scene.slot("sex"),
        "ethnicity": scene.slot("ethnicity"),
        "relation": scene.slot("relation"),
        "guardian_name": scene.slot("guardian_name"),
        "guardian_id_number": scene.slot("guardian_id"),
    }
    consents = [{"purpose": purpose, "sha256": sha256} for purpose, sha256 in given.items() if sha256]
    known = {name: value for name, value in facts.items() if value not in {None, ""}}
    return Wish("register_child", {**known, "consents": consents})


def _hear(scene: Scene, answer: Answer) -> Reading:
    if answer.ok:
        return Fill({"registered": str(answer.data["id"])})
    said = refusal(answer)
    if answer.code == "child-has-guardian":
        facts = {name: scene.slot(name) for name in ("child_name", "child_id", "relation")}
        return Leave(said, Frame("claim", slots=facts))
    if answer.code == "consent-outdated":
        return Back(tuple(f"consent-{one.purpose}" for one in _asked(scene)), said)
    wrong = [slot for pointer in answer.data.get("pointers", ()) for slot in POINTERS.get(pointer, ())]
    if answer.code == "particulars-wrong" and wrong:
        return Back((*wrong, "registration"), said)
    return refused(scene, answer)


def _end(scene: Scene) -> Leave:
    done = Reply("chat.registered", {"child": scene.slot("child_name")})
    return Leave((done,), Frame("apply", slots={"child": scene.slot("registered")}))


def _claim_steps(_scene: Scene) -> Sequence[Step]:
    def wish(here: Scene) -> Wish:
        child = here.slot("child_id") or {}
        facts = {
            "id_number": child.get("number", ""),
            "name": here.slot("child_name"),
            "relation": here.slot("relation"),
        }
        return Wish("claim_child", facts)

    def hear(here: Scene, answer: Answer) -> Reading:
        return Leave((Reply("chat.claimed"),)) if answer.ok else refused(here, answer)

    return agree("claim", lambda _: Leave((Reply("chat.left"),))), Errand("claimed", wish, hear)


REGISTER = Flow("register", _steps, _end)
CLAIM = Flow("claim", _claim_steps, lambda _: Leave())

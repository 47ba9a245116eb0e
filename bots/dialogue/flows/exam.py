"""The senior-high exam in the conversation: who the candidate is, score, live rank, admission, report-in.

A candidate is known once the exam number and a code to the stored phone fit (D13, D14); on a device that is new, each
change needs a code of its own. What is asked and shown follows the wing's HTTP interface.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from bots.dialogue.asking import agree, leave_with
from bots.dialogue.reading.people import read_code
from bots.dialogue.reading.plain import bare
from bots.dialogue.steps import (
    Ask,
    Errand,
    Fill,
    Flow,
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

_BANDS = {"upcoming": "chat.exam.band_upcoming", "open": "chat.exam.band_open", "closed": "chat.exam.band_closed"}
_NUMBER = re.compile(r"[A-Za-z0-9]{4,30}")
Hearing = Callable[[Scene, Mapping[str, Any]], tuple[Reply, ...]]


def _not_known(scene: Scene) -> bool:
    return not scene.world.is_candidate


def _is_proving(scene: Scene) -> bool:
    """Once a number was given, its code is asked for, although the log-in has made the candidate known meanwhile."""
    return bool(scene.slot("exam_number")) or _not_known(scene)


def _read_number(_scene: Scene, text: str) -> Reading:
    found = _NUMBER.fullmatch(bare(text))
    return (
        Ask(Wish("send_exam_code", {"exam_number": found.group()})) if found else Miss(Reply("chat.miss.exam_number"))
    )


def _number_sent(scene: Scene, answer: Answer) -> Reading:
    if not answer.ok:
        return refused(scene, answer)
    return Fill({"exam_number": str(answer.data["exam_number"]), "phone_masked": str(answer.data["phone_masked"])})


def _read_exam_code(scene: Scene, text: str) -> Reading:
    code = read_code(text)
    if code is None:
        return Miss(Reply("chat.miss.code"))
    return Ask(Wish("log_in_exam", {"exam_number": scene.slot("exam_number"), "code": code}))


def _logged_in(scene: Scene, answer: Answer) -> Reading:
    if answer.ok:
        return Fill({"exam_code": True}, (Reply("chat.exam.known", {"name": str(answer.data["name"])}),))
    return Miss(refusal(answer)[0]) if answer.code == "exam-code-wrong" else refused(scene, answer)


def known() -> tuple[Step, ...]:
    """Who the candidate is, asked only where this chat does not know it yet."""
    return (
        Question(
            "exam_number", _ask("chat.ask.exam_number"), _read_number, _number_sent, applies=_not_known, is_open=True
        ),
        Question(
            "exam_code", _ask("chat.ask.exam_code", "phone_masked"), _read_exam_code, _logged_in, applies=_is_proving
        ),
    )


def _ask(name: str, *facts: str) -> Callable[[Scene], Reply]:
    return lambda scene: Reply(name, {fact: scene.slot(fact) or "" for fact in facts})


def _look(wish: str, tell: Hearing) -> Errand:
    def hear(scene: Scene, answer: Answer) -> Reading:
        return Leave(tell(scene, answer.data)) if answer.ok else refused(scene, answer)

    return Errand("looked", lambda _: Wish(wish, {}), hear)


def _score(_scene: Scene, told: Mapping[str, Any]) -> tuple[Reply, ...]:
    if not told.get("total"):
        return (Reply("chat.exam.no_score", {"name": told["name"]}),)
    subjects = [f"{one['name']} {one['score']}" for one in told["subjects"]]
    facts = {name: told[name] for name in ("name", "total", "city_rank", "level_with")}
    said = [Reply("chat.exam.score", {**facts, "subjects": subjects})]
    band = told.get("band")
    if band and band.get("state") in _BANDS:
        said.append(Reply(_BANDS[band["state"]], {"from": band["opens_at"], "at": band["closes_at"]}))
    return (*said, Reply("chat.exam.next"))


def _rank(_scene: Scene, told: Mapping[str, Any]) -> tuple[Reply, ...]:
    if not told.get("unit_name"):
        return (Reply("chat.exam.nothing_chosen"),)
    return (standing(told), Reply("chat.exam.rank_moves"))


def standing(told: Mapping[str, Any]) -> Reply:
    """Where somebody stands in a unit, in one sentence."""
    facts = {name: told[name] for name in ("unit_name", "rank", "level_with", "plan", "chosen_count")}
    return Reply("chat.exam.inside" if told["inside"] else "chat.exam.outside", facts)


def _admission(_scene: Scene, told: Mapping[str, Any]) -> tuple[Reply, ...]:
    if not told.get("school"):
        return (Reply("chat.exam.not_admitted"),)
    facts = {"school": told["school"], "until": told["report_by"]}
    if told["state"] in {"reported", "present", "reported-in"}:
        return (Reply("chat.exam.reported", {"school": told["school"]}),)
    return (Reply("chat.exam.admitted", facts),)


def _report_steps(_scene: Scene) -> Sequence[Step]:
    def hear(scene: Scene, answer: Answer) -> Reading:
        if not answer.ok:
            return refused(scene, answer)
        return Leave((Reply("chat.exam.reported", {"school": str(answer.data["school"])}),))

    return (
        *known(),
        agree("sure_to_report", leave_with("chat.exam.kept"), yes=("报到",)),
        Errand("reported", lambda _: Wish("report_in", {}), hear),
    )


def _looking(name: str, wish: str, tell: Hearing) -> Flow:
    return Flow(name, lambda _: (*known(), _look(wish, tell)), lambda _: Leave(), is_aside=True)


SCORE = _looking("score", "look_at_exam", _score)
RANK = _looking("rank", "look_at_standing", _rank)
ADMISSION = _looking("admission", "look_at_admission", _admission)
REPORT_IN = Flow("report_in", _report_steps, lambda _: Leave())

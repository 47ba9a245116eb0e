"""Twins and elder brothers or sisters: asked only where they can matter."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from bots.dialogue.asking import NONE_OF_THESE, wrong_number
from bots.dialogue.reading.answers import NO, choice, is_skip, number, yes_or_no
from bots.dialogue.reading.plain import bare, plain
from bots.dialogue.steps import Ask, Fill, Keep, Miss, Question, Reading, Scene
from bots.dialogue.values import Answer, Reply, Wish
from bots.dialogue.world import Child

MOST_SCHOOLS = 9


def _same_birth(scene: Scene) -> list[Child]:
    child = scene.child()
    if child is None:
        return []
    day = date.fromisoformat(child.born_on)
    near = timedelta(days=1)
    others = [one for one in scene.world.children if one.id != child.id]
    return [one for one in others if abs(date.fromisoformat(one.born_on) - day) <= near]


def twin() -> Question:
    """Whether to bind the child to a twin among the same guardian's children; the slot is the twin's id or empty."""

    def ask(scene: Scene) -> Reply:
        child, other = scene.child(), _same_birth(scene)[0]
        return Reply("chat.ask.twin", {"child": child.name if child else "", "other": other.name}, ("1", "2"))

    def read(scene: Scene, text: str) -> Reading:
        said = yes_or_no(text)
        if said is None:
            return wrong_number(2)
        return Fill({"twin": _same_birth(scene)[0].id if said else ""})

    return Question("twin", ask, read, applies=lambda scene: bool(_same_birth(scene)))


def sibling() -> Question:
    """At which school of the stage an elder brother or sister is; the slot is `{"code", "name"}` or empty."""

    def ask(scene: Scene) -> Reply:
        found = scene.slot("sibling_found")
        if found:
            return Reply("chat.ask.which_place", {"options": [one["name"] for one in found]})
        return Reply("chat.ask.sibling", {"stage": scene.slot("stage")})

    return Question("sibling", ask, _read_sibling, _hear_schools, is_open=True)


def _read_sibling(scene: Scene, text: str) -> Reading:
    found = scene.slot("sibling_found") or []
    if found and plain(text) in NONE_OF_THESE:
        return Keep({"sibling_found": []})
    if found:
        index = choice(text, [one["name"] for one in found])
        if index is not None:
            return Fill({"sibling": found[index]})
    if is_skip(text) or bare(text).casefold() in NO:
        return Fill({"sibling": {}})
    if number(text) is not None or len(bare(text)) < len("一小"):
        return Miss(Reply("chat.miss.school"))
    wish = {"banner": scene.slot("unit")["banner"], "stage": scene.slot("stage"), "q": plain(text)[:30]}
    return Ask(Wish("find_schools", wish))


def _hear_schools(_scene: Scene, answer: Answer) -> Reading:
    items: list[dict[str, Any]] = list(answer.data.get("items", ())) if answer.ok else []
    found = [{"code": str(item["code"]), "name": str(item["name"])} for item in items[:MOST_SCHOOLS]]
    if not found:
        return Miss(Reply("chat.miss.school"))
    if len(found) == 1:
        return Fill({"sibling": found[0]}, (Reply("chat.sibling_taken", {"school": found[0]["name"]}),))
    return Keep({"sibling_found": found})

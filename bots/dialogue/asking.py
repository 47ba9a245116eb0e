"""The kinds of questions that matters are built from: a pick, a yes or no, free words, a place, a child."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from bots.dialogue.reading.answers import choice, is_skip, number, yes_or_no
from bots.dialogue.reading.places import search_words
from bots.dialogue.reading.plain import bare, plain
from bots.dialogue.steps import Ask, Back, Fill, Keep, Leave, Miss, Question, Reading, Scene, always
from bots.dialogue.values import Answer, Reply, Wish
from bots.dialogue.world import Child

MOST_PLACES = 9
NONE_OF_THESE = frozenset(["0", "都不是", "没有我的", "没有", "不在里面", "都不对", "重新写", "重写"])

_ELDEST = frozenset(["老大", "大的", "大娃", "大孩子", "哥哥", "姐姐", "大宝"])
_YOUNGEST = frozenset(["小的", "小娃", "小孩子", "弟弟", "妹妹", "最小的", "小宝"])

Facts = Callable[[Scene], Mapping[str, Any]]


def no_facts(_scene: Scene) -> Mapping[str, Any]:
    """For a sentence that tells no fact."""
    return {}


def pick(
    name: str,
    values: Sequence[str],
    words: Callable[[str], str | None],
    *,
    applies: Callable[[Scene], bool] = always,
    facts: Facts = no_facts,
) -> Question:
    """A question with a fixed list of answers, chosen by number or by what `words` understands."""

    def read(_scene: Scene, text: str) -> Reading:
        chosen = number(text)
        if chosen is not None and 1 <= chosen <= len(values):
            return Fill({name: values[chosen - 1]})
        spoken = words(text) if chosen is None else None
        return Fill({name: spoken}) if spoken in values else wrong_number(len(values))

    def shown(scene: Scene) -> Mapping[str, Any]:
        return {**facts(scene), "options": list(values)}

    return Question(name, _asks(name, shown, tuple(map(str, range(1, len(values) + 1)))), read, applies=applies)


def _asks(name: str, facts: Facts, choices: tuple[str, ...] = ()) -> Callable[[Scene], Reply]:
    return lambda scene: Reply(f"chat.ask.{name}", {**_child_fact(scene), **facts(scene)}, choices)


def _child_fact(scene: Scene) -> dict[str, str]:
    child = scene.child()
    return {"child": child.name if child else str(scene.slot("child_name") or "")}


def agree(
    name: str,
    otherwise: Callable[[Scene], Reading],
    *,
    applies: Callable[[Scene], bool] = always,
    facts: Facts = no_facts,
    yes: Sequence[str] = (),
) -> Question:
    """A yes-or-no question; a no leads to `otherwise`. `yes` are words that mean yes to this question alone."""

    def read(scene: Scene, text: str) -> Reading:
        said = True if bare(text) in yes else yes_or_no(text)
        if said is None:
            return wrong_number(2)
        return Fill({name: True}) if said else otherwise(scene)

    return Question(name, _asks(name, facts, ("1", "2")), read, applies=applies)


def words(
    name: str,
    understand: Callable[[Scene, str], Any],
    *,
    optional: bool = False,
    applies: Callable[[Scene], bool] = always,
    facts: Facts = no_facts,
) -> Question:
    """A question in free words; `understand` gives a JSON value, or a `Reply` that says what is wrong."""

    def read(scene: Scene, text: str) -> Reading:
        if optional and is_skip(text):
            return Fill({name: None})
        found = understand(scene, text)
        return Miss(found) if isinstance(found, Reply) else Fill({name: found})

    return Question(name, _asks(name, facts), read, applies=applies, is_open=True)


def review(name: str, parts: Sequence[tuple[str, tuple[str, ...]]], facts: Facts) -> Question:
    """All that was said, once more: a yes settles it, a no asks which of `parts` (its word, its slots) is to be said anew."""
    fixing = f"{name}_fixing"

    def shown(scene: Scene) -> list[tuple[str, tuple[str, ...]]]:
        return [part for part in parts if any(slot in scene.frame.slots for slot in part[1])]

    def ask(scene: Scene) -> Reply:
        if scene.slot(fixing):
            return Reply("chat.ask.which_part", {"options": [word for word, _ in shown(scene)]})
        return Reply(f"chat.ask.{name}", {**_child_fact(scene), **facts(scene)}, ("1", "2"))

    def read(scene: Scene, text: str) -> Reading:
        if scene.slot(fixing):
            chosen = number(text)
            if chosen is None or not 1 <= chosen <= len(shown(scene)):
                return wrong_number(len(shown(scene)))
            slots = shown(scene)[chosen - 1][1]
            return Back((*slots, *(f"{slot}_found" for slot in slots), fixing), changing=slots)
        said = yes_or_no(text)
        if said is None:
            return wrong_number(2)
        return Fill({name: True}) if said else Keep({fixing: True})

    return Question(name, ask, read)


def line(longest: int) -> Callable[[Scene, str], Any]:
    """Free words of 2 to `longest` characters."""

    def understand(_scene: Scene, text: str) -> Any:
        said = plain(text)
        return said if 1 < len(said) <= longest else Reply("chat.miss.length", {"longest": longest})

    return understand


def place(name: str, *, applies: Callable[[Scene], bool] = always, within: str = "") -> Question:
    """An address unit by search: words first, then one of the numbered finds; `within` names the slot of a unit whose
    banner is searched. The slot holds `{"code", "name", "town", "banner", "banner_name"}`.
    """
    found_slot = f"{name}_found"

    def ask(scene: Scene) -> Reply:
        found = scene.slot(found_slot)
        if not found:
            return Reply(f"chat.ask.{name}", _child_fact(scene))
        labels = [place_label(unit) for unit in found]
        return Reply("chat.ask.which_place", {"options": labels}, tuple(map(str, range(len(labels) + 1))))

    def read(scene: Scene, text: str) -> Reading:
        found = scene.slot(found_slot) or []
        chosen = number(text)
        if found and plain(text) in NONE_OF_THESE:
            return Keep({found_slot: []})
        if found and (chosen is not None or choice(text, [unit["name"] for unit in found]) is not None):
            index = choice(text, [unit["name"] for unit in found])
            return Fill({name: found[index]}) if index is not None else wrong_number(len(found))
        tries = search_words(text)
        if not tries or chosen is not None:
            return Miss(Reply("chat.miss.place"))
        banner = (scene.slot(within) or {}).get("banner", "") if within else ""
        return Ask(Wish("search_units", {"words": tries, "banner": banner}))

    def hear(_scene: Scene, answer: Answer) -> Reading:
        found = places_found(name, answer)
        if not found:
            return Miss(Reply("chat.miss.place_unknown"))
        if name in found:
            return Fill(found, (Reply("chat.place_taken", {"place": place_label(found[name])}),))
        many = len(answer.data["items"]) > MOST_PLACES
        return Keep(found, (Reply("chat.more_places"),) if many else ())

    return Question(name, ask, read, hear, applies=applies, is_open=True)


def wrong_number(most: int) -> Miss:
    """None of the choices 1 to `most` was understood: told in the words that fit so many."""
    told = {1: "chat.miss.one", 2: "chat.miss.two"}  # of two choices one says "1 or 2", not "1 to 2"
    return Miss(Reply(told.get(most, "chat.miss.number"), {"most": most}))


def places_found(name: str, answer: Answer) -> dict[str, Any]:
    """What a search for the place `name` makes known: the place itself where there is one, else the ones to pick from."""
    units = [_unit(item) for item in answer.data.get("items", ())] if answer.ok else []
    if not units:
        return {}
    return {name: units[0]} if len(units) == 1 else {f"{name}_found": units[:MOST_PLACES]}


def _unit(item: Mapping[str, Any]) -> dict[str, str]:
    return {key: str(item.get(key, "")) for key in ("code", "name", "town", "banner", "banner_name")}


def place_label(unit: Mapping[str, str]) -> str:
    """How a unit is called among others: banner, town, name."""
    return f"{unit['banner_name']}{unit['town']}{unit['name']}"


def which_child(able: Callable[[Child], bool]) -> Question:
    """Which child the matter is about. Not asked where only one is in question; where several are, always asked
    unless the message itself named one: two children are never mixed up.
    """

    def children(scene: Scene) -> list[Child]:
        return [child for child in scene.world.children if able(child)] or list(scene.world.children)

    def ask(scene: Scene) -> Reply:
        labels = [child_label(child) for child in children(scene)]
        return Reply("chat.ask.child", {"options": labels}, tuple(map(str, range(1, len(labels) + 1))))

    def read(scene: Scene, text: str) -> Reading:
        several = children(scene)
        index = choice(text, [child_label(child) for child in several])
        if index is None:
            index = choice(text, [child.name for child in several])
        if index is None:
            index = _by_age(text, several)
        return Fill({"child": several[index].id}) if index is not None else wrong_number(len(several))

    def given(scene: Scene) -> Any:
        several = children(scene)
        if not several:
            return ""
        return several[0].id if len(several) == 1 else None

    return Question("child", ask, read, given=given)


def _by_age(text: str, children: Sequence[Child]) -> int | None:
    """The elder or the younger one, where that says which; twins have no such name here."""
    said = bare(text)
    days = [child.born_on for child in children]
    wanted = min(days) if said in _ELDEST else max(days) if said in _YOUNGEST else ""
    return days.index(wanted) if days.count(wanted) == 1 else None


def child_label(child: Child) -> str:
    """How a child is called where it might be taken for another."""
    year, month, day = child.born_on.split("-")
    return f"{child.name}（{year}年{int(month)}月{int(day)}日生）"


def leave_with(code: str) -> Callable[[Scene], Leave]:
    """The matter ends with the sentence `code`."""
    return lambda scene: Leave((Reply(code, _child_fact(scene)),))

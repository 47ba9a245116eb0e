"""A change of a why-card in a parent's words: what would have had to be otherwise, and where it would have led."""

from collections.abc import Mapping
from dataclasses import dataclass

from backend.placement.rules.choice_numbers import turn_of
from backend.placement.rules.inputs import KeyValue
from backend.placement.rules.why_changes import Change
from backend.placement.rules.why_keys import as_date

NOTHING_LEADS = "按公布的规则，单单改变其中一项（排序依据、学位类型或志愿）都换不来学位：能去的学校都已经满了。"
TURN_TEXTS = {
    "sibling": "先于其他孩子安排（长幼随学或法定优待）",
    "choice": "本片区的孩子",
    "overflow": "从别处统筹来的孩子",
    "last": "末位类型",
}
"""What a priority number without anybody's keys behind it says: the turn it belongs to."""


@dataclass(frozen=True)
class Words:
    """The names to speak with: of order keys, schools and classes by their codes; `numbers` says in words where a
    priority number stands.
    """

    keys: Mapping[str, str]
    schools: Mapping[str, str]
    classes: Mapping[str, str]
    numbers: Mapping[int, str]


def change_in_words(change: Change, school: str | None, words: Words) -> str:
    """One Chinese sentence; `school` is the code of the school that the child has now."""
    now = _school(school, words)
    if change.kind == "worst":
        if change.then is None:
            return f"如果学位类型和排序依据都排在最后，就不会被{now}录取了。"
        return f"{now}的学位够用：即使学位类型和排序依据排在最后，也会被录取。"
    leads = f"就会被{_school(change.then, words)}录取。" if change.then else f"就不会被{now}录取了。"
    return f"如果{_condition(change, words)}，{leads}"


def _condition(change: Change, words: Words) -> str:
    if change.kind == "key":
        return _key(change, words)
    if change.kind == "class":
        return f"学位类型是“{words.classes.get(str(change.after), str(change.after))}”"
    if change.kind == "priority":
        number = int(change.after or 0)
        return f"在{_school(change.at, words)}的排序是“{words.numbers.get(number) or TURN_TEXTS[turn_of(number)]}”"
    if change.kind == "choice":
        room = f"（派位后还空着 {change.free} 个学位）" if change.free else ""
        return f"多填一个志愿：{_school(change.at, words)}{room}"
    if change.kind == "seats":
        return f"{_school(change.at, words)}再多 {change.by} 个学位"
    side = "大一些，排到后面的孩子之后" if change.then is None else "小一些，排到最后录取的孩子之前"
    return f"公开抽签得到的随机号{side}（其他条件相同，由随机号决定）"


def _key(change: Change, words: Words) -> str:
    name = words.keys.get(str(change.key), str(change.key))
    before, after = change.before, change.after
    if change.unit == "days":
        is_earlier = str(after) < str(before)
        bound = "或更早" if is_earlier else "或更晚"
        return f"{name}{'早' if is_earlier else '晚'} {change.by} 天（{shown_value(after)}{bound}）"
    if change.unit == "units":
        side = "多" if int(after or 0) > int(before or 0) else "少"
        return f"{name}{side} {change.by}（{shown_value(after)}）"
    now = "现在没有" if before is None else f"现在是“{shown_value(before)}”"
    return f"{name}是“{shown_value(after)}”（{now}）"


def number_in_words(number: int, seat_class: str, keys: Mapping[str, KeyValue], words: Words) -> str:
    """Where a priority number stands: class and keys of whoever stands there, and the turn where it is not the own zone's."""
    turn = turn_of(number)
    stand = [words.classes.get(seat_class, seat_class)]
    stand += [f"{words.keys.get(key, key)} {shown_value(value)}" for key, value in keys.items()]
    return "，".join([*([] if turn == "choice" else [TURN_TEXTS[turn]]), *stand])


def shown_value(value: KeyValue | None) -> str:
    """A key's value as people write it: days as 2019年5月2日."""
    day = as_date(value)
    return str(value) if day is None else f"{day.year}年{day.month}月{day.day}日"


def _school(code: str | None, words: Words) -> str:
    return words.schools.get(code or "", code or "")

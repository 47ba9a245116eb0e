"""Conditions as data: a small language over the vocabulary, read three ways: checked, decided, told in Chinese.

A condition is one of `{all = [conditions]}`, `{any = [conditions]}`, `{not = condition}`, or a question to one fact:
`{fact = "home.kind", is = "owned"}`, `{fact = …, in = […]}`, `{fact = …, at_least = 6}`, `{fact = …, at_most = …}`.
There is nothing else: no arithmetic, no code, no names outside the vocabulary.
"""

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import Any

from backend.policy.rules.facts import KIND_NAMES, Fact, Value
from backend.policy.rules.guard_rails import forbidden_word

Facts = Mapping[str, Value | None]
Condition = Mapping[str, Any]
Vocabulary = Mapping[str, Fact]

DEEPEST = 8
QUESTIONS = ("is", "in", "at_least", "at_most")


def known_value(facts: Facts, name: str, vocabulary: Vocabulary) -> Value | None:
    """What is known of a fact: the established value, what holds unless recorded, or None (not yet known)."""
    value = facts.get(name)
    return vocabulary[name].unless_recorded if value is None else value


def holds(condition: Condition, facts: Facts, vocabulary: Vocabulary) -> bool | None:
    """Whether a condition holds: True, False, or None where a fact that decides it is not yet known.

    "Unknown" is never "no": a department that did not answer costs a family nothing (domain 2.11). A condition must
    have passed `condition_faults`.
    """
    if "all" in condition:
        parts = [holds(part, facts, vocabulary) for part in condition["all"]]
        return False if False in parts else None if None in parts else True
    if "any" in condition:
        parts = [holds(part, facts, vocabulary) for part in condition["any"]]
        return True if True in parts else None if None in parts else False
    if "not" in condition:
        inner = holds(condition["not"], facts, vocabulary)
        return None if inner is None else not inner
    value = known_value(facts, condition["fact"], vocabulary)
    return None if value is None else _answer(condition, value)


def _answer(condition: Condition, value: Value) -> bool:
    if "is" in condition:
        return bool(value == condition["is"])
    if "in" in condition:
        return value in condition["in"]
    if "at_least" in condition:
        return bool(value >= condition["at_least"])
    return bool(value <= condition["at_most"])


def facts_asked(condition: Condition) -> frozenset[str]:
    """The names of all facts that a condition asks."""
    if "fact" in condition:
        return frozenset({condition["fact"]})
    if "not" in condition:
        return facts_asked(condition["not"])
    return frozenset().union(*map(facts_asked, condition.get("all", condition.get("any", ()))))


def said(value: Value | None, fact: Fact) -> str:
    """A value in words for people."""
    if value is None:
        return "尚未核实"
    if isinstance(value, bool):
        return "是" if value else "否"
    return fact.values.get(str(value), str(value)) or "无"


def in_words(condition: Condition, vocabulary: Vocabulary) -> str:
    """A condition as one Chinese phrase, for the disclosure page and the glossary of a book."""
    if "all" in condition:
        return "，并且".join(_bracketed(part, vocabulary) for part in condition["all"])
    if "any" in condition:
        return "，或者".join(_bracketed(part, vocabulary) for part in condition["any"])
    if "not" in condition:
        return f"不是（{in_words(condition['not'], vocabulary)}）"
    return _question_in_words(condition, vocabulary[condition["fact"]])


def _question_in_words(condition: Condition, fact: Fact) -> str:
    if isinstance(condition.get("is"), bool):
        return fact.name if condition["is"] else f"不符合“{fact.name}”"
    if "is" in condition:
        return f"{fact.name}为{said(condition['is'], fact)}"
    if "in" in condition:
        return f"{fact.name}为{'、'.join(said(value, fact) for value in condition['in'])}之一"
    if "at_least" in condition:
        return f"{fact.name}不少于（不早于）{condition['at_least']}"
    return f"{fact.name}不超过（不晚于）{condition['at_most']}"


def _bracketed(condition: Condition, vocabulary: Vocabulary) -> str:
    phrase = in_words(condition, vocabulary)
    return f"（{phrase}）" if "all" in condition or "any" in condition else phrase


def questions_traced(condition: Condition, facts: Facts, vocabulary: Vocabulary) -> Iterator[tuple[str, str]]:
    """Every question of a condition with the answer that was found: (name of the fact, value in words)."""
    for name in sorted(facts_asked(condition)):
        fact = vocabulary[name]
        yield fact.name, said(known_value(facts, name, vocabulary), fact)


def condition_faults(condition: Any, vocabulary: Vocabulary, pointer: str, depth: int = 0) -> Iterator[tuple[str, str]]:
    """Everything wrong with a condition, as (JSON pointer, Chinese sentence)."""
    if not isinstance(condition, Mapping):
        yield pointer, "条件应写成 {fact = …}、{all = […]}、{any = […]} 或 {not = …}。"
    elif depth > DEEPEST:
        yield pointer, f"条件嵌套超过{DEEPEST}层，请拆开写。"
    elif "fact" in condition:
        yield from _question_faults(condition, vocabulary, pointer)
    else:
        yield from _joint_faults(condition, vocabulary, pointer, depth)


def _joint_faults(condition: Condition, vocabulary: Vocabulary, pointer: str, depth: int) -> Iterator[tuple[str, str]]:
    if len(condition) != 1 or not condition.keys() & {"all", "any", "not"}:
        yield pointer, "条件只能有 all、any、not、fact 中的一个。"
        return
    (joint, parts), *_ = condition.items()
    if joint == "not":
        yield from condition_faults(parts, vocabulary, f"{pointer}/not", depth + 1)
    elif not isinstance(parts, list) or not parts:
        yield f"{pointer}/{joint}", f"{joint} 后面应是至少一个条件的列表。"
    else:
        for place, part in enumerate(parts):
            yield from condition_faults(part, vocabulary, f"{pointer}/{joint}/{place}", depth + 1)


def _question_faults(condition: Condition, vocabulary: Vocabulary, pointer: str) -> Iterator[tuple[str, str]]:
    name = condition["fact"]
    asked = [question for question in QUESTIONS if question in condition]
    banned = forbidden_word(str(name))
    if banned is not None:
        yield f"{pointer}/fact", f"“{name}”不得作为入学依据：{banned}"
    elif not isinstance(name, str) or name not in vocabulary:
        yield f"{pointer}/fact", f"没有“{name}”这个事实项；可用的有：{'、'.join(vocabulary)}。"
    elif len(asked) != 1 or condition.keys() != {"fact", *asked}:
        yield pointer, f"每个事实项只能问一件事，请从 {'、'.join(QUESTIONS)} 中选一个。"
    else:
        yield from _value_faults(vocabulary[name], asked[0], condition[asked[0]], f"{pointer}/{asked[0]}")


def _value_faults(fact: Fact, question: str, value: Any, pointer: str) -> Iterator[tuple[str, str]]:
    if question == "in" and (not isinstance(value, list) or not value):
        yield pointer, "in 后面应是至少一个值的列表。"
        return
    if question in {"at_least", "at_most"} and fact.kind not in {"number", "date"}:
        yield pointer, f"“{fact.name}”不是数或日期，不能比较大小。"
        return
    for one in value if question == "in" else [value]:
        if not _is_of_kind(one, fact):
            yield pointer, f"“{fact.name}”的值应是{KIND_NAMES[fact.kind]}，不是“{one}”。"
        elif fact.values and one not in fact.values:
            yield pointer, f"“{fact.name}”没有“{one}”这个值；可用的有：{'、'.join(fact.values)}。"


def _is_of_kind(value: Any, fact: Fact) -> bool:
    if fact.kind == "truth":
        return isinstance(value, bool)
    if fact.kind == "number":
        return isinstance(value, int) and not isinstance(value, bool)
    if not isinstance(value, str):
        return False
    return fact.kind == "text" or _is_date(value)


def _is_date(text: str) -> bool:
    try:
        return dt.date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False

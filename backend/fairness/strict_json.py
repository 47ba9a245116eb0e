"""Strict JSON: integers only, no key twice, no NUL, and every fault told with its pointer (contracts 0)."""

import json
import re
from collections.abc import Iterable, Iterator
from typing import Any

MAY_HOLD_BAD_TEXT = re.compile(r"\\u0000|\\u[dD][89a-fA-F]")
CONTROL = {code: f"\\u{code:04x}" for code in [*range(0x20), 0x7F, 0x85, 0x2028, 0x2029]}


class NotAnInteger(str):
    """A JSON number that is no integer, as it was written; it stands where the number stood."""

    __slots__ = ()


def parse_strict(text: str) -> tuple[Any, list[tuple[str, str]]]:
    """The parsed JSON, and what it may not hold: (RFC 6901 pointer, sentence) in the order of the text.

    Faults are keys that stand twice (the last value stays), numbers that are no integers (`NotAnInteger` stands
    there), NUL and unpaired surrogates in texts. Raises json.JSONDecodeError or ValueError where it is no JSON.
    """
    doubled: list[tuple[dict[str, Any], list[str]]] = []
    fractions: list[NotAnInteger] = []

    def one_object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        seen = dict(pairs)
        if len(seen) < len(pairs):
            keys = [key for key, _ in pairs]
            doubled.append((seen, [key for key in seen if keys.count(key) > 1]))
        return seen

    def fraction(literal: str) -> NotAnInteger:
        fractions.append(NotAnInteger(literal))
        return fractions[-1]

    try:
        value = json.loads(text, object_pairs_hook=one_object, parse_float=fraction, parse_constant=fraction)
    except RecursionError as error:
        raise ValueError("it is nested too deeply") from error
    if not (doubled or fractions or MAY_HOLD_BAD_TEXT.search(text)):
        return value, []
    return value, list(_faults(value, {id(seen): keys for seen, keys in doubled}))


def pointer_to(pointer: str, key: str | int) -> str:
    """The RFC 6901 pointer one step further down; control characters are escaped so that it stays on one line."""
    return f"{pointer}/{str(key).replace('~', '~0').replace('/', '~1').translate(CONTROL)}"


def text_fault(text: str) -> str | None:
    """What is wrong with a text of the input, or None: NUL, or half of a surrogate pair (no UTF-8 exists for it)."""
    if "\0" in text:
        return "has a NUL character"
    if not text.isascii() and any("\ud800" <= character <= "\udfff" for character in text):
        return "has half of a surrogate pair, which is no character"
    return None


def _faults(value: Any, doubled: dict[int, list[str]]) -> Iterator[tuple[str, str]]:
    waiting: list[tuple[str, Any]] = [("", value)]
    while waiting:
        pointer, one = waiting.pop()
        if isinstance(one, NotAnInteger):
            yield pointer, f"the number {one} is no integer; JSON numbers are integers only"
        elif isinstance(one, str):
            if fault := text_fault(one):
                yield pointer, fault
        elif isinstance(one, dict):
            yield from _key_faults(pointer, one, doubled.get(id(one), ()))
            waiting.extend((pointer_to(pointer, key), item) for key, item in reversed(one.items()))
        elif isinstance(one, list):
            waiting.extend((f"{pointer}/{place}", one[place]) for place in range(len(one) - 1, -1, -1))


def _key_faults(pointer: str, one: dict[str, Any], doubled: Iterable[str]) -> Iterator[tuple[str, str]]:
    for key in doubled:
        yield pointer_to(pointer, key), "the key stands twice in one object"
    for key in one:
        if fault := text_fault(key):
            yield pointer_to(pointer, key), f"the key {fault}"

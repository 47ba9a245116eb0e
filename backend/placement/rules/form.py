"""Reads a JSON value field by field and notes every fault with its pointer, instead of stopping at the first."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from backend.fairness.strict_json import NotAnInteger, pointer_to, text_fault


class Absent:
    """Stands where a required key is missing; its fault is noted already, so nothing more is said of it."""


ABSENT = Absent()


class Form:
    """The faults found so far, each as (JSON pointer, sentence); readers return None where a value is not good."""

    def __init__(self) -> None:
        self.faults: list[tuple[str, str]] = []

    def note(self, pointer: str, what: str) -> None:
        """Note a fault."""
        self.faults.append((pointer, what))

    def record(
        self, value: Any, pointer: str, required: Sequence[str], defaults: Mapping[str, Any] | None = None
    ) -> dict[str, Any]:
        """An object with these keys and no others: absent optional ones are filled in, missing ones are `ABSENT`."""
        optional = defaults or {}
        known = dict.fromkeys(required, ABSENT) | dict(optional)
        if not isinstance(value, dict):
            self._wrong(value, pointer, "an object")
            return dict.fromkeys(known, ABSENT)
        if not value.keys() <= known.keys():
            for key in value:
                if key not in known:
                    self.note(pointer_to(pointer, key), "the key is unknown")
            value = {key: value[key] for key in value if key in known}
        for key in required:
            if key not in value:
                self.note(pointer_to(pointer, key), "is missing")
        filled: dict[str, Any] = known | value
        return filled

    def mapping(self, value: Any, pointer: str) -> dict[str, Any]:
        """An object whose keys are data; empty where it is none."""
        if isinstance(value, dict):
            return value
        self._wrong(value, pointer, "an object")
        return {}

    def items(self, value: Any, pointer: str) -> Iterator[tuple[str, Any]]:
        """The entries of a list, each with its pointer; none where it is no list."""
        if not isinstance(value, list):
            self._wrong(value, pointer, "a list")
            return
        for place, item in enumerate(value):
            yield f"{pointer}/{place}", item

    def text(self, value: Any, pointer: str) -> str | None:
        """A text, taken as it is."""
        if type(value) is not str and (not isinstance(value, str) or isinstance(value, NotAnInteger)):
            self._wrong(value, pointer, "a text")
            return None
        if fault := text_fault(value):
            self.note(pointer, fault)
            return None
        return value

    def name(self, value: Any, pointer: str) -> str | None:
        """An id or a label: a text, trimmed, not empty."""
        text = self.text(value, pointer)
        if text is None:
            return None
        trimmed = text.strip()
        if not trimmed:
            self.note(pointer, "is empty")
        return trimmed or None

    def whole(self, value: Any, pointer: str, smallest: int | None = None) -> int | None:
        """An integer, at least `smallest` where that is given; true and false are none."""
        if not isinstance(value, int) or isinstance(value, bool):
            self._wrong(value, pointer, "a whole number")
            return None
        if smallest is not None and value < smallest:
            self.note(pointer, f"{value} is less than {smallest}")
            return None
        return value

    def one_of(self, value: Any, pointer: str, allowed: Collection[str]) -> str | None:
        """A text out of a closed list."""
        text = self.text(value, pointer)
        if text is not None and text not in allowed:
            self.note(pointer, f"{text!r} is none of {', '.join(allowed)}")
            return None
        return text

    def known_name(self, value: Any, pointer: str, known: Collection[str] | None, what: str) -> str | None:
        """An id out of `known`; `what` says what it is. Where `known` is None it could not be read: any id is good."""
        if known is not None and type(value) is str and value in known:
            return value
        one = self.name(value, pointer)
        if one is not None and known is not None and one not in known:
            self.note(pointer, f"there is no {what} {one!r}")
            return None
        return one

    def distinct_names(self, value: Any, pointer: str, known: Collection[str] | None, what: str) -> tuple[str, ...]:
        """A list of ids out of `known`, none twice."""
        named: list[str] = []
        for at, item in self.items(value, pointer):
            one = self.known_name(item, at, known, what)
            if one is not None and one in named:
                self.note(at, f"the {what} {one!r} stands twice in the list")
            elif one is not None:
                named.append(one)
        return tuple(named)

    def _wrong(self, value: Any, pointer: str, expected: str) -> None:
        if value is not ABSENT:
            self.note(pointer, f"is {_kind(value)}, not {expected}")


def _kind(value: Any) -> str:
    if value is None:
        return "null"
    if isinstance(value, NotAnInteger):
        return f"the number {value}, which is no integer"
    kinds = {bool: "true or false", int: "a number", str: "a text", list: "a list", dict: "an object"}
    return kinds.get(type(value), f"a {type(value).__name__}")

"""Reading parsed JSON with every fault noted at its JSON pointer, so that one run tells all of them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from backend.fairness.strict_json import pointer_to, text_fault

Fault = tuple[str, str]


@dataclass
class Shape:
    """The faults found so far, each a JSON pointer and a sentence. Readers note a fault and give None."""

    faults: list[Fault] = field(default_factory=list)

    def fault(self, pointer: str, what: str) -> None:
        """Note that the value at this pointer is wrong."""
        self.faults.append((pointer or "/", what))

    def object_at(
        self, value: Any, pointer: str, required: Sequence[str], optional: Sequence[str] = ()
    ) -> dict[str, Any] | None:
        """The value as an object with the required keys and no unknown ones; None where it is no object."""
        if not isinstance(value, dict):
            self.fault(pointer, "must be an object")
            return None
        for key in required:
            if key not in value:
                self.fault(pointer, f"the key {key!r} is missing")
        for key in value:
            if key not in required and key not in optional:
                self.fault(pointer_to(pointer, key), "the key is unknown")
        return value

    def entries(self, parent: dict[str, Any], key: str, pointer: str) -> Iterator[tuple[str, Any]]:
        """The entries of the list under `key` with their pointers; none where the key is absent."""
        listed = parent.get(key, [])
        if not isinstance(listed, list):
            self.fault(f"{pointer}/{key}", "must be a list")
            return
        for index, entry in enumerate(listed):
            yield f"{pointer}/{key}/{index}", entry

    def text(self, parent: dict[str, Any], key: str, pointer: str) -> str | None:
        """The trimmed, non-empty text under `key`; None (and a fault where the key is there) otherwise."""
        return self.text_at(parent[key], f"{pointer}/{key}") if key in parent else None

    def text_at(self, value: Any, pointer: str) -> str | None:
        """The trimmed, non-empty text; NUL and broken surrogates are faults."""
        if not isinstance(value, str):
            self.fault(pointer, "must be a string")
            return None
        trimmed = value.strip()
        if not trimmed:
            self.fault(pointer, "is empty")
        elif fault := text_fault(trimmed):
            self.fault(pointer, fault)
        else:
            return trimmed
        return None

    def whole_number(self, parent: dict[str, Any], key: str, pointer: str, at_least: int) -> int | None:
        """The integer under `key`, `at_least` or more; true and false are no numbers."""
        value = parent.get(key)
        if key not in parent:
            return None
        if not isinstance(value, int) or isinstance(value, bool):
            self.fault(f"{pointer}/{key}", "must be an integer")
            return None
        if value < at_least:
            self.fault(f"{pointer}/{key}", f"must be {at_least} or more")
            return None
        return value

    def unused_id(self, parent: dict[str, Any], pointer: str, seen: set[str]) -> str | None:
        """The text under `id`, which no earlier entry may have; it is added to `seen`."""
        name = self.text(parent, "id", pointer)
        if name is None:
            return None
        if name in seen:
            self.fault(f"{pointer}/id", f"{name!r} stands twice")
        seen.add(name)
        return name

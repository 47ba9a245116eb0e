"""A rule-book while it is being read: its sound sections, so that faults across sections show beside faults inside."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class PartialBook:
    """`sound` holds the sections that could be read (None for bad items and sections), `content` what is written."""

    sound: Mapping[str, Any]
    content: Mapping[str, Any]

    def one(self, name: str) -> Any:
        """A section, or None where it is missing or has faults of its own."""
        return self.sound.get(name)

    def items(self, name: str) -> Iterator[tuple[str, Any]]:
        """The sound items of a list section with their JSON pointers."""
        section = self.sound.get(name)
        for place, item in enumerate(section if isinstance(section, tuple) else ()):
            if item is not None:
                yield f"/{name}/{place}", item

    def whole(self, name: str) -> bool:
        """Whether every item of a list section could be read, so that an absence in it is a real absence."""
        section = self.sound.get(name)
        return isinstance(section, tuple) and None not in section

    def stages(self) -> list[str]:
        """The stages with a sound window, each once, in the order of the file."""
        return list(dict.fromkeys(window.stage for _, window in self.items("windows")))

    def twice(self, name: str, *fields: str) -> Iterator[tuple[str, tuple[Any, ...]]]:
        """Items of a list section whose `fields` repeat those of an earlier item: (pointer, the repeated values)."""
        seen = set()
        for pointer, item in self.items(name):
            key = tuple(getattr(item, field) for field in fields)
            if key in seen:
                yield pointer, key
            seen.add(key)

"""What was seen of a rehearsed season and what its city dealt, as figures and statements ask for it. Pure."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

Line = Mapping[str, Any]
Statement = tuple[str, int, int]
"""(what, left, right): holds where both are equal; where nobody played it both are nothing."""
HELD = ("confirmed", "enrolled", "recorded")


@dataclass(frozen=True)
class Seen:
    """The lines of a journal by their kind, and the city they were seen in: what it dealt to whom."""

    lines: Mapping[str, Sequence[Line]]
    city: Mapping[str, Any]
    families: Mapping[str, Line]
    items: Mapping[str, str] = field(default_factory=dict)
    """Name of a check in the diary → department/item."""

    def of(self, kind: str) -> Sequence[Line]:
        """The lines of a kind."""
        return self.lines.get(kind, ())

    def newest(self, kind: str) -> dict[str, Line]:
        """Family → its newest line of a kind."""
        return {line["family"]: line for line in self.of(kind)}

    def children(self, kind: str, is_meant: Callable[[Line], bool]) -> Iterator[tuple[Line, Line]]:
        """(family, child) of the newest line of a kind, for the families that are meant."""
        for name, line in self.newest(kind).items():
            if is_meant(self.families[name]):
                yield from ((self.families[name], child) for child in line.get("children", ()))

    def ends(self, *parts: str) -> list[tuple[Line, Line]]:
        """(family, child at the end) of those who play one of these parts."""
        return list(self.children("seen", lambda family: family.get("part") in parts))

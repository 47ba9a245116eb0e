"""What was seen of a rehearsed season and what its city dealt, as the statements of the report ask for it. Pure."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

Line = Mapping[str, Any]
Statement = tuple[str, int, int]
"""(what, left, right): holds where both are equal; where nobody played it both are nothing."""
HELD = ("confirmed", "enrolled", "recorded")


@dataclass(frozen=True)
class Played:
    """What was seen of a season: journal lines by kind, the newest one a family, and what the city dealt to whom."""

    of: Callable[[str], Sequence[Line]]
    newest: Callable[[str], Mapping[str, Line]]
    families: Mapping[str, Line]
    city: Mapping[str, Any]

    def children(self, kind: str, is_meant: Callable[[Line], bool]) -> Iterator[tuple[Line, Line]]:
        """(family, child) of the newest line of a kind, for the families that are meant."""
        for name, line in self.newest(kind).items():
            if is_meant(self.families[name]):
                yield from ((self.families[name], child) for child in line.get("children", ()))

    def ends(self, *parts: str) -> list[tuple[Line, Line]]:
        """(family, child at the end) of those who play one of these parts."""
        return list(self.children("seen", lambda family: family.get("part") in parts))

"""What a checker finds: named properties, each true or with the places where it is not."""

from collections.abc import Iterable
from dataclasses import dataclass

MOST_DETAILS = 20


@dataclass(frozen=True, slots=True)
class Property:
    """One property of a result: its number and sentence (docs/properties), and where it does not hold.

    `details` holds at most twenty places; `faults` counts all of them.
    """

    name: str
    faults: int
    details: tuple[str, ...]

    @property
    def passed(self) -> bool:
        """Whether no fault was found."""
        return self.faults == 0


@dataclass(frozen=True, slots=True)
class CheckReport:
    """What one checker found on one result, property by property."""

    properties: tuple[Property, ...]

    @property
    def passed(self) -> bool:
        """Whether every property holds."""
        return all(one.passed for one in self.properties)

    @property
    def failed(self) -> tuple[Property, ...]:
        """The properties that do not hold."""
        return tuple(one for one in self.properties if not one.passed)


def checked(name: str, places: Iterable[str]) -> Property:
    """The property `name`; it holds where `places`, the sentences of its faults, is empty."""
    told = list(places)
    return Property(name, len(told), tuple(told[:MOST_DETAILS]))

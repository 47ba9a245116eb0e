"""The two inputs of a placement, parsed: what the rules work on (contracts 2). Built by `parse.parse_placement`."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

from backend.fairness.canonical import Rows, input_sha256

KeyValue = str | int


@dataclass(frozen=True, slots=True)
class ChoiceSchool:
    """A school with its seats."""

    id: str
    seats: int


class ChoiceApplicant(NamedTuple):
    """An applicant: schools best first, a priority number by school (lower first, missing = 0), bundle label.

    The members of a bundle have the same choices and numbers, and one ticket, that of the label.
    """

    id: str
    choices: tuple[str, ...]
    priority: Mapping[str, int]
    bundle: str | None = None

    @property
    def drawn_as(self) -> str:
        """The name of the ticket: the id or the label that stands in its place."""
        return self.id if self.bundle is None else self.bundle


@dataclass(frozen=True)
class ChoiceInput:
    """Ranked choices; schools and applicants sorted by id. `tie_break` is "single" or "per-school"."""

    seed: str
    draw: str
    tie_break: str
    schools: tuple[ChoiceSchool, ...]
    applicants: tuple[ChoiceApplicant, ...]

    @cached_property
    def sha256(self) -> str:
        """The digest that the result names as its input (contracts 0)."""
        return _digest(
            {
                "mechanism": "choice",
                "seed": self.seed,
                "draw": self.draw,
                "tie_break": self.tie_break,
                "schools": [{"id": school.id, "seats": school.seats} for school in self.schools],
                "applicants": self._rows(),
            }
        )

    def _rows(self) -> Rows | list[dict[str, Any]]:
        """The applicants; a bundle only where there is one, so that a digest without bundles knows none."""
        if all(one.bundle is None for one in self.applicants):
            return Rows(("id", "choices", "priority"), self.applicants)
        return [{name: value for name, value in one._asdict().items() if value is not None} for one in self.applicants]


@dataclass(frozen=True, slots=True)
class OrderKey:
    """One key of the order inside a class. `values` lists what may stand there, best first; None = free values."""

    key: str
    direction: str
    values: tuple[KeyValue, ...] | None

    def document(self) -> dict[str, Any]:
        """The key as JSON, its direction filled in."""
        listed = {} if self.values is None else {"values": list(self.values)}
        return {"key": self.key, "direction": self.direction, **listed}


@dataclass(frozen=True, slots=True)
class ZoneSchool:
    """A school with its seats, and where its zone's overflow goes, first to last."""

    id: str
    seats: int
    overflow: tuple[str, ...]


class ZoneApplicant(NamedTuple):
    """An applicant of one zone: seat class, keys (a missing one is absent), bundle label, school of a sibling."""

    id: str
    zone: str
    seat_class: str
    keys: Mapping[str, KeyValue]
    bundle: str | None
    sibling_at: str | None


@dataclass(frozen=True)
class ZoneInput:
    """Zones with classes, ordered keys and overflow; schools and applicants sorted by id."""

    seed: str
    draw: str
    classes: tuple[str, ...]
    last_class: str
    order: tuple[OrderKey, ...]
    schools: tuple[ZoneSchool, ...]
    applicants: tuple[ZoneApplicant, ...]

    @cached_property
    def sha256(self) -> str:
        """The digest that the result names as its input (contracts 0)."""
        return _digest(
            {
                "mechanism": "zone",
                "seed": self.seed,
                "draw": self.draw,
                "classes": list(self.classes),
                "last_class": self.last_class,
                "order": [key.document() for key in self.order],
                "schools": [
                    {"id": school.id, "seats": school.seats, "overflow": list(school.overflow)}
                    for school in self.schools
                ],
                "applicants": Rows(("id", "zone", "class", "keys", "bundle", "sibling_at"), self.applicants),
            }
        )


PlacementInput = ChoiceInput | ZoneInput


def _digest(content: dict[str, Any]) -> str:
    return input_sha256({"input": content}, {})

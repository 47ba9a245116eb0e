"""What a placement gives: one value each mechanism, and the JSON document that is published (contracts 2)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from backend.placement.rules.inputs import KeyValue, ZoneApplicant


class ChoicePlaced(NamedTuple):
    """An applicant's school and the 1-based number of that choice, both None where there is none."""

    id: str
    school: str | None
    choice: int | None


@dataclass(frozen=True, slots=True)
class Cutoff:
    """The last admitted of a full school: priority number and ticket (32 bytes)."""

    priority: int
    ticket: bytes


@dataclass(frozen=True, slots=True)
class ChoiceSchoolFilled:
    """A school after the run."""

    id: str
    seats: int
    taken: int
    cutoff: Cutoff | None


@dataclass(frozen=True, slots=True)
class ChoiceResult:
    """Placements and schools, each sorted by id.

    `passed_over` names by bundle label the schools that had seats for some of the bundle at its turn, not for all.
    """

    placements: tuple[ChoicePlaced, ...]
    schools: tuple[ChoiceSchoolFilled, ...]
    input_sha256: str
    passed_over: Mapping[str, frozenset[str]] = field(default_factory=dict)

    def document(self) -> dict[str, Any]:
        """The result as the JSON document of contracts 2."""
        return {
            "placements": [{"id": one.id, "school": one.school, "choice": one.choice} for one in self.placements],
            "schools": [
                {
                    "id": school.id,
                    "seats": school.seats,
                    "taken": school.taken,
                    "cutoff": school.cutoff
                    and {"priority": school.cutoff.priority, "ticket": school.cutoff.ticket.hex()},
                }
                for school in self.schools
            ],
            "input_sha256": self.input_sha256,
        }


class Stand(NamedTuple):
    """Where somebody stands in a list: class, keys, ticket (32 bytes)."""

    seat_class: str
    keys: Mapping[str, KeyValue]
    ticket: bytes

    def document(self) -> dict[str, Any]:
        """The stand as JSON."""
        return {"class": self.seat_class, "keys": dict(self.keys), "ticket": self.ticket.hex()}


class ZonePlaced(NamedTuple):
    """An applicant's school and step, the place in the list that decided, the own ticket, and who was last in there."""

    applicant: ZoneApplicant
    school: str | None
    step: str | None
    position: int
    ticket: bytes
    last_in: Stand | None

    @property
    def id(self) -> str:
        """The applicant's id."""
        return self.applicant.id

    def document(self, last_in: dict[str, Any] | None) -> dict[str, Any]:
        """The placement as JSON; `last_in` is that stand as JSON, the same for all of one list."""
        one = self.applicant
        return {
            "id": one.id,
            "school": self.school,
            "step": self.step,
            "position": self.position,
            "reason": {
                "class": one.seat_class,
                "keys": dict(one.keys),
                "ticket": self.ticket.hex(),
                "last_in": last_in,
            },
        }


@dataclass(frozen=True, slots=True)
class ZoneSchoolFilled:
    """A school after the run."""

    id: str
    seats: int
    taken: int


@dataclass(frozen=True, slots=True)
class ZoneResult:
    """Placements and schools, each sorted by id."""

    placements: tuple[ZonePlaced, ...]
    schools: tuple[ZoneSchoolFilled, ...]
    input_sha256: str

    def document(self) -> dict[str, Any]:
        """The result as the JSON document of contracts 2."""
        last_in = {id(one.last_in): None if one.last_in is None else one.last_in.document() for one in self.placements}
        return {
            "placements": [one.document(last_in[id(one.last_in)]) for one in self.placements],
            "schools": [{"id": school.id, "seats": school.seats, "taken": school.taken} for school in self.schools],
            "input_sha256": self.input_sha256,
        }


PlacementResult = ChoiceResult | ZoneResult

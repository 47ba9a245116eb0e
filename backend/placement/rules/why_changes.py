"""Single changes of one applicant's lot, what the placement then gives, and how a change is put into the input.

A why-card names the smallest of them (wishes 3). Every change can be put back into the input and the whole program run
again: `confirmed` does so, and properties W1 to W5 of docs/properties/placement.md say what must come out.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

from backend.placement.rules.inputs import (
    ChoiceApplicant,
    ChoiceInput,
    KeyValue,
    PlacementInput,
    ZoneApplicant,
    ZoneInput,
)

KINDS = ("key", "class", "choice", "priority", "ticket", "seats", "worst")


@dataclass(frozen=True, slots=True)
class Change:
    """One change and its outcome.

    `kind`: `key` (an order key's value), `class`, `choice` (one more choice at the end), `priority` (a better number at
    one school), `ticket` (an earlier random number), `seats` (more seats at `at`), `worst` (the last class in the
    order without any key, or the worst number of all: the place is kept even so). `before` and `after` are the values;
    `by` counts them in `unit` (`days`, `units`, `steps`, `classes`, `seats`), None where they cannot be counted.
    `then` is the school that the placement then gives; None: the present one is lost. `free` are the seats that stayed
    free at the school of one more choice.
    """

    kind: str
    then: str | None
    at: str | None = None
    key: str | None = None
    before: KeyValue | None = None
    after: KeyValue | None = None
    by: int | None = None
    unit: str | None = None
    free: int | None = None

    def document(self) -> dict[str, Any]:
        """The change as JSON, without what is None, but always with `then`."""
        return {key: value for key, value in asdict(self).items() if value is not None or key == "then"}


def change_of(document: Mapping[str, Any]) -> Change:
    """The change that `Change.document` wrote."""
    return Change(**document)


def changed(given: PlacementInput, applicant: str, change: Change) -> PlacementInput:
    """The input with the change in it. A `ticket` changes no input: see `tickets.ReplacedTickets`."""
    if change.kind == "ticket":
        return given
    if change.kind == "seats":
        return _with_seats(given, change.at, change.by or 0)
    if isinstance(given, ChoiceInput):
        return _choice_changed(given, applicant, change)
    return replace(
        given,
        applicants=tuple(_zone_row(given, one, change) if one.id == applicant else one for one in given.applicants),
    )


def _with_seats(given: PlacementInput, school: str | None, more: int) -> PlacementInput:
    if isinstance(given, ChoiceInput):
        choice_schools = (replace(one, seats=one.seats + more * (one.id == school)) for one in given.schools)
        return replace(given, schools=tuple(choice_schools))
    zone_schools = (replace(one, seats=one.seats + more * (one.id == school)) for one in given.schools)
    return replace(given, schools=tuple(zone_schools))


def _zone_row(given: ZoneInput, one: ZoneApplicant, change: Change) -> ZoneApplicant:
    if change.kind == "class":
        return one._replace(seat_class=str(change.after))
    if change.kind == "worst":
        is_last = one.seat_class == given.last_class
        return one._replace(seat_class=one.seat_class if is_last else given.classes[-1], keys={})
    return one._replace(keys={**one.keys, str(change.key): "" if change.after is None else change.after})


def _choice_changed(given: ChoiceInput, applicant: str, change: Change) -> ChoiceInput:
    school, number = change.at or "", int(change.after or 0)

    def row(one: ChoiceApplicant) -> ChoiceApplicant:
        choices = (*one.choices, school) if change.kind == "choice" else one.choices
        return one._replace(choices=choices, priority={**one.priority, school: number})

    return replace(given, applicants=tuple(row(one) if one.id == applicant else one for one in given.applicants))


def beside_ticket(ticket: bytes, side: int) -> bytes:
    """The number next to a ticket: one less for a negative side, one more for a positive one."""
    number: int = max(0, min(int.from_bytes(ticket) + side, (1 << 8 * len(ticket)) - 1))
    return number.to_bytes(len(ticket))

"""What the why-cards of a placement by choices are made of: class and keys behind the numbers, and who was last in.

The result of contracts 2 holds choices and cut-offs alone; what a family asks is where its class and keys stood, and
where those of the last one in did, at every school that it ranked before its own.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from backend.enrolment.rows import Application
from backend.fairness.tickets import TicketDraw
from backend.placement.rules.choice_numbers import turn_of
from backend.placement.rules.inputs import ChoiceApplicant, ChoiceInput
from backend.placement.rules.results import ChoiceResult
from backend.placement.rules.why_changes import Change
from backend.seats.rows import Seat

Seated = Mapping[str, tuple[Application, Seat]]
Reason = dict[str, Any]


def choice_reasons(given: ChoiceInput, result: ChoiceResult, seated: Seated) -> dict[str, Reason]:
    """Receipt → `step`, `class`, `keys`, `ticket`, `choice` (which of the family's own, or None), `last_in`, `refused`.

    `step` is the turn by which the school was given. `last_in` is the last admitted of that school where it is full;
    `refused` names the schools ranked before it, each with its `last_in`, None where it has no seats.
    """
    drawing = TicketDraw(given.seed, given.draw)
    school_of = {row.id: row.school for row in result.placements}
    last_in = _last_in(given, result, seated, drawing)
    return {
        one.id: _reason(one, school_of[one.id], seated[one.id], last_in)
        | {"ticket": _ticket(given, drawing, one, school_of[one.id] or next(iter(one.choices), "")).hex()}
        for one in given.applicants
    }


def stands_behind(given: ChoiceInput, seated: Seated, changes: Iterable[Change]) -> dict[str, Reason]:
    """Priority number (as text) → class and keys of whoever stands there, for the numbers that changes speak of."""
    spoken = {change.after for change in changes if change.kind == "priority"}
    return {
        str(number): _stand(seated[one.id][1])
        for one in given.applicants
        for number in one.priority.values()
        if number in spoken
    }


def choosable(one: ChoiceApplicant, change: Change) -> bool:
    """Whether the family could have made this change: one more choice is one of the schools of its zone."""
    return change.kind != "choice" or change.at in one.priority


def _reason(
    one: ChoiceApplicant, school: str | None, seat: tuple[Application, Seat], last_in: Mapping[str, Reason]
) -> Reason:
    own = list(seat[0].choices or ())
    before = one.choices if school is None else one.choices[: one.choices.index(school)]
    return _stand(seat[1]) | {
        "step": None if school is None else turn_of(one.priority.get(school, 0)),
        "choice": own.index(school) + 1 if school in own else None,
        "last_in": last_in.get(school or ""),
        "refused": [{"school": each, "last_in": last_in.get(each)} for each in before],
    }


def _stand(seat: Seat) -> Reason:
    return {"class": seat.seat_type, "keys": {key: value for key, value in seat.keys.items() if value is not None}}


def _last_in(given: ChoiceInput, result: ChoiceResult, seated: Seated, drawing: TicketDraw) -> dict[str, Reason]:
    """School → class, keys, turn and ticket of its last admitted, for the schools that are full."""
    full = {school.id for school in result.schools if school.cutoff is not None}
    last: dict[str, tuple[int, bytes, str]] = {}
    for one, row in zip(given.applicants, result.placements, strict=True):
        if row.school in full and row.school is not None:
            stand = one.priority.get(row.school, 0), _ticket(given, drawing, one, row.school), one.id
            last[row.school] = max(last.get(row.school, stand), stand)
    return {
        school: _stand(seated[receipt][1]) | {"turn": turn_of(number), "ticket": ticket.hex()}
        for school, (number, ticket, receipt) in last.items()
    }


def _ticket(given: ChoiceInput, drawing: TicketDraw, one: ChoiceApplicant, school: str) -> bytes:
    return drawing.ticket(one.drawn_as if given.tie_break == "single" else f"{school}/{one.drawn_as}")

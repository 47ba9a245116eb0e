"""Seats by a drawn order, and what happens where twins reach the last one (domain 2.8, 4 and 5; contracts 1)."""

from collections.abc import Sequence
from enum import StrEnum


class LastBundle(StrEnum):
    """The published rule for a bundle that reaches the last seats and does not fit."""

    ADD = "add"
    SKIP = "skip"
    OFFER_ONE = "offer-one"


class SeatResult(StrEnum):
    """What the drawn order gave a child: a seat, a place on the waiting list, or the choice of its family."""

    ADMITTED = "admitted"
    WAITING = "waiting"
    OFFERED = "offered"


def fill_seats(units: Sequence[Sequence[str]], seats: int, last_bundle: LastBundle) -> dict[str, SeatResult]:
    """The result of each id; `units` are single ids and bundles in the drawn order, members in id order.

    ADD admits the whole bundle over plan and needs at least one free seat; SKIP passes over it to the next that
    fits; OFFER_ONE admits as many members as seats remain, offers the rest to the family, and ends the admitting.
    Raises ValueError where `seats` is negative.
    """
    if seats < 0:
        raise ValueError(f"{seats} seats: there are 0 or more")
    results = dict.fromkeys((no for unit in units for no in unit), SeatResult.WAITING)
    left = seats
    for unit in units:
        if left <= 0:
            break
        if len(unit) <= left or last_bundle is LastBundle.ADD:
            results.update(dict.fromkeys(unit, SeatResult.ADMITTED))
            left -= len(unit)
        elif last_bundle is LastBundle.OFFER_ONE:
            results.update(dict.fromkeys(unit[:left], SeatResult.ADMITTED))
            results.update(dict.fromkeys(unit[left:], SeatResult.OFFERED))
            left = 0
    return results

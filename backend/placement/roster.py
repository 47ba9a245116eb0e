"""The roster of an allocation: every settled application of a stage as the rules' input, with an empty seed."""

import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select

from backend.enrolment.rows import Application
from backend.foundation.database import db
from backend.placement.rounds import free_seats
from backend.placement.rules.choice_numbers import Wisher, choice_rows, with_bundles
from backend.placement.rules.inputs import OrderKey
from backend.placement.zone_school import Address, Standing, Zones
from backend.policy.places import overflow_of, schools_of, zone_lines_of
from backend.policy.rules.book import Book
from backend.policy.rules.seat_types import zone_order
from backend.seats.preferences import preferred_school
from backend.seats.rows import Seat
from backend.verification.facts import facts_of
from backend.verification.school_facts import junior_fed_by, roster_school

Ready = Sequence[tuple[Application, Seat]]
NO_LAST_CLASS = "无末位类型"
"""The name of the class served last where the book has no penalty class: nobody stands in it."""


def applications_in_states(book: Book, stage: str, states: Sequence[str]) -> list[tuple[Application, Seat]]:
    """The applications of the book's year in these states that have a seat, in the order of receipts."""
    found = db.session.execute(
        select(Application, Seat)
        .join(Seat, Seat.application_id == Application.id)
        .where(
            Application.banner == book.banner,
            Application.stage == stage,
            Application.year == book.year,
            Application.state.in_(states),
        )
        .order_by(Application.receipt)
    )
    return [(application, seat) for application, seat in found]


def standings(book: Book, stage: str, ready: Ready, *, with_feeders: bool = True) -> dict[uuid.UUID, Standing]:
    """Application → the school at which it stands, by zone lines, seat type, choice and (unless said) feeder."""
    names = {school.code: school.name for school in schools_of(book.banner, stage)}
    zones = Zones(zone_lines_of(book.banner, book.year, stage), stage, free_seats(book.banner, stage), names)
    fed = junior_fed_by(book.banner, book.year) if stage == "junior" and with_feeders else {}
    return {
        application.id: zones.standing(
            Address(
                application.unit_code or "",
                seat.seat_type,
                tuple(application.choices or ()),
                fed.get(roster_school(application) or "") if fed else None,
            )
        )
        for application, seat in ready
    }


def roster_input(
    book: Book, stage: str, draw: str, ready: Ready, places: Mapping[uuid.UUID, Standing]
) -> dict[str, Any]:
    """The value of contracts part 2 for the stage, by the book's mechanism; applicants stand by receipt number."""
    seats = free_seats(book.banner, stage)
    head = {"mechanism": book.placement_of(stage).mechanism, "seed": "", "draw": draw}
    if book.placement_of(stage).mechanism == "choice":
        return head | _choice_part(book, stage, ready, places, seats)
    overflow = overflow_of(book.banner, stage) if book.placement_of(stage).overflow != "none" else {}
    schools = [
        {"id": school, "seats": free, "overflow": [other for other in overflow.get(school, []) if other in seats]}
        for school, free in sorted(seats.items())
    ]
    bundles = bundles_of(book, ready, places)
    applicants = [
        {
            "id": application.receipt,
            "zone": places[application.id].school,
            "class": seat.seat_type,
            "keys": {key: value for key, value in seat.keys.items() if value is not None},
            "bundle": bundles.get(application.id),
            "sibling_at": _served_first_at(book, application, seats, places[application.id].school),
        }
        for application, seat in ready
    ]
    order = zone_order(book, stage)
    order["last_class"] = order["last_class"] or NO_LAST_CLASS
    return head | order | {"schools": schools, "applicants": applicants}


def _choice_part(
    book: Book, stage: str, ready: Ready, places: Mapping[uuid.UUID, Standing], seats: Mapping[str, int]
) -> dict[str, Any]:
    """Choices among the schools of the address; then, by the book, the others of the zone and their overflow.

    Who ranked none stands at the school of the address first.
    """
    overflow = overflow_of(book.banner, stage) if book.placement_of(stage).overflow != "none" else None
    order = zone_order(book, stage)
    wishers = [_wisher(book, each, places[each[0].id], seats, overflow) for each in ready]
    keys = [
        OrderKey(key["key"], key.get("direction", "ascending"), tuple(key["values"]) if "values" in key else None)
        for key in order["order"]
    ]
    applicants = choice_rows(wishers, order["classes"], keys, sorted(seats))
    together = bundles_of(book, ready, places)
    labels = {str(application.receipt): together.get(application.id) for application, _ in ready}
    applicants = with_bundles(applicants, labels)
    schools = [{"id": school, "seats": free} for school, free in sorted(seats.items())]
    return {"tie_break": book.placement_of(stage).tie_break, "schools": schools, "applicants": applicants}


def _wisher(
    book: Book,
    each: tuple[Application, Seat],
    place: Standing,
    seats: Mapping[str, int],
    overflow: Mapping[str, Sequence[str]] | None,
) -> Wisher:
    application, seat = each
    chosen = [school for school in application.choices or () if school in place.zone] or [place.school]
    beyond = []
    if overflow is not None:
        near = dict.fromkeys((*chosen, *place.zone))
        further = dict.fromkeys((*near, *(school for one in near for school in overflow.get(one, ()))))
        beyond = [school for school in further if school not in chosen and school in seats]
    return Wisher(
        str(application.receipt),
        seat.seat_type,
        {key: value for key, value in seat.keys.items() if value is not None},
        chosen,
        place.zone,
        beyond,
        _served_first_at(book, application, seats, place.school),
    )


def _served_first_at(book: Book, application: Application, seats: Mapping[str, int], zone: str) -> str | None:
    """Where the child is served before everybody: by an approved preference, else at the elder's school."""
    preferred = preferred_school(application, book, zone)
    return preferred if preferred in seats else _sibling_school(book, application, seats)


def _sibling_school(book: Book, application: Application, seats: Mapping[str, int]) -> str | None:
    """The elder's school, where the book lets the younger follow and a person has established that the elder is there."""
    school = application.sibling_at
    if not book.families.sibling_follows or school is None or school not in seats:
        return None
    return school if facts_of(application).get("sibling.at_school") is True else None


def bundles_of(book: Book, ready: Ready, places: Mapping[uuid.UUID, Standing]) -> dict[uuid.UUID, str]:
    """Application → label of the twins (or more) whose family wants them together, where all stand at one school."""
    if not book.families.twins_together:
        return {}
    by_child = {application.child_id: application for application, _ in ready}
    group: dict[uuid.UUID, set[uuid.UUID]] = {}
    for application, _ in ready:
        twin = by_child.get(application.twins_with) if application.twins_with else None
        if twin is None or twin.id == application.id:
            continue
        joined = group.get(application.id, {application.id}) | group.get(twin.id, {twin.id})
        for member in joined:
            group[member] = joined
    receipts = {application.id: str(application.receipt) for application, _ in ready}
    return {
        one: "twins-" + min(receipts[member] for member in members)
        for one, members in group.items()
        if len({places[member].school for member in members}) == 1
    }

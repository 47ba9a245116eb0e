"""The roster of an allocation: every settled application of a stage as the rules' input, with an empty seed."""

import uuid
from collections import defaultdict
from typing import Any

from sqlalchemy import select

from backend.enrolment.applications import form_of
from backend.enrolment.rows import Application
from backend.foundation.database import db
from backend.policy.places import overflow_of, plan_of, zones_of
from backend.policy.rules.book import Book
from backend.policy.rules.seat_types import zone_order
from backend.seats.rows import Seat

READY = ("settled", "choosing")


def applications_ready(banner: str, stage: str) -> list[tuple[Application, Seat]]:
    """The applications with a settled seat, in the order of receipts."""
    found = db.session.execute(
        select(Application, Seat)
        .join(Seat, Seat.application_id == Application.id)
        .where(Application.banner == banner, Application.stage == stage, Application.state.in_(READY))
        .order_by(Application.receipt)
    )
    return [(application, seat) for application, seat in found]


def roster_input(book: Book, stage: str, draw: str) -> dict[str, Any]:
    """The value of contracts part 2 for the stage, by the book's mechanism; applicants stand by receipt number."""
    ready = applications_ready(book.banner, stage)
    forms = {application.id: form_of(application) for application, _ in ready}
    zones = zones_of(book.banner, stage)
    plan = plan_of(book.banner, stage)
    head = {"mechanism": book.placement.mechanism, "seed": "", "draw": draw}
    if book.placement.mechanism == "choice":
        return head | _choice_part(book, ready, forms, zones, plan)
    overflow = overflow_of(book.banner, stage) if book.placement.overflow == "zone-list" else {}
    schools = [
        {"id": school, "seats": seats, "overflow": [other for other in overflow.get(school, []) if other in plan]}
        for school, seats in sorted(plan.items())
    ]
    bundles = _bundles(book, ready, forms, zones)
    applicants = [
        {
            "id": application.receipt,
            "zone": _zone(application, forms[application.id], zones),
            "class": seat.seat_type,
            "keys": {key: value for key, value in seat.keys.items() if value is not None},
            "bundle": bundles.get(application.id),
            "sibling_at": _sibling_school(book, forms[application.id], plan),
        }
        for application, seat in ready
    ]
    order = zone_order(book, stage)
    return head | order | {"schools": schools, "applicants": applicants}


def _choice_part(
    book: Book,
    ready: list[tuple[Application, Seat]],
    forms: dict[uuid.UUID, dict[str, Any]],
    zones: dict[str, list[str]],
    plan: dict[str, int],
) -> dict[str, Any]:
    classes = (
        {code: place for place, code in enumerate(zone_order(book, ready[0][0].stage)["classes"])} if ready else {}
    )
    applicants = []
    for application, seat in ready:
        form = forms[application.id]
        wished = [school for school in form.get("choices") or [] if school in plan]
        choices = wished or [school for school in zones.get(application.unit_code or "", []) if school in plan]
        number = classes.get(seat.seat_type, len(classes))
        applicants.append({"id": application.receipt, "choices": choices, "priority": dict.fromkeys(choices, number)})
    schools = [{"id": school, "seats": seats} for school, seats in sorted(plan.items())]
    return {"tie_break": book.placement.tie_break, "schools": schools, "applicants": applicants}


def _zone(application: Application, form: dict[str, Any], zones: dict[str, list[str]]) -> str:
    """The school of the address; where several share it, the one the family chose, else the first."""
    shared = zones[application.unit_code or ""]
    chosen = next((school for school in form.get("choices") or [] if school in shared), None)
    return chosen or shared[0]


def _sibling_school(book: Book, form: dict[str, Any], plan: dict[str, int]) -> str | None:
    school = form.get("sibling_at") if book.families.sibling_follows else None
    return school if school in plan else None


def _bundles(
    book: Book,
    ready: list[tuple[Application, Seat]],
    forms: dict[uuid.UUID, dict[str, Any]],
    zones: dict[str, list[str]],
) -> dict[uuid.UUID, str]:
    """A label for twins whose family wants them together and whose addresses lead to one school."""
    if not book.families.twins_together:
        return {}
    by_child = {str(application.child_id): application for application, _ in ready}
    groups: dict[str, set[uuid.UUID]] = defaultdict(set)
    for application, _ in ready:
        twin = by_child.get(str(forms[application.id].get("twins_with") or ""))
        if twin is None or twin.id == application.id:
            continue
        if _zone(twin, forms[twin.id], zones) != _zone(application, forms[application.id], zones):
            continue
        label = "twins-" + min(str(application.receipt), str(twin.receipt))
        groups[label] |= {application.id, twin.id}
    return {member: label for label, members in groups.items() for member in members}

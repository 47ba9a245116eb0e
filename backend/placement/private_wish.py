"""A family registers for one private school beside the public ones (D09, B10: public and private recruit together)."""

import uuid
from typing import Any

from sqlalchemy import func, select

from backend.enrolment.applications import open_application
from backend.enrolment.rows import Application
from backend.enrolment.rules.states import ENDED
from backend.foundation import clock
from backend.foundation.audit import record
from backend.foundation.database import db
from backend.foundation.problems import Refusal
from backend.identity.actors import Actor
from backend.placement.rows import PrivateWish
from backend.policy.books_in_force import book_in_force
from backend.policy.places import plan_of, schools_of

WISHABLE = ("draft", "submitted", "checking", "in_review", "returned", "verified", "choosing", "settled")


class PrivateSchoolUnknown(Refusal):
    """No private school of the stage with a plan has this code."""

    code = "private-school-unknown"
    status = 422


class PrivateWishTooLate(Refusal):
    """The list is frozen; a private school is registered for before."""

    code = "private-wish-too-late"


def wish_private(actor: Actor, application_id: uuid.UUID, school: str | None) -> Application:
    """Register for one private school, or (None) take it back. Raises NotFound, PrivateSchoolUnknown, PrivateWishTooLate."""
    _, application = open_application(actor, application_id, "application.submit", lock=True)
    if application.state not in WISHABLE:
        raise PrivateWishTooLate
    held = db.session.get(PrivateWish, application.id)
    if school is None:
        if held is not None:
            db.session.delete(held)
    elif school not in private_plan(application.banner, application.stage):
        raise PrivateSchoolUnknown
    else:
        db.session.merge(PrivateWish(application_id=application.id, school=school, wished_at=clock.now()))
    db.session.flush()
    record("private.wished", "application", application.id, school=school)
    return application


def private_view(actor: Actor, application_id: uuid.UUID) -> dict[str, Any]:
    """{may_wish, school, schools: [{code, name, seats, address, registered}]}: what a family may register for, and has.

    `registered` counts the families of the year that are registered there and still take part. Raises NotFound.
    """
    _, application = open_application(actor, application_id, "child.read")
    held = db.session.get(PrivateWish, application.id)
    planned = private_plan(application.banner, application.stage)
    return {
        "may_wish": application.state in WISHABLE,
        "school": held.school if held else None,
        "schools": [
            {
                "code": one.code,
                "name": one.name,
                "seats": planned[one.code],
                "address": one.address,
                "registered": _registered(one.code, application.year),
            }
            for one in schools_of(application.banner, application.stage)
            if one.code in planned
        ],
    }


def _registered(school: str, year: int) -> int:
    return db.session.execute(
        select(func.count())
        .select_from(PrivateWish)
        .join(Application, Application.id == PrivateWish.application_id)
        .where(PrivateWish.school == school, Application.year == year, Application.state.not_in(ENDED))
    ).scalar_one()


def private_plan(banner: str, stage: str) -> dict[str, int]:
    """School → planned seats of the private schools of a stage."""
    private = {one.code for one in schools_of(banner, stage) if one.private}
    return {school: seats for school, seats in plan_of(banner, stage).items() if school in private}


def wishes_of(school: str, states: tuple[str, ...]) -> list[Application]:
    """The applications of the year in these states that registered for the school, by receipt; held until the end."""
    year = book_in_force(school.split("-", maxsplit=1)[0]).year
    found = db.session.execute(
        select(Application)
        .join(PrivateWish, PrivateWish.application_id == Application.id)
        .where(PrivateWish.school == school, Application.year == year, Application.state.in_(states))
        .order_by(Application.receipt)
        .with_for_update(of=Application)
    ).scalars()
    return list(found)

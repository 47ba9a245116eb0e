"""A child whose entry to primary school is put off stays in a kindergarten with space (缓学, domain 2.4)."""

import uuid
from typing import Any

from sqlalchemy import select

from backend.enrolment.deferrals import ANSWER, tell_family
from backend.enrolment.rows import Deferral
from backend.foundation import clock
from backend.foundation.audit import record
from backend.foundation.database import db
from backend.foundation.problems import NotFound, Refusal
from backend.identity.actors import Actor
from backend.identity.authorize import authorize_office
from backend.identity.rules.roles import banner_scopes
from backend.placement.rounds import free_seats, hold_stage
from backend.placement.special_cases import OverPlan, SchoolUnknown
from backend.policy.books_in_force import book_in_force
from backend.policy.places import plan_of, school_named

STAGE = "kindergarten"


class NotDeferred(Refusal):
    """No entry to primary school is put off by this request: it is not approved, or of another stage or year."""

    code = "not-deferred"


def kindergartens_with_room(banner: str) -> list[dict[str, Any]]:
    """The public kindergartens with free seats, the emptiest first: `school`, `free`."""
    free = free_seats(banner, STAGE) if STAGE in book_in_force(banner).stages else {}
    ordered = sorted(free.items(), key=lambda one: (-one[1], one[0]))
    return [{"school": school, "free": seats} for school, seats in ordered if seats > 0]


def keep_in_kindergarten(actor: Actor, deferral_id: uuid.UUID, school: str) -> Deferral:
    """The bureau finds a place until next year; the family is told. A second word moves the child to another one.

    Raises NotFound, NotAllowed, NotDeferred, SchoolUnknown, OverPlan.
    """
    one = db.session.execute(select(Deferral).where(Deferral.id == deferral_id).with_for_update()).scalar_one_or_none()
    if one is None:
        raise NotFound
    authorize_office(actor, ANSWER, banner_scopes(one.banner))
    if one.state != "approved" or one.stage != "primary" or one.year != book_in_force(one.banner).year:
        raise NotDeferred
    if one.kindergarten == school:
        return one
    hold_stage(one.banner, STAGE)
    free = free_seats(one.banner, STAGE) if STAGE in book_in_force(one.banner).stages else {}
    named = school_named(school)
    if school not in free or named is None:
        raise SchoolUnknown
    if free[school] < 1:
        seats = plan_of(one.banner, STAGE)[school]
        raise OverPlan(seats=seats, taken=seats)
    one.kindergarten, one.kept_at = school, clock.now()
    record("deferral.kept", "child", one.child_id, school=school)
    tell_family(one, "deferral-kept", school=named.name, next_year=str(one.year + 1))
    return one

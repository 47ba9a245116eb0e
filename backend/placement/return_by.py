"""限期复学 (E06): the notice to the families of children who have a school and do not come to it."""

import uuid
from datetime import date, datetime, time
from typing import Any

from sqlalchemy import select

from backend.enrolment.rows import Application
from backend.families.queries import guardians_of
from backend.foundation import clock
from backend.foundation.audit import record
from backend.foundation.database import db
from backend.foundation.problems import Refusal
from backend.identity.actors import Actor
from backend.identity.authorize import authorize_office
from backend.identity.rules.roles import banner_scopes
from backend.notices.send_notice import send_notice
from backend.placement.rows import PlacementRow
from backend.policy.books_in_force import book_in_force
from backend.policy.places import school_named
from backend.policy.rules.times import BEIJING

COMES = ("enrolled", "recorded")


class ReturnByWrong(Refusal):
    """The day by which to come back lies ahead."""

    code = "return-by-wrong"
    status = 422


def send_return_by(actor: Actor, banner: str, until: date) -> int:
    """How many families were told; the same day is told once to each. Raises NotAllowed, ReturnByWrong."""
    authorize_office(actor, "seats.settle", banner_scopes(banner))
    if until <= clock.today():
        raise ReturnByWrong
    told = 0
    for child_id, school in _who_do_not_come(banner):
        facts: dict[str, Any] = {"until": datetime.combine(until, time(), BEIJING), "school": school}
        for account in guardians_of(child_id):
            send_notice(account, "return-by", facts, f"return-by/{child_id}/{until}/{account}", child_id)
            told += 1
    record("return-by.sent", "banner", banner, told=told, until=until.isoformat())
    return told


def _who_do_not_come(banner: str) -> list[tuple[uuid.UUID, str]]:
    """(child, the name of the school it was to come to) of everybody a school has reported this year."""
    found = db.session.execute(
        select(Application.child_id, PlacementRow.school)
        .join(PlacementRow, PlacementRow.application_id == Application.id)
        .where(Application.banner == banner, Application.year == book_in_force(banner).year)
        .where(Application.state.not_in(COMES), PlacementRow.state != "superseded")
        .where(PlacementRow.absent_at.is_not(None), PlacementRow.school.is_not(None))
        .order_by(Application.receipt, PlacementRow.absent_at)
    )
    schools = {child_id: code for child_id, code in found if code is not None}
    named = ((child_id, school_named(code)) for child_id, code in schools.items())
    return [(child_id, school.name) for child_id, school in named if school is not None]

"""A sample of what passed by itself is looked at by a person; a fault that is found puts the application into review."""

import uuid
from typing import Any

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from backend.enrolment.rows import Application
from backend.foundation import clock
from backend.foundation.audit import record
from backend.foundation.database import db
from backend.foundation.problems import NotFound, Refusal
from backend.identity.actors import Actor
from backend.identity.authorize import authorize
from backend.identity.rules.roles import Scope, banner_scopes
from backend.verification.deal_case import deal
from backend.verification.rows import SpotCheck
from backend.verification.rules.dealing import is_sampled

SHORTEST_NOTE = 2


class SpotCheckDone(Refusal):
    """Somebody has looked at this one already."""

    code = "spot-check-done"


class FindingMissing(Refusal):
    """A fault that was found is described."""

    code = "reason-missing"
    status = 422


def draw_spot_check(application: Application) -> None:
    """Draw the application into the sample, by its own random id; a second passing draws it no second time."""
    if not is_sampled(application.id.bytes):
        return
    db.session.execute(
        insert(SpotCheck)
        .values(
            id=uuid.uuid4(),
            application_id=application.id,
            banner=application.banner,
            drawn_at=clock.now(),
            taken_by=deal(application.banner, set()),
        )
        .on_conflict_do_nothing()
    )


def open_spot_check(actor: Actor, check_id: uuid.UUID) -> tuple[SpotCheck, Application]:
    """The spot check with its application; the look at the child's record is written down.

    A registration that was taken back gives no more leave to look. Raises NotFound, SpotCheckDone.
    """
    check = db.session.get(SpotCheck, check_id)
    if check is None:
        raise NotFound
    application = db.session.get_one(Application, check.application_id)
    scopes = (Scope("child", str(application.child_id)), *banner_scopes(check.banner))
    is_over = check.looked_at is not None or application.state == "withdrawn"
    if actor.may("case.decide", scopes) is not None and is_over:
        raise SpotCheckDone
    authorize(actor, "case.decide", scopes, purpose=f"spot check {check.id}")
    return check, application


def judge_spot_check(actor: Actor, check_id: uuid.UUID, note: str, *, is_right: bool) -> tuple[SpotCheck, Application]:
    """Write down the finding. Raises NotFound, SpotCheckDone, FindingMissing."""
    check, application = open_spot_check(actor, check_id)
    if not is_right and len(note.strip()) < SHORTEST_NOTE:
        raise FindingMissing
    check.looked_at, check.looked_by = clock.now(), actor.account_id
    check.is_right, check.note = is_right, note.strip()
    record("spot-check.judged", "application", application.id, note.strip(), is_right=is_right)
    return check, application


def spot_checks_waiting(banners: list[str]) -> list[dict[str, Any]]:
    """The sample that waits for a look, oldest first."""
    found = db.session.execute(
        select(SpotCheck, Application.receipt)
        .join(Application, Application.id == SpotCheck.application_id)
        .where(SpotCheck.banner.in_(banners), SpotCheck.looked_at.is_(None), Application.state != "withdrawn")
        .order_by(SpotCheck.drawn_at)
    )
    return [{"id": str(check.id), "receipt": receipt, "drawn_at": check.drawn_at} for check, receipt in found]

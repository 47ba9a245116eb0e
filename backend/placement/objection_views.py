"""Objections as their family and the officials see them."""

import uuid
from typing import Any

from sqlalchemy import select

from backend.enrolment.applications import open_application
from backend.enrolment.diary_notes import objection_state
from backend.enrolment.rows import Application
from backend.families.people import words_for
from backend.foundation import clock
from backend.foundation.database import db
from backend.foundation.problems import NotFound
from backend.identity.actors import Actor
from backend.identity.authorize import authorize, authorize_office
from backend.identity.rules.roles import Scope, banner_scopes
from backend.placement.objections import ANSWER, OPEN
from backend.placement.rows import Objection


def objections_of(actor: Actor, application_id: uuid.UUID) -> list[dict[str, Any]]:
    """The family's own objections with their answers. Raises NotFound."""
    _, application = open_application(actor, application_id, "child.read")
    return objections_held(application)


def objections_held(application: Application) -> list[dict[str, Any]]:
    """The objections of an application with their answers, oldest first."""
    found = db.session.execute(
        select(Objection).where(Objection.application_id == application.id).order_by(Objection.filed_at)
    ).scalars()
    return [_shown(one, application.child_id) for one in found]


def _shown(one: Objection, child_id: uuid.UUID) -> dict[str, Any]:
    answer = one.answer_sealed
    return {
        "id": str(one.id),
        "receipt": one.receipt,
        "state": one.state,
        "state_text": objection_state(one.state),
        "text": words_for(child_id, f"objection.text.{one.id}", one.text_sealed),
        "filed_at": one.filed_at.isoformat(),
        "answer_by": one.answer_by.isoformat(),
        "answer": words_for(child_id, f"objection.answer.{one.id}", answer) if answer else None,
        "answered_at": one.answered_at.isoformat() if one.answered_at else None,
    }


def queue(actor: Actor, banner: str) -> list[dict[str, Any]]:
    """The banner's objections without what families wrote: open ones first, the most urgent on top."""
    authorize_office(actor, ANSWER, banner_scopes(banner))
    found = db.session.execute(
        select(Objection, Application.receipt)
        .join(Application, Application.id == Objection.application_id)
        .where(Objection.banner == banner)
        .order_by(Objection.state.not_in(OPEN), Objection.answer_by)
    )
    moment = clock.now()
    return [
        {
            "id": str(one.id),
            "receipt": one.receipt,
            "application": receipt,
            "stage": one.stage,
            "state": one.state,
            "state_text": objection_state(one.state),
            "answer_by": one.answer_by.isoformat(),
            "is_late": one.state in OPEN and moment >= one.answer_by,
            "fault": one.fault,
        }
        for one, receipt in found
    ]


def look_at_objection(actor: Actor, objection_id: uuid.UUID) -> dict[str, Any]:
    """One objection with its text, for the official who answers; the look is written down (P13). Raises NotFound."""
    one = db.session.get(Objection, objection_id)
    if one is None:
        raise NotFound
    application = db.session.get_one(Application, one.application_id)
    scopes = (Scope("child", str(application.child_id)), *banner_scopes(one.banner))
    authorize(actor, ANSWER, scopes, purpose=f"objection/{one.receipt}")
    return _shown(one, application.child_id) | {"application": application.receipt, "banner": one.banner}

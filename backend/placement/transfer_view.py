"""Transfers (D15) as a family and the officials see them: where there is room, what was asked, what became of it."""

import uuid
from typing import Any

from sqlalchemy import select

from backend.enrolment.applications import open_application
from backend.enrolment.rows import Application
from backend.families.people import words_for
from backend.foundation import clock
from backend.foundation.database import db
from backend.foundation.problems import Refusal
from backend.identity.actors import Actor
from backend.identity.authorize import authorize, authorize_office
from backend.identity.rules.roles import Scope, banner_scopes
from backend.placement.rows import PlacementRow, Proposal, TransferRequest
from backend.placement.special_cases import fits_state
from backend.placement.transfers import TRANSFERABLE, may_ask, schools_with_room
from backend.policy.books_in_force import book_in_force
from backend.policy.page_names import school_name
from backend.policy.places import school_named, unit_named
from backend.policy.rules.after_words import transfer_words

PROPOSE = "special.propose"
AFTER_GIVEN = {"confirmed": "done", "declined": "given-up", "lapsed": "given-up"}
"""What a given seat has become by the family's answer; until then it is offered."""


def transfer_view(actor: Actor, application_id: uuid.UUID, unit_code: str | None = None) -> dict[str, Any]:
    """{rule, may_ask, why_not, nearest_only, schools: [{code, name, address, free}], items: [...]}: one family's transfers.

    `schools` are those with room, nearest to `unit_code` (or the registered home) first; by a book that sends to the
    nearest school only that one. `why_not` is the code of the refusal. Raises NotFound, UnitUnknown.
    """
    _, application = open_application(actor, application_id, "child.read")
    book = book_in_force(application.banner)
    nearest_only = book.transfers.to == "nearest-with-room"
    lives_at = unit_named(unit_code).code if unit_code else application.unit_code or ""
    why_not = _why_not(application)
    room = [] if why_not else schools_with_room(application.banner, application.stage, lives_at, application)
    items = requests_of(application)
    return {
        "rule": transfer_words(book),
        "may_ask": why_not is None and not any(one["state"] == "open" for one in items),
        "why_not": why_not,
        "nearest_only": nearest_only,
        "schools": [_school(one) for one in (room[:1] if nearest_only else room)],
        "items": items,
    }


def _why_not(application: Application) -> str | None:
    try:
        fits_state("transfer", application)
        may_ask(application, "", clock.now())
    except Refusal as refusal:
        return refusal.code
    return None


def _school(one: dict[str, Any]) -> dict[str, Any]:
    named = school_named(one["school"])
    told = {"name": named.name, "address": named.address} if named else {"name": one["school"], "address": ""}
    return {"code": one["school"], "free": one["free"], **told}


def requests_of(application: Application) -> list[dict[str, Any]]:
    """The requests of an application with their answers, newest first."""
    found = db.session.execute(
        select(TransferRequest, PlacementRow.state, PlacementRow.confirm_by)
        .outerjoin(Proposal, Proposal.transfer_id == TransferRequest.id)
        .outerjoin(PlacementRow, PlacementRow.proposal_id == Proposal.id)
        .where(TransferRequest.application_id == application.id)
        .order_by(TransferRequest.asked_at.desc())
    )
    return [_request(one, row, confirm_by, application) for one, row, confirm_by in found]


def _request(one: TransferRequest, row: str | None, confirm_by: Any, application: Application) -> dict[str, Any]:
    child, answer = application.child_id, one.answer_sealed
    state = one.state
    if state == "given":
        state = AFTER_GIVEN.get(row or "", "offered" if row == "offered" else "done")
    elif state == "open" and application.state not in TRANSFERABLE:
        state = "over"
    return {
        "id": str(one.id),
        "receipt": one.receipt,
        "state": state,
        "school": {"code": one.school, "name": school_name(one.school)},
        "unit_code": one.unit_code,
        "unit_name": unit_named(one.unit_code).name if one.unit_code else None,
        "text": words_for(child, f"transfer.text.{one.id}", one.text_sealed),
        "asked_at": one.asked_at.isoformat(),
        "answer_by": one.answer_by.isoformat(),
        "answer": words_for(child, f"transfer.answer.{one.id}", answer) if answer else None,
        "answered_at": one.answered_at.isoformat() if one.answered_at else None,
        "confirm_by": confirm_by.isoformat() if confirm_by and state == "offered" else None,
    }


def transfer_queue(actor: Actor, banner: str, stage: str) -> list[dict[str, Any]]:
    """The stage's open requests without what families wrote, in the order in which they were asked."""
    authorize_office(actor, PROPOSE, banner_scopes(banner))
    found = db.session.execute(
        select(TransferRequest, Application.receipt, Proposal.proposed_by)
        .join(Application, Application.id == TransferRequest.application_id)
        .outerjoin(Proposal, Proposal.transfer_id == TransferRequest.id)
        .where(TransferRequest.banner == banner, TransferRequest.stage == stage, TransferRequest.state == "open")
        .where(Application.state.in_(TRANSFERABLE))
        .order_by(TransferRequest.asked_at)
    )
    moment = clock.now()
    return [
        {
            "id": str(one.id),
            "receipt": one.receipt,
            "application": receipt,
            "school": one.school,
            "asked_at": one.asked_at.isoformat(),
            "answer_by": one.answer_by.isoformat(),
            "is_late": moment >= one.answer_by,
            "on_paper": one.on_paper,
            "is_proposed": proposed_by is not None,
        }
        for one, receipt, proposed_by in found
    ]


def look_at_request(actor: Actor, application: Application) -> dict[str, Any] | None:
    """The open request of an application with what the family wrote; the look is written down (P13)."""
    open_ones = [one for one in requests_of(application) if one["state"] == "open"]
    if not open_ones:
        return None
    scopes = (Scope("child", str(application.child_id)), *banner_scopes(application.banner))
    authorize(actor, PROPOSE, scopes, purpose=f"transfer/{open_ones[0]['receipt']}")
    return open_ones[0]

"""A family asks for a transfer (D15), takes it back, or is refused in words; a seat is given by two officials alone.

Giving is `special_cases.propose` and `approve`; what one may ask for is `transfers.py` and `[transfers]` of the book.
"""

import uuid
from datetime import datetime

from backend.enrolment.applications import open_application
from backend.enrolment.rows import Application
from backend.foundation.database import db
from backend.foundation.problems import NotFound, Refusal
from backend.identity.actors import Actor
from backend.identity.authorize import authorize_office
from backend.identity.rules.roles import banner_scopes
from backend.placement.rounds import public_plan
from backend.placement.rows import TransferRequest
from backend.placement.special_cases import SHORTEST_REASON, ReasonMissing, SchoolUnknown, fits_state
from backend.placement.transfer_requests import close_request, file_request, open_request, tell_family
from backend.placement.transfers import may_ask, room_at
from backend.policy.places import unit_named


class TransferTextMissing(Refusal):
    """A family says in a sentence why."""

    code = "transfer-text-missing"
    status = 422


class TransferOpen(Refusal):
    """A request of this application, `receipt`, waits for its answer."""

    code = "transfer-open"


class NoTransferOpen(Refusal):
    """No request for a transfer waits for an answer."""

    code = "no-transfer-open"


def ask_transfer(
    actor: Actor, application_id: uuid.UUID, school: str, text: str, unit_code: str | None, arrived_at: datetime
) -> TransferRequest:
    """The guardian asks for a school with a free seat; `unit_code` is where the family lives now, if it has moved.

    Raises NotFound, TransferTextMissing, SchoolUnknown, UnitUnknown, NotForThisState, TransferOpen, TransfersNotOffered,
    TransfersNotNow, AlreadyThere, NearerWithRoom, SeatsWaitedFor.
    """
    _, application = open_application(actor, application_id, "place.answer", lock=True)
    if len(text.strip()) < SHORTEST_REASON:
        raise TransferTextMissing
    if school not in public_plan(application.banner, application.stage):
        raise SchoolUnknown
    if (waiting := open_request(application.id)) is not None:
        raise TransferOpen(receipt=waiting.receipt)
    fits_state("transfer", application)
    may_ask(application, school, arrived_at)
    unit = unit_named(unit_code).code if unit_code else None
    room_at(application, school, unit)
    return file_request(actor, application, school, unit, text.strip(), on_paper=False)


def withdraw_transfer(actor: Actor, application_id: uuid.UUID) -> TransferRequest:
    """The guardian takes the open request back; the child keeps its place. Raises NotFound, NoTransferOpen."""
    _, application = open_application(actor, application_id, "place.answer", lock=True)
    one = open_request(application.id)
    if one is None:
        raise NoTransferOpen
    close_request(one, "withdrawn", actor.account_id)
    return one


def refuse_transfer(actor: Actor, request_id: uuid.UUID, reason: str) -> TransferRequest:
    """An official refuses with a reason that the family reads; the child keeps its place.

    Raises NotFound, NotAllowed, ReasonMissing, NoTransferOpen.
    """
    one = db.session.get(TransferRequest, request_id, with_for_update=True)
    if one is None:
        raise NotFound
    authorize_office(actor, "special.propose", banner_scopes(one.banner))
    if len(reason.strip()) < SHORTEST_REASON:
        raise ReasonMissing
    if one.state != "open":
        raise NoTransferOpen
    close_request(one, "refused", actor.account_id, reason.strip())
    tell_family(db.session.get_one(Application, one.application_id), one, "transfer-refused", reason.strip())
    return one

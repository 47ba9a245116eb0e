"""Take a request for a human: one official works on it, and everybody at the desk sees who."""

import uuid
from datetime import datetime

from backend.foundation import clock
from backend.foundation.audit import record, record_access
from backend.foundation.database import db
from backend.foundation.problems import NotFound, Refusal
from backend.identity.actors import Actor
from backend.identity.authorize import authorize_office
from backend.notices.answer_help import ACTION, help_scopes, open_request
from backend.notices.call_human import ANSWERED_WITHIN
from backend.notices.rows import HelpRequest


class HelpTaken(Refusal):
    """Another official has begun with it."""

    code = "help-taken"


def take_help(actor: Actor, request_id: uuid.UUID) -> HelpRequest:
    """The request, taken by this official; again by the same one changes nothing. One that another official took and
    left lying for the time in which people are answered may be taken over. Raises NotFound, NotAllowed, HelpTaken,
    HelpAnswered.
    """
    row = open_request(actor, request_id)
    moment = clock.now()
    if row.taken_by == actor.account_id:
        return row
    if is_in_hand(row, moment):
        raise HelpTaken
    record("help.taken", "help_request", row.id, instead_of=str(row.taken_by or ""))
    row.taken_by, row.taken_at = actor.account_id, moment
    return row


def is_in_hand(row: HelpRequest, moment: datetime) -> bool:
    """Whether an official has begun with the request, and not so long ago that another one may take it over."""
    return row.taken_at is not None and moment < row.taken_at + ANSWERED_WITHIN


def open_help(actor: Actor, request_id: uuid.UUID) -> HelpRequest:
    """The request for who answers it. Where it is about a child, the look at the child's matter is written down (P13).

    Raises NotFound, NotAllowed.
    """
    row = db.session.get(HelpRequest, request_id)
    if row is None:
        raise NotFound
    grant = authorize_office(actor, ACTION, help_scopes(actor, row))
    if row.child_id is not None:
        record_access(grant.role.name, "child", str(row.child_id), f"help/{row.id}")
    return row

"""Answer somebody who asked for a human; the answer goes to the person as a notice."""

import uuid

from sqlalchemy import select

from backend.foundation import clock
from backend.foundation.audit import record
from backend.foundation.crypto import seal
from backend.foundation.database import db
from backend.foundation.problems import NotFound, Refusal
from backend.identity.actors import Actor
from backend.identity.authorize import authorize_office
from backend.identity.rows import Account
from backend.identity.rules.roles import Scope, banner_scopes
from backend.notices.rows import HelpRequest
from backend.notices.send_notice import send_notice

ACTION = "help.answer"
SHORTEST = 2


class HelpAnswered(Refusal):
    """Somebody has answered already."""

    code = "help-answered"


class AnswerEmpty(Refusal):
    """An answer says something."""

    code = "answer-empty"
    status = 422


def help_scopes(actor: Actor, row: HelpRequest) -> tuple[Scope, ...]:
    """The offices a request belongs to: its banner's and the city's; without a banner any that `actor` answers for."""
    return banner_scopes(row.banner) if row.banner else tuple(actor.scopes_for(ACTION))


def open_request(actor: Actor, request_id: uuid.UUID) -> HelpRequest:
    """A request that nobody has answered yet, locked. Raises NotFound (also of a closed account), NotAllowed, HelpAnswered."""
    row = db.session.execute(
        select(HelpRequest).where(HelpRequest.id == request_id).with_for_update()
    ).scalar_one_or_none()
    if row is None or db.session.get_one(Account, row.account_id).closed_at is not None:
        raise NotFound
    authorize_office(actor, ACTION, help_scopes(actor, row))
    if row.answered_at is not None:
        raise HelpAnswered
    return row


def answer_help(actor: Actor, request_id: uuid.UUID, answer: str) -> HelpRequest:
    """The request, answered once. Raises NotFound, NotAllowed, HelpAnswered, AnswerEmpty."""
    row = open_request(actor, request_id)
    if len(answer.strip()) < SHORTEST:
        raise AnswerEmpty
    row.answered_at, row.answered_by = clock.now(), actor.account_id
    row.answer_sealed = seal(row.account_id, f"help_request.answer.{row.id}", answer.strip())
    send_notice(row.account_id, "help-answered", {"answer": answer.strip()}, f"help-answered/{row.id}")
    record("help.answered", "help_request", row.id)
    return row

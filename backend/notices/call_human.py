"""Ask for a human: the request waits on the desk with its matter and child, and is answered where it was asked."""

import uuid
from datetime import timedelta

from sqlalchemy import select

from backend.foundation import clock
from backend.foundation.audit import record
from backend.foundation.crypto import seal, unseal
from backend.foundation.database import db
from backend.notices.rows import HelpRequest

LONGEST = 1000
ANSWERED_WITHIN = timedelta(minutes=30)
"""The clock of the desk: how soon somebody who asked for a human should hear from one in the daytime."""


def call_human(
    account_id: uuid.UUID, matter: str, text: str, child_id: uuid.UUID | None = None, banner: str | None = None
) -> HelpRequest:
    """The request. Asked again while one is open, the new words are added to it: the person stands in line once.

    Without a banner it waits in every banner's inbox at once. One that an official has begun with stays where it is.
    """
    row = _open_request_of(account_id)
    moment = clock.now()
    if row is None:
        row = HelpRequest(
            id=uuid.uuid4(), account_id=account_id, asked_at=moment, due_at=moment + ANSWERED_WITHIN, matter=matter
        )
        row.text_sealed = _seal(row, text[:LONGEST])
        db.session.add(row)
    else:
        row.text_sealed = _seal(row, f"{asked_text(row)}\n{text}"[-LONGEST:])
        row.matter = matter
    row.child_id = child_id or row.child_id
    if row.taken_by is None:
        row.banner = banner or row.banner
    db.session.flush()
    record("help.asked", "help_request", row.id, matter=matter)
    return row


def place_help(account_id: uuid.UUID, banner: str) -> None:
    """The open request of this account is the banner's, unless it is somebody's already: an office's, or an official's."""
    row = _open_request_of(account_id)
    if row is not None and row.banner is None and row.taken_by is None:
        row.banner = banner
        record("help.placed", "help_request", row.id, banner=banner)


def has_called(account_id: uuid.UUID) -> bool:
    """Whether a request of this account waits for its answer."""
    waiting = select(HelpRequest.id).where(HelpRequest.account_id == account_id, HelpRequest.answered_at.is_(None))
    return db.session.execute(waiting).first() is not None


def _open_request_of(account_id: uuid.UUID) -> HelpRequest | None:
    """The request that waits for its answer, locked; None where there is none."""
    waiting = select(HelpRequest).where(HelpRequest.account_id == account_id, HelpRequest.answered_at.is_(None))
    return db.session.execute(waiting.with_for_update()).scalar_one_or_none()


def _seal(row: HelpRequest, text: str) -> bytes:
    return seal(row.account_id, f"help_request.text.{row.id}", text)


def asked_text(row: HelpRequest) -> str:
    """What the person wrote, in clear."""
    return unseal(row.account_id, f"help_request.text.{row.id}", row.text_sealed)

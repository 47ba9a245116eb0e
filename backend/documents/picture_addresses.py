"""Signed, short-lived addresses of clean pictures: an <img> carries no log-in, so the address itself is the key (D12)."""

import uuid
from datetime import timedelta

from flask import current_app
from itsdangerous import BadSignature, URLSafeSerializer

from backend.foundation import clock
from backend.foundation.problems import NotFound

LIVES = timedelta(minutes=10)
SALT = "paper-picture"


def picture_address(paper_id: uuid.UUID, account_id: uuid.UUID) -> str:
    """Where this account may look at this picture for the next ten minutes."""
    ends_at = int((clock.now() + LIVES).timestamp())
    ticket = _signer().dumps([paper_id.hex, account_id.hex, ends_at])
    return f"/api/papers/{paper_id}/picture?ticket={ticket}"


def holder_of_ticket(paper_id: uuid.UUID, ticket: str) -> uuid.UUID:
    """The account the ticket was made for. Raises NotFound where it is forged, of another picture, or too old."""
    try:
        signed_paper, account, ends_at = _signer().loads(ticket)
        if signed_paper != paper_id.hex or clock.now().timestamp() >= int(ends_at):
            raise NotFound
        return uuid.UUID(account)
    except (BadSignature, ValueError, TypeError) as error:
        raise NotFound from error


def _signer() -> URLSafeSerializer:
    key = current_app.secret_key
    return URLSafeSerializer(key if isinstance(key, (str, bytes)) else b"", salt=SALT)

"""The same request key gives the same answer and one effect (promises D2, P9)."""

import hashlib
from datetime import datetime

from flask import Request, Response
from sqlalchemy import update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Mapped, mapped_column

from backend.foundation import clock
from backend.foundation.crypto import seal_for_service, unseal_for_service
from backend.foundation.database import Rows, db
from backend.foundation.problems import Refusal

HEADER = "Idempotency-Key"
LONGEST = 200


class RequestKey(Rows):
    """One answered request: who asked what with which key, and what was answered; kept for the whole season."""

    __tablename__ = "request_key"

    principal: Mapped[str] = mapped_column(primary_key=True)
    route: Mapped[str] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(primary_key=True)
    request_sha256: Mapped[bytes]
    answered_at: Mapped[datetime]
    status: Mapped[int | None]
    content_type: Mapped[str | None]
    location: Mapped[str | None]
    body_sealed: Mapped[bytes | None]


class RequestKeyMissing(Refusal):
    """A change needs an Idempotency-Key, so that a repeated request is known as one."""

    code = "request-key-missing"
    status = 400


class RequestKeyReused(Refusal):
    """The key belongs to another request of the same person."""

    code = "request-key-reused"
    status = 422


def request_key(request: Request) -> str | None:
    """The key of a change: the header, or the hidden field of a desk form."""
    key = request.headers.get(HEADER)
    if key is None and request.mimetype in {"application/x-www-form-urlencoded", "multipart/form-data"}:
        request.get_data(cache=True)
        key = request.form.get("request_key")
    return key[:LONGEST] if key else None


def earlier_answer(request: Request, principal: str, key: str) -> Response | None:
    """The stored answer to this very request, or None where it is new and its key is now taken.

    A second copy waits here until the first is committed. Raises RequestKeyReused for another body.
    """
    route = _route(request)
    digest = _digest(request)
    taken = db.session.execute(
        insert(RequestKey)
        .values(principal=principal, route=route, key=key, request_sha256=digest, answered_at=clock.now())
        .on_conflict_do_nothing()
        .returning(RequestKey.key)
    ).scalar_one_or_none()
    if taken is not None:
        return None
    stored = db.session.get_one(RequestKey, (principal, route, key))
    if stored.request_sha256 != digest:
        raise RequestKeyReused
    body = unseal_for_service(_place(route, key), stored.body_sealed) if stored.body_sealed else b""
    answer = Response(body, status=stored.status or 200, content_type=stored.content_type)
    if stored.location:
        answer.headers["Location"] = stored.location
    answer.headers["Idempotent-Replay"] = "1"
    return answer


def _route(request: Request) -> str:
    return f"{request.method} {request.path}"[:LONGEST]


def _place(route: str, key: str) -> str:
    return f"request_key.body.{route}.{key}"


def _digest(request: Request) -> bytes:
    """SHA-256 of the body. The boundary of a multipart body is left out: a phone draws a new one for every attempt."""
    body = request.get_data(cache=True)
    boundary = request.mimetype_params.get("boundary", "")
    return hashlib.sha256(body.replace(boundary.encode(), b"") if boundary else body).digest()


def keep_answer(request: Request, principal: str, key: str, answer: Response) -> None:
    """Store the answer, sealed, in the same transaction as the effect."""
    route = _route(request)
    db.session.execute(
        update(RequestKey)
        .where(
            RequestKey.principal == principal,
            RequestKey.route == route,
            RequestKey.key == key,
        )
        .values(
            status=answer.status_code,
            content_type=answer.content_type,
            location=answer.headers.get("Location"),
            body_sealed=seal_for_service(_place(route, key), answer.get_data()),
        )
    )

"""The token of an exam candidate: signed, so that it is checked without a question to the database.

It begins with `zk1.`, so nobody takes it for a guardian's or an official's. Reading one's own rank trusts the signature
and the end time; a change of choice also asks whether the log-in still lives.
"""

import base64
import hashlib
import hmac
import struct
import uuid
from dataclasses import dataclass
from datetime import UTC, datetime

PREFIX = "zk1."
DOMAIN = b"sunroll-candidate-token/v1\0"
_SHAPE = struct.Struct(">qqh?q16s")
_MAC_BYTES = 16


@dataclass(frozen=True, slots=True)
class CandidateToken:
    """What the token says: whose, by which log-in, whether each change needs a code, until when."""

    candidate_id: int
    login_id: int
    year: int
    needs_code: bool
    ends_at: int
    subject: uuid.UUID


def write_candidate_token(token: CandidateToken, key: bytes) -> str:
    """The token as text, signed with the service's token key."""
    body = _SHAPE.pack(
        token.candidate_id, token.login_id, token.year, token.needs_code, token.ends_at, token.subject.bytes
    )
    return PREFIX + base64.urlsafe_b64encode(body + _mac(key, body)).decode().rstrip("=")


def read_candidate_token(text: str, key: bytes, now: datetime) -> CandidateToken | None:
    """What the token says, or None where it is none of ours, was changed, or has ended."""
    if not text.startswith(PREFIX):
        return None
    try:
        data = base64.urlsafe_b64decode(text[len(PREFIX) :] + "=" * (-len(text[len(PREFIX) :]) % 4))
    except ValueError:
        return None
    body, mac = data[:-_MAC_BYTES], data[-_MAC_BYTES:]
    if len(body) != _SHAPE.size or not hmac.compare_digest(mac, _mac(key, body)):
        return None
    candidate_id, login_id, year, needs_code, ends_at, subject = _SHAPE.unpack(body)
    if now.astimezone(UTC).timestamp() >= ends_at:
        return None
    return CandidateToken(candidate_id, login_id, year, needs_code, ends_at, uuid.UUID(bytes=subject))


def _mac(key: bytes, body: bytes) -> bytes:
    return hmac.new(key, DOMAIN + body, hashlib.sha256).digest()[:_MAC_BYTES]

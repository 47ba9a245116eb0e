"""The token of an exam candidate: signed, so that it is checked without a question to the database.

It begins with `zk1.`, so nobody takes it for a guardian's or an official's. The rank of a board trusts the signature, the
end time and the ended log-ins that the board names; everything else also asks whether the log-in still lives.
"""

import base64
import hmac
import struct
import uuid
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

PREFIX = "zk1."
DOMAIN = b"sunroll-candidate-token/v1\0"
_SHAPE = struct.Struct(">qqh?q16s")
_MAC_BYTES = 16
MOST_REMEMBERED = 50_000


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
    said = signed_token(text, key) if text.startswith(PREFIX) else None
    return None if said is None or now.timestamp() >= said.ends_at else said


@lru_cache(maxsize=MOST_REMEMBERED)
def signed_token(text: str, key: bytes) -> CandidateToken | None:
    """What a token says that we signed, whether or not it has ended; None for any other text.

    A phone asks with the same token again and again: what was checked once is remembered, the end is asked each time.
    """
    try:
        data = base64.urlsafe_b64decode(text[len(PREFIX) :] + "=" * (-len(text[len(PREFIX) :]) % 4))
    except ValueError:
        return None
    body, mac = data[:-_MAC_BYTES], data[-_MAC_BYTES:]
    if len(body) != _SHAPE.size or not hmac.compare_digest(mac, _mac(key, body)):
        return None
    candidate_id, login_id, year, needs_code, ends_at, subject = _SHAPE.unpack(body)
    return CandidateToken(candidate_id, login_id, year, needs_code, ends_at, uuid.UUID(bytes=subject))


def _mac(key: bytes, body: bytes) -> bytes:
    return hmac.digest(key, DOMAIN + body, "sha256")[:_MAC_BYTES]

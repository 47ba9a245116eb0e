"""The token in a candidate's hand: signed, so that the one path before Flask can check it without a database.

`candidate.login.end.signature`, the first three in lower-case hexadecimal. It says nothing about the person but two
numbers of ours. A log-in that was ended before its time is found in the list that travels with every snapshot
(`board.reading`), and in the table by everything that writes.
"""

import hashlib
import hmac
import re
from dataclasses import dataclass
from functools import lru_cache

PURPOSE = b"sunroll/exam-candidate-token/1"
SIGNATURE_BYTES = 20
_TOKEN = re.compile(r"zk\.([0-9a-f]{1,15})\.([0-9a-f]{1,15})\.([0-9a-f]{1,12})\.([0-9a-f]{40})", re.ASCII)


@dataclass(frozen=True, slots=True)
class Holder:
    """Whom a token speaks for: the candidate's and the log-in's row, and the instant it ends (seconds since 1970)."""

    candidate_id: int
    login_id: int
    ends_at: int


@lru_cache(maxsize=8)
def _signing_key(secret: bytes) -> "hmac.HMAC":
    return hmac.new(hmac.digest(secret, PURPOSE, "sha256"), digestmod=hashlib.sha256)


def sign_token(secret: bytes, holder: Holder) -> str:
    """The token of a log-in. `secret` is the service's token key; other uses of it can never give the same bytes."""
    said = f"zk.{holder.candidate_id:x}.{holder.login_id:x}.{holder.ends_at:x}"
    return f"{said}.{_signature(secret, said)}"


def read_token(secret: bytes, token: str, now: int) -> Holder | None:
    """Whom the token speaks for at `now` (seconds since 1970), or None: not ours, changed, or ended."""
    match = _TOKEN.fullmatch(token)
    if match is None:
        return None
    said, signature = token.rsplit(".", 1)
    if not hmac.compare_digest(signature, _signature(secret, said)):
        return None
    candidate, login, ends_at = (int(match[part], 16) for part in (1, 2, 3))
    return Holder(candidate, login, ends_at) if now < ends_at else None


def _signature(secret: bytes, said: str) -> str:
    signing = _signing_key(secret).copy()
    signing.update(said.encode())
    return signing.digest()[:SIGNATURE_BYTES].hex()

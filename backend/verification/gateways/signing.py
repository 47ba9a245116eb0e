"""Signatures of the departments' exchange: HMAC-SHA256 over client, time, nonce, path and body, both ways (promises 4.5)."""

import base64
import hashlib
import hmac
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from backend.foundation import clock


@dataclass(frozen=True)
class Signer:
    """What one client signs with."""

    client: str
    key: bytes

    def headers(self, address: str, body: bytes, kind: str) -> dict[str, str]:
        """The headers of a question whose body is `body`, of content type `kind`."""
        stamp, nonce = str(int(clock.now().timestamp() * 1000)), secrets.token_hex(16)
        return {
            "Content-Type": kind,
            "X-Client-Id": self.client,
            "X-Timestamp": stamp,
            "X-Nonce": nonce,
            "X-Signature": self.sign(self.client, stamp, nonce, address, body),
        }

    def sign(self, client: str, stamp: str, nonce: str, address: str, body: bytes) -> str:
        """The signature of a body that goes to (or comes from) an address."""
        text = "\n".join([client, stamp, nonce, urlsplit(address).path, hashlib.sha256(body).hexdigest()])
        return base64.b64encode(hmac.new(self.key, text.encode(), hashlib.sha256).digest()).decode()

    def is_answer_to(self, nonce: str, address: str, headers: Mapping[str, str], body: bytes) -> bool:
        """Whether the answer is signed, for this very question."""
        wanted = self.sign(headers.get("X-Client-Id", ""), headers.get("X-Timestamp", ""), nonce, address, body)
        signature = headers.get("X-Signature", "")
        return hmac.compare_digest(wanted.encode(), signature.encode("utf-8", "replace"))

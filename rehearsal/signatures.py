"""Signatures of the departments' exchange, both ways (promises 4.5: client, 10 minutes, nonce, HMAC-SHA256)."""

import base64
import hashlib
import hmac
from collections import OrderedDict

FRESH_SECONDS = 600


def sign(key: str, client: str, timestamp: str, nonce: str, path: str, body: bytes) -> str:
    r"""base64(HMAC-SHA256(key, client \n timestamp \n nonce \n path \n sha256hex(body))); timestamp in milliseconds."""
    text = "\n".join((client, timestamp, nonce, path, hashlib.sha256(body).hexdigest()))
    return base64.b64encode(hmac.new(key.encode(), text.encode(), hashlib.sha256).digest()).decode()


class NonceMemory:
    """The nonces of the last ten minutes, so that no signed question is taken twice."""

    def __init__(self) -> None:
        self._seen: OrderedDict[tuple[str, str], float] = OrderedDict()

    def is_new(self, client: str, nonce: str, now: float) -> bool:
        """Whether this client's nonce was not seen within twice the freshness; remembers it."""
        while self._seen and next(iter(self._seen.values())) < now - 2 * FRESH_SECONDS:
            self._seen.popitem(last=False)
        if (client, nonce) in self._seen:
            return False
        self._seen[client, nonce] = now
        return True

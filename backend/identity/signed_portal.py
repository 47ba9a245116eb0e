"""The adapter to the public-service app: one signed question, one signed answer (docs/formats/portal.md)."""

import hashlib
import hmac
import secrets

import requests

from backend.foundation import clock
from backend.foundation.calls_outside import straight_session
from backend.identity.log_in_by_portal import PortalTicketRefused, PortalUnavailable
from backend.settings import PortalSettings

PATIENCE_SECONDS = 5
UNKNOWN_TICKET = {400, 404, 409, 410}


def signature(key: str, *parts: str) -> str:
    r"""hex(HMAC-SHA256(key, the parts joined by \n))."""
    return hmac.new(key.encode(), "\n".join(parts).encode(), hashlib.sha256).hexdigest()


class SignedPortal:
    """The portal as `PortalGateway`."""

    def __init__(self, settings: PortalSettings) -> None:
        self._settings = settings

    def phone_of(self, ticket: str) -> str:
        """The number that the app has proven. Raises PortalTicketRefused, PortalUnavailable."""
        there = self._settings
        nonce, timestamp = secrets.token_hex(16), str(int(clock.now().timestamp() * 1000))
        asked = {"app_id": there.app_id, "ticket": ticket, "timestamp": timestamp, "nonce": nonce}
        body = {**asked, "signature": signature(there.key, there.app_id, ticket, timestamp, nonce)}
        try:
            with straight_session() as session:
                answer = session.post(f"{there.url}/ticket/exchange", json=body, timeout=PATIENCE_SECONDS)
            if answer.status_code in UNKNOWN_TICKET:
                raise PortalTicketRefused
            answer.raise_for_status()
            told = answer.json()
            phone, signed = str(told["phone"]), str(told["signature"])
        except (requests.RequestException, ValueError, KeyError, TypeError) as error:
            raise PortalUnavailable from error
        if not hmac.compare_digest(signed, signature(there.key, nonce, ticket, phone)):
            raise PortalUnavailable
        return phone

"""The public-service app (蒙速办), simulated: `PORT=… PORTAL_KEY=… PHONE_PAGE=… [CLOCK_URL=…] python -m rehearsal.portal`.

GET /enter?phone=… leads to the phone page with a ticket, as the app's tile would; POST /ticket/exchange tells the service
whose ticket it is. A ticket works once, for five minutes (docs/formats/portal.md).
"""

import asyncio
import hashlib
import hmac
import os
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass

from rehearsal.faults import Weather
from rehearsal.loopback import Answer, Refused, Request, Site, json_answer, settings_of

LIVES_SECONDS = 300
FRESH_SECONDS = 600
FIELDS = ("app_id", "ticket", "timestamp", "nonce", "signature")


def signature(key: str, *parts: str) -> str:
    r"""hex(HMAC-SHA256(key, the parts joined by \n))."""
    return hmac.new(key.encode(), "\n".join(parts).encode(), hashlib.sha256).hexdigest()


@dataclass(frozen=True)
class Ticket:
    """Whose ticket it is, and until when it works (seconds of the clock)."""

    phone: str
    ends: float


class Portal:
    """The app as a site. `lies` makes it answer with another number under the old signature, as a thief would.

    `now` is its clock, in seconds since 1970.
    """

    def __init__(self, key: str, phone_page: str, now: Callable[[], float] = time.time) -> None:
        self._key = key
        self._now = now
        self._phone_page = phone_page
        self._tickets: dict[str, Ticket] = {}
        self.lies = False
        self.site = Site("portal")
        self.site.route("GET", "/enter", self._enter)
        self.site.route("POST", "/ticket/exchange", self._exchange)

    def ticket_for(self, phone: str) -> str:
        """A new ticket for whoever has this number."""
        ticket = secrets.token_urlsafe(24)
        self._tickets[ticket] = Ticket(phone, self._now() + LIVES_SECONDS)
        return ticket

    async def _enter(self, request: Request) -> Answer:
        ticket = self.ticket_for(request.query.get("phone", ""))
        return Answer(status=302, headers={"Location": f"{self._phone_page}?portal_ticket={ticket}"})

    async def _exchange(self, request: Request) -> Answer:
        told = request.json_object()
        if any(not isinstance(told.get(name), str) for name in FIELDS):
            raise Refused(400, f"the fields are {', '.join(FIELDS)}")
        expected = signature(self._key, told["app_id"], told["ticket"], told["timestamp"], told["nonce"])
        if not hmac.compare_digest(expected, told["signature"]):
            raise Refused(403, "the signature does not fit")
        if abs(int(told["timestamp"]) / 1000 - self._now()) > FRESH_SECONDS:
            raise Refused(403, "the question is too old")
        ticket = self._tickets.pop(told["ticket"], None)
        if ticket is None or ticket.ends < self._now():
            raise Refused(404, "no such ticket")
        signed = signature(self._key, told["nonce"], told["ticket"], ticket.phone)
        return json_answer({"phone": "17000000000" if self.lies else ticket.phone, "signature": signed})


def main() -> None:
    """Serve from the environment; with CLOCK_URL the app's clock moves with the service's."""
    told = settings_of("portal", "PORT", "PORTAL_KEY", "PHONE_PAGE")
    weather = Weather.from_environment("portal")
    portal = Portal(told["PORTAL_KEY"], told["PHONE_PAGE"], weather.now)
    weather.follow(portal.site, os.environ.get("CLOCK_URL"))
    asyncio.run(portal.site.run(int(told["PORT"])))


if __name__ == "__main__":
    main()

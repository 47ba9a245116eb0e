"""A guardian comes from the public-service app (B06, 蒙速办) without logging in again: its ticket, used once, is enough."""

from backend.foundation.problems import Refusal
from backend.identity.accounts import guardian_by_phone, read_phone
from backend.identity.gateways import portal
from backend.identity.rows import Account
from backend.identity.spend_once import spent_once


class PortalNotConnected(Refusal):
    """No public-service app is connected here."""

    code = "portal-not-connected"
    status = 422


class PortalTicketRefused(Refusal):
    """The app does not know this ticket, or it was used before."""

    code = "portal-ticket-refused"
    status = 422


class PortalUnavailable(Refusal):
    """The app does not answer, or not in its own signature; the phone number works meanwhile."""

    code = "portal-unavailable"
    status = 503


def log_in_by_portal(ticket: str) -> Account:
    """The guardian whose phone the app has proven, made where there is none; each ticket works once here too.

    Raises PortalNotConnected, PortalTicketRefused, PortalUnavailable, PhoneInvalid.
    """
    gateway = portal()
    if gateway is None:
        raise PortalNotConnected
    if not spent_once(f"portal:{ticket}"):
        raise PortalTicketRefused
    return guardian_by_phone(read_phone(gateway.phone_of(ticket)))

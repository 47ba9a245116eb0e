"""Call the gateway of one letter, with no transaction open: WeChat, or one of the SMS providers."""

from dataclasses import dataclass
from datetime import datetime

from backend.notices.gateways import ChannelBusy, ChannelRefused, ChannelSilent, chat_gateway
from backend.notices.gateways.routes import SmsRoutes, sms_routes
from backend.notices.rules.delivery import ONCE_ONLY


@dataclass(frozen=True)
class Letter:
    """What a gateway needs to know, read before the call so that no transaction is open during it."""

    message_id: str
    code: str
    channel: str
    address: str
    title: str
    text: str
    link: str
    params: dict[str, str]
    is_repeat: bool
    gateway: str = ""
    tried_at: datetime | None = None


def send_letter(letter: Letter) -> tuple[str, str]:
    """The gateway's id and the state it leaves the notice in. Raises ChannelRefused, ChannelSilent."""
    if letter.channel == "sms":
        return _send_sms(letter)
    gateway = chat_gateway()
    if letter.channel == "chat":
        return gateway.send_text(letter.address, letter.text), "sent"
    send = gateway.send_subscription if letter.channel == "subscription" else gateway.send_template
    return send(letter.address, letter.message_id, letter.title, letter.text, letter.link), "sent"


def _send_sms(letter: Letter) -> tuple[str, str]:
    """By the letter's provider. Only an answer that cannot be trusted counts against the provider's health."""
    routes = sms_routes()
    gateway = routes.named(letter.gateway)
    try:
        if letter.is_repeat and letter.tried_at is not None:
            known = gateway.state_of(letter.message_id, letter.address, letter.tried_at)
            if known != "unknown-id":
                routes.note(letter.gateway, is_good=True)
                return "", {"accepted": "sent"}.get(known, known)
        provider_id = gateway.send(letter.message_id, letter.address, letter.code, letter.params, letter.text)
    except ChannelSilent as silence:
        routes.note(letter.gateway, is_good=False)
        if isinstance(silence, ChannelBusy) and letter.code in ONCE_ONLY:
            return _send_elsewhere(letter, routes, silence)
        raise
    except ChannelRefused:
        routes.note(letter.gateway, is_good=True)
        raise
    routes.note(letter.gateway, is_good=True)
    return provider_id, "sent"


def _send_elsewhere(letter: Letter, routes: SmsRoutes, silence: ChannelBusy) -> tuple[str, str]:
    """A code that a provider certainly did not send goes by another one at once: it lives five minutes only."""
    other = routes.choose(other_than=letter.gateway)
    if other == letter.gateway:
        raise silence
    return routes.named(other).send(letter.message_id, letter.address, letter.code, letter.params, letter.text), "sent"

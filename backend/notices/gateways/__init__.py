"""What notices need from outside: the WeChat platform and the SMS gateway, each behind a protocol.

Nothing else in the house speaks to them. A call ends in one of three ways: accepted (an id), refused for good, or
without an answer that can be trusted.
"""

import uuid
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Protocol

from flask import current_app

from backend.settings import WeChatSettings


class ChannelRefused(Exception):
    """The gateway said no for good: this person cannot be reached this way. `code` is the gateway's own."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class ChannelSilent(Exception):
    """No answer that can be trusted: a timeout, an outage, a quota. The same id may be sent again."""


class ChannelBusy(ChannelSilent):
    """The gateway said that it did not send now (a quota, a limit of the number): the same id may be sent later."""


class ConsentSpent(ChannelRefused):
    """The person allows no more subscription messages of this template (43101)."""


class PictureGone(Exception):
    """The platform no longer has the picture: media live three days."""


class ChatGateway(Protocol):
    """The WeChat platform as notices and conversations use it."""

    def send_template(self, openid: str, message_id: str, title: str, text: str, link: str) -> str:
        """Send a template message, its id at the platform. Raises ChannelRefused, ChannelSilent."""

    def send_subscription(self, openid: str, message_id: str, title: str, text: str, link: str) -> str:
        """Send a subscription message. Raises ConsentSpent, ChannelRefused, ChannelSilent."""

    def send_text(self, openid: str, text: str) -> str:
        """Send a customer-service text of at most 2,048 bytes. Raises ChannelRefused, ChannelSilent."""

    def picture(self, media_id: str) -> bytes:
        """A picture that somebody sent. Raises PictureGone, ChannelSilent."""


class SmsGateway(Protocol):
    """The SMS gateway: the same id again is never sent twice."""

    def send(self, message_id: str, phone: str, template: str, params: dict[str, str], text: str) -> str:
        """Send, the gateway's id of the message. Raises ChannelRefused, ChannelSilent."""

    def state_of(self, message_id: str, phone: str, tried_at: datetime) -> str:
        """accepted, delivered, failed or unknown-id; some find it only by the phone and the day. Raises ChannelSilent."""


class FamiliesOf(Protocol):
    """Who is told: accounts of families in a banner, in the order of their ids; a later room knows them."""

    def __call__(self, banner: str, stage: str | None, after: uuid.UUID | None, most: int) -> Sequence[uuid.UUID]:
        """Up to `most` accounts whose id comes after `after`."""


def chat_gateway() -> ChatGateway:
    """The WeChat gateway the app was assembled with."""
    gateway: ChatGateway = current_app.extensions["chat_gateway"]
    return gateway


def quiet_hours() -> tuple[int, int] | None:
    """The hours [from, to) in which nobody is woken, as settings say; None in a rehearsal, whose clock is moved."""
    found: tuple[int, int] | None = current_app.config.get("QUIET_HOURS")
    return found


def template_ids() -> tuple[str, str]:
    """The numbers that the platform gave our notice template and our subscription template, as settings say."""
    settings: WeChatSettings = current_app.config["WECHAT"]
    return settings.notice_template, settings.subscription_template


def mini_program() -> tuple[str, str]:
    """The app id that cards open, and the address of the same pages in a browser."""
    settings: WeChatSettings = current_app.config["WECHAT"]
    return settings.app_id, str(current_app.config["PUBLIC_URL"])


def families_of() -> FamiliesOf:
    """Who a broadcast goes to, by the room that the app was assembled with."""
    found: FamiliesOf = current_app.extensions["families_of"]
    return found


def context_of_child(child_id: uuid.UUID) -> Sequence[str]:
    """How a child's matter stands in a few lines, the most important first; empty where nothing is under way."""
    tell: Callable[[uuid.UUID], Sequence[str]] = current_app.extensions["child_context"]
    return tell(child_id)

"""What identity needs from outside, as protocols; wiring.py hands the real ones in."""

import uuid
from typing import Protocol

from flask import current_app


class CodeSender(Protocol):
    """Sends a code to a phone, once, in the present transaction."""

    def __call__(self, code_id: int, subject: uuid.UUID, phone: str, code: str, notice: str) -> None:
        """Put the message on its way, worded as `notice`; it is never sent again by itself."""


class WeChatLoginGateway(Protocol):
    """Exchanges a wx.login code for the person's openid (the session key never leaves the server)."""

    def openid_of(self, code: str) -> str:
        """The openid. Raises WeChatCodeRefused, or WeChatUnavailable."""


class PortalGateway(Protocol):
    """Exchanges a ticket of the public-service app (B06) for the phone number that the app has proven."""

    def phone_of(self, ticket: str) -> str:
        """The number. Raises PortalTicketRefused, or PortalUnavailable."""


class CandidateLogins(Protocol):
    """Knows the log-ins of exam candidates, whose tokens are checked by their signature alone."""

    def __call__(self, login_id: int) -> bool:
        """Whether the log-in still lives: it was made, and nobody has ended it."""


def candidate_logins() -> CandidateLogins:
    """The exam wing's knowledge of its log-ins."""
    logins: CandidateLogins = current_app.extensions["candidate_logins"]
    return logins


def portal() -> PortalGateway | None:
    """The portal the app was assembled with; None where none is connected."""
    gateway: PortalGateway | None = current_app.extensions.get("portal")
    return gateway


def code_sender() -> CodeSender:
    """The sender the app was assembled with."""
    sender: CodeSender = current_app.extensions["code_sender"]
    return sender


def wechat_login() -> WeChatLoginGateway:
    """The gateway the app was assembled with."""
    gateway: WeChatLoginGateway = current_app.extensions["wechat_login"]
    return gateway

"""Who is talking: a WeChat id or a phone number that the channel itself vouches for, and the account behind it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from backend.foundation.crypto import blind_index
from backend.foundation.logging import principal
from backend.identity.accounts import account_by_phone, account_by_wechat, guardian_by_phone, guardian_by_wechat
from backend.identity.actors import Actor
from backend.identity.grants import roles_of
from backend.identity.rows import Account

WECHAT, SMS = "wechat", "sms"


@dataclass(frozen=True)
class Person:
    """Somebody on a channel: `address` is the openid or the phone number."""

    channel: str
    address: str

    @property
    def index(self) -> bytes:
        """The blind index that an account, a follower and a conversation of this person are found by."""
        return blind_index("account.wechat" if self.channel == WECHAT else "account.phone", self.address)


@dataclass(frozen=True)
class Caller:
    """A person and the instant at which the message arrived: what verbs ask who is there and when.

    `key` is what all deliveries of the message have in common, empty where the channel gives none.
    """

    person: Person
    arrived_at: datetime
    key: str = ""

    def account(self) -> Account | None:
        """The person's account, None for somebody who has only asked questions so far."""
        if self.person.channel == WECHAT:
            return account_by_wechat(self.person.address)
        return account_by_phone(self.person.address)

    def account_made(self) -> Account:
        """The person's account, made where there is none: the first time something of a family is written down."""
        if self.person.channel == WECHAT:
            return guardian_by_wechat(self.person.address)
        return guardian_by_phone(self.person.address)

    def actor(self) -> Actor:
        """Who is asking, with the roles of this moment."""
        account = self.account_made()
        principal.set(f"guardian:{account.id}")
        return Actor(account.id, "guardian", roles_of(account.id))

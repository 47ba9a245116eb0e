"""A letter: one message as it came in, by whichever channel, in the form in which it is kept until its effect stands."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from backend.foundation.crypto import seal_for_service, unseal_for_service
from bots.wechat.inbound import Inbound

PLACE = "bots.letter"
WECHAT, SMS = "wechat", "sms"


@dataclass(frozen=True)
class Letter:
    """`told` is the callback with its nonce and timestamp (wechat) or `{id, phone, text}` (sms), all plain JSON."""

    way: str
    arrived_at: datetime
    told: dict[str, Any] = field(default_factory=dict)

    @property
    def sender(self) -> str:
        """Who wrote it: letters of one sender are taken one after the other."""
        return f"{self.way}:{self.told.get('openid') or self.told.get('phone')}"

    def inbound(self) -> Inbound:
        """The callback's message."""
        told = self.told
        return Inbound(told["openid"], told["account"], told["kind"], told["created"], told["fields"])


def callback_letter(inbound: Inbound, nonce: str, timestamp: int, arrived_at: datetime) -> Letter:
    """The letter of an opened callback."""
    told = {
        "openid": inbound.openid,
        "account": inbound.account,
        "kind": inbound.kind,
        "created": inbound.created,
        "fields": dict(inbound.fields),
        "nonce": nonce,
        "timestamp": timestamp,
    }
    return Letter(WECHAT, arrived_at, told)


def sms_letter(told: dict[str, Any], arrived_at: datetime) -> Letter:
    """The letter of one SMS from a phone."""
    return Letter(SMS, arrived_at, {name: str(told.get(name) or "") for name in ("id", "phone", "text")})


def sealed(letter: Letter) -> bytes:
    """The letter under the service's own key: no message lies readable on the disk (P11). Needs an app context."""
    told = {"way": letter.way, "arrived_at": letter.arrived_at.isoformat(), "told": letter.told}
    return seal_for_service(PLACE, json.dumps(told, ensure_ascii=False).encode())


def opened(kept: bytes) -> Letter:
    """The letter that was sealed. Raises SealBroken."""
    told = json.loads(unseal_for_service(PLACE, kept))
    return Letter(told["way"], datetime.fromisoformat(told["arrived_at"]), told["told"])

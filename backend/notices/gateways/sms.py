"""The SMS gateway over signed HTTP: POST /send with our message id, GET /query by it; the same id is never sent twice."""

import hashlib
import hmac
import json
from datetime import datetime
from typing import Any

import requests

from backend.foundation import clock
from backend.foundation.calls_outside import straight_session
from backend.notices.gateways import ChannelBusy, ChannelRefused, ChannelSilent

TIMEOUT = (3, 5)
SIGN = "阳光入学"
ACCEPTED = "OK"
LATER = frozenset({"isv.BUSINESS_LIMIT_CONTROL", "isv.AMOUNT_NOT_ENOUGH"})
"""Not sent now, perhaps later: limits of a number, the account's quota."""
TROUBLE = frozenset({"", "isp.SYSTEM_ERROR"})
"""Nobody knows whether it was sent."""


class SignedSms:
    """The gateway as `SmsGateway`. X-Signature is hex HMAC-SHA256(key, timestamp + newline + body)."""

    def __init__(self, address: str, key: str) -> None:
        self._address = address.rstrip("/")
        self._key = key.encode()

    def send(self, message_id: str, phone: str, template: str, params: dict[str, str], text: str) -> str:
        """The gateway's id of the message. Raises ChannelRefused, ChannelSilent."""
        told = {"id": message_id, "phone": phone, "template": template, "params": params, "text": text, "sign": SIGN}
        answer = self._answer("POST", "/send", json.dumps(told, ensure_ascii=False).encode())
        code = str(answer.get("code", ""))
        if code == ACCEPTED and answer.get("biz_id"):
            return str(answer["biz_id"])
        if code in LATER:
            raise ChannelBusy(code)
        if code in TROUBLE:
            raise ChannelSilent(code or "the gateway answered without a code")
        raise ChannelRefused(code)

    def state_of(self, message_id: str, phone: str, tried_at: datetime) -> str:
        """accepted, delivered, failed or unknown-id. Raises ChannelSilent."""
        state = str(self._answer("GET", "/query", b"", {"id": message_id}).get("state", ""))
        if state not in {"accepted", "delivered", "failed", "unknown-id"}:
            raise ChannelSilent(f"the gateway knows a state {state!r}")
        return state

    def _answer(self, method: str, path: str, body: bytes, query: dict[str, str] | None = None) -> dict[str, Any]:
        timestamp = str(int(clock.now().timestamp() * 1000))
        signature = hmac.new(self._key, timestamp.encode() + b"\n" + body, hashlib.sha256).hexdigest()
        headers = {"X-Timestamp": timestamp, "X-Signature": signature, "Content-Type": "application/json"}
        try:
            with straight_session() as session:
                answer = session.request(
                    method, self._address + path, params=query, data=body, headers=headers, timeout=TIMEOUT
                )
                answer.raise_for_status()
                told = answer.json()
        except (requests.RequestException, ValueError) as error:
            raise ChannelSilent(type(error).__name__) from error
        if not isinstance(told, dict):
            raise ChannelSilent("the gateway answered without an object")
        return told

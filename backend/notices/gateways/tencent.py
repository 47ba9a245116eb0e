"""Tencent Cloud's SMS service (2021-01-11), signed by TC3-HMAC-SHA256; our id travels as `SessionContext`."""

import hashlib
import hmac
import json
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from backend.foundation import clock
from backend.notices.gateways import ChannelBusy, ChannelRefused, ChannelSilent
from backend.notices.gateways.providers import Provider, call

VERSION = "2021-01-11"
SERVICE = "sms"
ALGORITHM = "TC3-HMAC-SHA256"
CONTENT_TYPE = "application/json; charset=utf-8"
ACCEPTED = "Ok"
LATER = ("LimitExceeded", "RequestLimitExceeded", "FailedOperation.InsufficientBalanceInSmsPackage")
TROUBLE = ("InternalError", "ResourceUnavailable")
STATES = {"SUCCESS": "delivered", "FAIL": "failed"}
PAGE = 100
BEFORE = timedelta(minutes=5)


class TencentSms:
    """`SmsGateway` over one contract."""

    def __init__(self, provider: Provider) -> None:
        self._provider = provider

    def send(self, message_id: str, phone: str, template: str, params: dict[str, str], text: str) -> str:
        """The provider's `SerialNo`. Raises ChannelBusy, ChannelRefused, ChannelSilent."""
        number, facts = self._provider.filled(template, params, text)
        asked = {
            "PhoneNumberSet": [f"+86{phone}"],
            "SmsSdkAppId": self._provider.app,
            "SignName": self._provider.sign,
            "TemplateId": number,
            "TemplateParamSet": list(facts.values()),
            "SessionContext": message_id,
        }
        states = self._call("SendSms", asked).get("SendStatusSet") or []
        told = states[0] if states and isinstance(states[0], dict) else {}
        code = str(told.get("Code", ""))
        if code == ACCEPTED and told.get("SerialNo"):
            return str(told["SerialNo"])
        raise _fault(code)

    def state_of(self, message_id: str, phone: str, tried_at: datetime) -> str:
        """delivered, failed or unknown-id, from the reports of the phone since the attempt. Raises ChannelSilent.

        The provider reports what reached its end only, so that a message still on its way is not found.
        """
        asked = {
            "BeginTime": int((tried_at - BEFORE).timestamp()),
            "Offset": 0,
            "Limit": PAGE,
            "PhoneNumber": f"+86{phone}",
            "SmsSdkAppId": self._provider.app,
        }
        while True:
            lines = self._call("PullSmsSendStatusByPhoneNumber", asked).get("PullSmsSendStatusSet") or []
            found = next((line for line in lines if line.get("SessionContext") == message_id), None)
            if found is not None:
                return STATES.get(str(found.get("ReportStatus")), "accepted")
            if len(lines) < PAGE:
                return "unknown-id"
            asked["Offset"] = int(str(asked["Offset"])) + PAGE

    def _call(self, action: str, asked: dict[str, Any]) -> dict[str, Any]:
        body = json.dumps(asked, ensure_ascii=False).encode()
        host, timestamp = urlsplit(self._provider.address).netloc, int(clock.now().timestamp())
        headers = {
            "Authorization": authorization(self._provider.key_id, self._provider.key_secret, host, timestamp, body),
            "Content-Type": CONTENT_TYPE,
            "Host": host,
            "X-TC-Action": action,
            "X-TC-Version": VERSION,
            "X-TC-Timestamp": str(timestamp),
            "X-TC-Region": self._provider.region,
        }
        told = call("POST", self._provider.address, headers, body).get("Response")
        if not isinstance(told, dict):
            raise ChannelSilent("the provider answered without a response")
        error = told.get("Error")
        if isinstance(error, dict):
            raise _fault(str(error.get("Code", "")))
        return told


def authorization(key_id: str, key_secret: str, host: str, timestamp: int, body: bytes) -> str:
    """The `Authorization` header of a POST to `/`; `timestamp` in seconds since 1970."""
    signed = "content-type;host"
    canonical = "\n".join(
        ["POST", "/", "", f"content-type:{CONTENT_TYPE}", f"host:{host}", "", signed, hashlib.sha256(body).hexdigest()]
    )
    day = datetime.fromtimestamp(timestamp, UTC).strftime("%Y-%m-%d")
    scope = f"{day}/{SERVICE}/tc3_request"
    told = "\n".join([ALGORITHM, str(timestamp), scope, hashlib.sha256(canonical.encode()).hexdigest()])
    key = f"TC3{key_secret}".encode()
    for part in (day, SERVICE, "tc3_request"):
        key = hmac.new(key, part.encode(), hashlib.sha256).digest()
    signature = hmac.new(key, told.encode(), hashlib.sha256).hexdigest()
    return f"{ALGORITHM} Credential={key_id}/{scope}, SignedHeaders={signed}, Signature={signature}"


def _fault(code: str) -> ChannelRefused | ChannelSilent:
    if code.startswith(LATER):
        return ChannelBusy(code)
    if not code or code.startswith(TROUBLE):
        return ChannelSilent(code or "the provider answered without a code")
    return ChannelRefused(code)

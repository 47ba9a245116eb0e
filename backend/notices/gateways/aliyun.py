"""Aliyun's SMS service (Dysmsapi 2017-05-25), signed by ACS3-HMAC-SHA256; our id travels as `OutId`."""

import hashlib
import hmac
import json
import uuid
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote, urlsplit

from backend.foundation import clock
from backend.notices.gateways import ChannelBusy, ChannelRefused, ChannelSilent
from backend.notices.gateways.providers import Provider, call

VERSION = "2017-05-25"
ALGORITHM = "ACS3-HMAC-SHA256"
ACCEPTED = "OK"
LATER = frozenset(
    {"isv.BUSINESS_LIMIT_CONTROL", "isv.AMOUNT_NOT_ENOUGH", "isv.DAY_LIMIT_CONTROL", "Throttling", "Throttling.User"}
)
"""Not sent now, perhaps later or by another provider: limits and quotas."""
TROUBLE = frozenset({"", "isp.SYSTEM_ERROR", "isp.RAM_PERMISSION_DENY", "ServiceUnavailable", "InternalError"})
STATES = {1: "accepted", 2: "failed", 3: "delivered"}
PAGE = 50


class AliyunSms:
    """`SmsGateway` over one contract."""

    def __init__(self, provider: Provider) -> None:
        self._provider = provider

    def send(self, message_id: str, phone: str, template: str, params: dict[str, str], text: str) -> str:
        """The provider's `BizId`. Raises ChannelBusy, ChannelRefused, ChannelSilent."""
        number, facts = self._provider.filled(template, params, text)
        told = self._call(
            "SendSms",
            {
                "PhoneNumbers": phone,
                "SignName": self._provider.sign,
                "TemplateCode": number,
                "TemplateParam": json.dumps(facts, ensure_ascii=False),
                "OutId": message_id,
            },
        )
        code = str(told.get("Code", ""))
        if code == ACCEPTED and told.get("BizId"):
            return str(told["BizId"])
        raise _fault(code)

    def state_of(self, message_id: str, phone: str, tried_at: datetime) -> str:
        """accepted, delivered, failed or unknown-id, from the sendings to the phone on the day. Raises ChannelSilent."""
        day = tried_at.strftime("%Y%m%d")
        page = 1
        while True:
            asked = {"PhoneNumber": phone, "SendDate": day, "PageSize": str(PAGE), "CurrentPage": str(page)}
            told = self._call("QuerySendDetails", asked)
            if told.get("Code") != ACCEPTED:
                raise ChannelSilent(str(told.get("Code", "")))
            lines = (told.get("SmsSendDetailDTOs") or {}).get("SmsSendDetailDTO") or []
            found = next((line for line in lines if line.get("OutId") == message_id), None)
            if found is not None:
                return STATES.get(int(found.get("SendStatus", 0)), "accepted")
            if page * PAGE >= int(told.get("TotalCount") or 0):
                return "unknown-id"
            page += 1

    def _call(self, action: str, asked: dict[str, str]) -> dict[str, Any]:
        query = "&".join(f"{_escaped(name)}={_escaped(value)}" for name, value in sorted(asked.items()))
        host = urlsplit(self._provider.address).netloc
        headers = {
            "host": host,
            "x-acs-action": action,
            "x-acs-version": VERSION,
            "x-acs-date": clock.now().astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
            "x-acs-signature-nonce": uuid.uuid4().hex,
            "x-acs-content-sha256": hashlib.sha256(b"").hexdigest(),
        }
        headers["Authorization"] = authorization(self._provider.key_id, self._provider.key_secret, query, headers)
        return call("POST", f"{self._provider.address}/?{query}", headers, b"")


def authorization(key_id: str, key_secret: str, query: str, headers: dict[str, str]) -> str:
    """The `Authorization` header of a POST to `/` with this canonical query and these (lower-case) headers."""
    signed = ";".join(sorted(headers))
    canonical = "\n".join(
        [
            "POST",
            "/",
            query,
            *(f"{name}:{headers[name].strip()}" for name in sorted(headers)),
            "",
            signed,
            headers["x-acs-content-sha256"],
        ]
    )
    digest = hashlib.sha256(canonical.encode()).hexdigest()
    signature = hmac.new(key_secret.encode(), f"{ALGORITHM}\n{digest}".encode(), hashlib.sha256).hexdigest()
    return f"{ALGORITHM} Credential={key_id},SignedHeaders={signed},Signature={signature}"


def _escaped(text: str) -> str:
    return quote(text, safe="~")


def _fault(code: str) -> ChannelRefused | ChannelSilent:
    if code in LATER:
        return ChannelBusy(code)
    if code in TROUBLE:
        return ChannelSilent(code or "the provider answered without a code")
    return ChannelRefused(code)

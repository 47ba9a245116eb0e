"""A made-up WeChat platform that calls the webhook, with a cipher of its own (the simulated platform's, not wechatpy's)."""

from __future__ import annotations

import itertools
import time
from dataclasses import dataclass
from typing import Any

from flask import Flask
from werkzeug.test import TestResponse

from backend.foundation.doors import Application
from backend.settings import WeChatSettings
from bots.reception import Reception
from bots.webhook import Webhook, serve
from bots.wechat.inbound import Inbound
from rehearsal.wechat_crypto import Envelopes, xml

ACCOUNT = "gh_tests"
_numbers = itertools.count(24_000_000_000_000_001)
_nonces = itertools.count(1)


@dataclass
class Platform:
    """Calls the webhook as the platform does; `openid` is who talks."""

    app: Flask
    envelopes: Envelopes
    openid: str = "o-test-1"
    webhook: Webhook | None = None

    def content(self, kind: str = "text", **fields: Any) -> bytes:
        """The inner XML of a message or event, with a new MsgId."""
        told: dict[str, Any] = {"ToUserName": ACCOUNT, "FromUserName": self.openid}
        told |= {"CreateTime": int(time.time()), "MsgType": kind}
        if kind != "event":
            told["MsgId"] = next(_numbers)
        return xml({**told, **fields})

    def query(self, encrypted: str, **changes: str) -> dict[str, str]:
        """The query of a callback, signed."""
        timestamp = changes.get("timestamp", str(int(time.time())))
        nonce = changes.get("nonce", str(next(_nonces)))
        return {
            "signature": self.envelopes.signature(timestamp, nonce),
            "timestamp": timestamp,
            "nonce": nonce,
            "openid": self.openid,
            "encrypt_type": "aes",
            "msg_signature": self.envelopes.signature(timestamp, nonce, encrypted),
        }

    def post(self, content: bytes, **changes: str) -> TestResponse:
        """Encrypt, sign and post."""
        encrypted = self.envelopes.encrypt(content)
        body = xml({"ToUserName": ACCOUNT, "Encrypt": encrypted})
        return self.app.test_client().post("/wechat", query_string=self.query(encrypted, **changes), data=body)

    def opened(self, content: bytes) -> Inbound:
        """The content as the webhook reads it."""
        assert self.webhook is not None
        encrypted = self.envelopes.encrypt(content)
        body = xml({"ToUserName": ACCOUNT, "Encrypt": encrypted})
        return self.webhook._envelopes.open(self.query(encrypted), body, time.time())

    def reply(self, answer: TestResponse) -> str:
        """The text of a passive reply, empty for none."""
        assert answer.status_code == 200, answer.status
        opened = self.envelopes.open_reply(answer.data)
        return (opened.findtext("Content") or "") if opened is not None else ""

    def says(self, *texts: str) -> str:
        """Send texts one after the other; what the last one was answered with."""
        said = ""
        for text in texts:
            said = self.reply(self.post(self.content(Content=text)))
        return said

    def event(self, name: str, **fields: Any) -> str:
        """An event, and what it was answered with."""
        return self.reply(self.post(self.content("event", Event=name, **fields)))


def platform_of(service: Application, openid: str = "o-test-1", answer_within: float = 60.0) -> Platform:
    """A platform that calls the bots' application over this service, which waits long enough on a busy machine."""
    settings: WeChatSettings = service.config["WECHAT"]
    webhook = Webhook(service, answer_within)
    envelopes = Envelopes(settings.app_id, settings.token, settings.aes_key)
    return Platform(serve(service, webhook), envelopes, openid, webhook)


def settle(seconds: float, reception: Reception) -> bool:
    """Wait until no letter waits; whether that was so within `seconds`."""
    ends = time.monotonic() + seconds
    while reception.waiting() and time.monotonic() < ends:
        time.sleep(0.02)
    return not reception.waiting()

"""Opening and sealing encrypted messages (safe mode only) with our own checks around wechatpy's cipher.

wechatpy compares signatures with `!=`, knows no freshness and no empty token, and raises a different error at every
stage (promises part 2). Here the signature is compared in constant time before anything is decrypted, and whatever is
wrong with an envelope is one and the same `Forged`; only what is no XML at all is `Unreadable`.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from xml.parsers.expat import ExpatError

import xmltodict  # type: ignore[import-untyped]  # wechatpy brings it, nobody brings its types
from wechatpy.crypto import WeChatCrypto
from wechatpy.replies import TextReply

from bots.wechat.inbound import Inbound

LARGEST_BODY = 64 * 1024
FRESH_SECONDS = 300
LONGEST_REPLY_BYTES = 2048


class Forged(Exception):
    """Not from the platform, too old, or not encrypted: refused without saying which."""


class Unreadable(Exception):
    """No XML that could be a callback."""


@dataclass(frozen=True)
class Envelopes:
    """Opens and seals messages of one official account."""

    app_id: str
    token: str
    aes_key: str

    def __post_init__(self) -> None:
        """Raises ValueError for an empty token, under which any signature would pass."""
        if not self.token:
            raise ValueError("the token is empty")

    def proves_address(self, query: Mapping[str, str], now: float) -> bool:
        """Whether the platform itself asks if this address is ours (GET with `signature` over timestamp and nonce)."""
        given = query.get("signature", "")
        wanted = _signature(self.token, query.get("timestamp", ""), query.get("nonce", ""))
        return _equal(given, wanted) and _is_fresh(query.get("timestamp", ""), now)

    def open(self, query: Mapping[str, str], body: bytes, now: float) -> Inbound:
        """The message in the envelope; `now` in seconds since 1970, by the service's clock.

        Raises Unreadable for a body that is no XML, Forged for everything else that is wrong.
        """
        timestamp, nonce, given = (query.get(name, "") for name in ("timestamp", "nonce", "msg_signature"))
        outer = _xml(body)
        encrypted = outer.get("Encrypt")
        if not isinstance(encrypted, str) or not encrypted:
            raise Forged("no Encrypt")
        if not _equal(given, _signature(self.token, timestamp, nonce, encrypted)):
            raise Forged("signature")
        if not _is_fresh(timestamp, now):
            raise Forged("stale")
        return _inbound(_xml(self._decrypt(encrypted, given, timestamp, nonce)))

    def _decrypt(self, encrypted: str, given: str, timestamp: str, nonce: str) -> bytes:
        cipher = WeChatCrypto(self.token, self.aes_key, self.app_id)
        try:
            plain: str = cipher.decrypt_message({"Encrypt": encrypted}, given, timestamp, nonce)
        except Exception as error:  # each stage of wechatpy fails in its own way; to the outside they are one
            raise Forged("cipher") from error
        return plain.encode()

    def seal(self, inbound: Inbound, text: str, now: float) -> str:
        """A passive text reply in its envelope; `]]>` in the text does not end the reply's CDATA."""
        reply = TextReply(source=inbound.account, target=inbound.openid, content=_in_cdata(text), time=int(now))
        cipher = WeChatCrypto(self.token, self.aes_key, self.app_id)
        sealed: str = cipher.encrypt_message(reply.render(), secrets.token_hex(8), str(int(now)))
        return sealed


def _signature(*parts: str) -> str:
    joined = "".join(sorted(parts)).encode()
    return hashlib.sha1(joined, usedforsecurity=False).hexdigest()


def _equal(given: str, wanted: str) -> bool:
    return hmac.compare_digest(given.encode(), wanted.encode())


def _is_fresh(timestamp: str, now: float) -> bool:
    return timestamp.isascii() and timestamp.isdigit() and abs(int(timestamp[:12]) - now) <= FRESH_SECONDS


def _xml(body: bytes) -> Mapping[str, object]:
    try:
        told = xmltodict.parse(body, encoding="utf-8").get("xml")
    except (ExpatError, ValueError, UnicodeError, AttributeError, RecursionError) as error:
        raise Unreadable(type(error).__name__) from error
    if not isinstance(told, Mapping):
        raise Unreadable("no xml element")
    return told


def _inbound(told: Mapping[str, object]) -> Inbound:
    fields = {name: value for name, value in told.items() if isinstance(value, str)}
    created = fields.get("CreateTime", "")
    if not fields.get("FromUserName") or not fields.get("MsgType") or not created.isdigit():
        raise Unreadable("a message without sender, kind or time")
    listed = told.get("SubscribeMsgPopupEvent")
    fields |= _popup(listed) if isinstance(listed, Mapping) else {}
    return Inbound(
        fields["FromUserName"], fields.get("ToUserName", ""), fields["MsgType"].lower(), int(created[:12]), fields
    )


def _popup(listed: Mapping[str, object]) -> dict[str, str]:
    """Which templates were allowed by a subscription pop-up, joined by blanks, and how many taps."""
    found = listed.get("List")
    taps = [tap for tap in (found if isinstance(found, list) else [found]) if isinstance(tap, Mapping)]
    accepted = [str(tap.get("TemplateId", "")) for tap in taps if tap.get("SubscribeStatusString") == "accept"]
    return {"AcceptedTemplates": " ".join(accepted)}


def _in_cdata(text: str) -> str:
    return text.replace("]]>", "]]]]><![CDATA[>")

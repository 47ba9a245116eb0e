"""The departments' data exchange: signed HTTP JSON, one question an item; every failure told apart (domain 2.11)."""

import base64
import hashlib
import hmac
import json
import secrets
from dataclasses import dataclass
from typing import Any, Protocol
from urllib.parse import urlsplit

import requests
from flask import current_app

from backend.foundation import clock

TIMEOUT = (3.0, 8.0)
UNAVAILABLE = {429, 500, 502, 503, 504}
OK = 200


@dataclass(frozen=True)
class Answer:
    """A department's answer: the record, or None where it has none; where from and of which day."""

    record: dict[str, Any] | None
    source: str
    as_of: str


class DepartmentUnavailable(Exception):
    """The department does not answer now: out of service, over quota, or its answer cannot be trusted."""


class DepartmentTooSlow(DepartmentUnavailable):
    """The department did not answer in time."""


class Exchange(Protocol):
    """Asks one department one question."""

    def ask(self, department: str, item: str, keys: dict[str, Any], context: dict[str, str]) -> Answer:
        """The answer. Raises DepartmentUnavailable, DepartmentTooSlow."""


class SignedExchange:
    """The exchange over HTTP: HMAC-SHA256 over client, time, nonce, path and body; answers are signed the same way."""

    def __init__(self, url: str, client: str, key: str) -> None:
        self.url = url
        self.client = client
        self.key = key.encode()
        self.session = requests.Session()

    def ask(self, department: str, item: str, keys: dict[str, Any], context: dict[str, str]) -> Answer:
        """The answer to `keys` (the query of the item); `context` names request, purpose, basis, consent, operator."""
        body = json.dumps({**context, "keys": keys}, ensure_ascii=False).encode()
        address = f"{self.url}/query/{department}/{item}"
        headers = self._headers(address, body)
        try:
            reply = self.session.post(address, data=body, headers=headers, timeout=TIMEOUT)
        except requests.Timeout as error:
            raise DepartmentTooSlow(department) from error
        except requests.RequestException as error:
            raise DepartmentUnavailable(department) from error
        if reply.status_code != OK:
            raise DepartmentUnavailable(f"{department} answered {reply.status_code}")
        return self._read(reply, context["request_id"], headers["X-Nonce"])

    def _headers(self, address: str, body: bytes) -> dict[str, str]:
        stamp, nonce = str(int(clock.now().timestamp() * 1000)), secrets.token_hex(16)
        text = "\n".join([self.client, stamp, nonce, urlsplit(address).path, hashlib.sha256(body).hexdigest()])
        return {
            "Content-Type": "application/json",
            "X-Client-Id": self.client,
            "X-Timestamp": stamp,
            "X-Nonce": nonce,
            "X-Signature": self._sign(text),
        }

    def _sign(self, text: str) -> str:
        return base64.b64encode(hmac.new(self.key, text.encode(), hashlib.sha256).digest()).decode()

    def _read(self, reply: requests.Response, request_id: str, nonce: str) -> Answer:
        text = "\n".join(
            [
                reply.headers.get("X-Client-Id", ""),
                reply.headers.get("X-Timestamp", ""),
                nonce,
                urlsplit(reply.url).path,
                hashlib.sha256(reply.content).hexdigest(),
            ]
        )
        signature = reply.headers.get("X-Signature", "")
        if not hmac.compare_digest(self._sign(text).encode(), signature.encode("utf-8", "replace")):
            raise DepartmentUnavailable("the answer's signature is wrong, or signs another question's answer")
        try:
            told = reply.json()
        except ValueError as error:
            raise DepartmentUnavailable("the answer is no JSON") from error
        return read_answer(told, request_id)


def read_answer(told: Any, request_id: str) -> Answer:
    """The answer as a value. Raises DepartmentUnavailable where it is of another shape or another question's."""
    if not isinstance(told, dict) or told.get("request_id") != request_id:
        raise DepartmentUnavailable("the answer belongs to another question")
    found, record = told.get("found"), told.get("record")
    if not isinstance(found, bool) or found != isinstance(record, dict):
        raise DepartmentUnavailable("the answer says neither that it found nor that it did not")
    return Answer(record if found else None, str(told.get("source", ""))[:100], str(told.get("as_of", ""))[:40])


def exchange() -> Exchange:
    """The exchange the app was assembled with."""
    found: Exchange = current_app.extensions["exchange"]
    return found

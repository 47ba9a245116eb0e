"""The real gateway to the departments' exchange: signed both ways, every failure told apart, nothing forged believed."""

import base64
import hashlib
import hmac
import json
from typing import Any
from urllib.parse import urlsplit

import pytest
import requests

from backend.verification.gateways.exchange import (
    Answer,
    DepartmentTooSlow,
    DepartmentUnavailable,
    SignedExchange,
    read_answer,
)

KEY = "e" * 32
CONTEXT = {"request_id": "q-1", "purpose": "p", "basis": "b", "consented_at": "", "operator": "sunroll"}
FOUND = {"request_id": "q-1", "found": True, "record": {"none": True}, "source": "库", "as_of": "2026-05-20"}
pytestmark = pytest.mark.usefixtures("app")


def sign(nonce: str, path: str, body: bytes, key: str = KEY) -> dict[str, str]:
    text = "\n".join(["sunroll", "1", nonce, path, hashlib.sha256(body).hexdigest()])
    signature = base64.b64encode(hmac.new(key.encode(), text.encode(), hashlib.sha256).digest()).decode()
    return {"X-Client-Id": "sunroll", "X-Timestamp": "1", "X-Nonce": nonce, "X-Signature": signature}


class Wire:
    """In place of the network: answers every question as it is told, and keeps what was sent."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, answer: Any) -> None:
        self.sent: list[tuple[str, bytes, dict[str, str]]] = []
        self.answer = answer
        self.exchange = SignedExchange("http://127.0.0.1:9", "sunroll", KEY)
        monkeypatch.setattr(self.exchange.session, "post", self.post)

    def post(self, address: str, data: bytes, headers: dict[str, str], timeout: Any) -> requests.Response:
        """One exchange of question and answer."""
        self.sent.append((address, data, headers))
        if isinstance(self.answer, Exception):
            raise self.answer
        reply = requests.Response()
        reply.url = address
        reply.status_code, body, signed = self.answer(urlsplit(address).path, headers["X-Nonce"])
        reply._content = body
        reply.headers.update(signed)
        return reply

    def ask(self) -> Answer:
        """One question."""
        return self.exchange.ask("land", "no_house", {"id_numbers": ["1"]}, CONTEXT)


def honest(told: Any, status: int = 200) -> Any:
    body = json.dumps(told).encode()
    return lambda path, nonce: (status, body, sign(nonce, path, body))


def test_a_signed_answer_to_the_very_question_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    wire = Wire(monkeypatch, honest(FOUND))
    assert wire.ask() == Answer({"none": True}, "库", "2026-05-20")
    address, body, headers = wire.sent[0]
    expected = sign(headers["X-Nonce"], "/query/land/no_house", body)
    text = "\n".join([headers[n] for n in ("X-Client-Id", "X-Timestamp", "X-Nonce")])
    assert address.endswith("/query/land/no_house")
    assert expected["X-Nonce"] in text
    assert json.loads(body)["keys"] == {"id_numbers": ["1"]}


def test_not_found_is_an_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    assert Wire(monkeypatch, honest(FOUND | {"found": False, "record": None})).ask().record is None


@pytest.mark.parametrize("status", [400, 401, 429, 500, 503])
def test_every_other_status_is_an_outage(monkeypatch: pytest.MonkeyPatch, status: int) -> None:
    with pytest.raises(DepartmentUnavailable, match=str(status)):
        Wire(monkeypatch, honest(FOUND, status)).ask()


def test_slowness_is_told_from_absence(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(DepartmentTooSlow):
        Wire(monkeypatch, requests.Timeout()).ask()
    with pytest.raises(DepartmentUnavailable) as outage:
        Wire(monkeypatch, requests.ConnectionError()).ask()
    assert not isinstance(outage.value, DepartmentTooSlow)


BODY = json.dumps(FOUND).encode()
OTHER = json.dumps(FOUND | {"record": {"none": False}}).encode()
FORGERIES: dict[str, Any] = {
    "no signature": lambda _path, _nonce: (200, BODY, {}),
    "another key": lambda path, nonce: (200, BODY, sign(nonce, path, BODY, "f" * 32)),
    "another body": lambda path, nonce: (200, OTHER, sign(nonce, path, BODY)),
    "another path": lambda _path, nonce: (200, BODY, sign(nonce, "/query/land/property", BODY)),
    "an old answer again": lambda path, _nonce: (200, BODY, sign("0" * 32, path, BODY)),
    "a signature of other letters": lambda path, nonce: (200, BODY, sign(nonce, path, BODY) | {"X-Signature": "é"}),
    "no JSON": lambda path, nonce: (200, b"<html>", sign(nonce, path, b"<html>")),
}


@pytest.mark.parametrize("forgery", sorted(FORGERIES))
def test_what_is_forged_or_replayed_is_no_answer(monkeypatch: pytest.MonkeyPatch, forgery: str) -> None:
    with pytest.raises(DepartmentUnavailable):
        Wire(monkeypatch, FORGERIES[forgery]).ask()


@pytest.mark.parametrize(
    "told",
    [
        None,
        [],
        "yes",
        FOUND | {"request_id": "q-2"},
        FOUND | {"found": "true"},
        FOUND | {"found": True, "record": None},
        FOUND | {"found": False},
        FOUND | {"record": [1]},
    ],
)
def test_an_answer_of_another_shape_or_question_is_no_answer(told: Any) -> None:
    with pytest.raises(DepartmentUnavailable):
        read_answer(told, "q-1")

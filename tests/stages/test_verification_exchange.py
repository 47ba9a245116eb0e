"""The real gateway to the departments' exchange: signed both ways, every failure told apart, nothing forged believed."""

import base64
import hashlib
import hmac
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import requests

from backend.policy.rules.facts import EXCHANGE_ITEMS
from backend.verification.gateways.exchange import (
    Answer,
    Departments,
    DepartmentTooSlow,
    DepartmentUnavailable,
    read_answer,
)
from backend.verification.gateways.json_exchange import JsonExchange
from backend.verification.gateways.xml_exchange import XmlExchange
from backend.verification.rules.registers import read_record
from rehearsal.departments import Registers
from rehearsal.exchange import Exchange
from rehearsal.faults import Weather
from rehearsal.population import Spec, write_city
from rehearsal.serving import serving

KEY = "e" * 32
CONTEXT = {"request_id": "q-1", "purpose": "p", "basis": "b", "consented_at": "", "operator": "sunroll"}
FOUND = {"request_id": "q-1", "found": True, "record": {"none": True}, "source": "库", "as_of": "2026-05-20"}
pytestmark = pytest.mark.usefixtures("app")


def sign(nonce: str, path: str, body: bytes, key: str = KEY) -> dict[str, str]:
    text = "\n".join(["sunroll", "1", nonce, path, hashlib.sha256(body).hexdigest()])
    signature = base64.b64encode(hmac.new(key.encode(), text.encode(), hashlib.sha256).digest()).decode()
    return {"X-Client-Id": "sunroll", "X-Timestamp": "1", "X-Nonce": nonce, "X-Signature": signature}


def signed(question: dict[str, str], address: str, body: bytes) -> tuple[bytes, dict[str, str]]:
    return body, sign(question["X-Nonce"], urlsplit(address).path, body)


class Wire:
    """In place of the network: answers every question as it is told, and keeps what was sent."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, answer: Any) -> None:
        self.sent: list[tuple[str, bytes, dict[str, str]]] = []
        self.answer = answer
        self.exchange = JsonExchange("http://127.0.0.1:9", "sunroll", KEY)
        monkeypatch.setattr(self.exchange.session, "post", self.post)

    def post(self, address: str, data: bytes, headers: dict[str, str], timeout: Any) -> requests.Response:
        """One exchange of question and answer."""
        if address.endswith("/token"):
            return self.reply(address, 200, *signed(headers, address, b'{"token": "t-1", "expires_in": 600}'))
        self.sent.append((address, data, headers))
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.reply(address, *self.answer(urlsplit(address).path, headers["X-Nonce"]))

    @staticmethod
    def reply(address: str, status: int, body: bytes, headers: dict[str, str]) -> requests.Response:
        """An answer as it comes off the wire."""
        reply = requests.Response()
        reply.url, reply.status_code, reply._content = address, status, body
        reply.headers.update(headers)
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


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("city")
    write_city(Spec("transports", 40), folder)
    return folder


@pytest.fixture
def address(city: Path) -> Iterator[str]:
    registers = Registers(city)
    with serving(Exchange(registers, {"sunroll": KEY}, Weather("exchange")).site) as address:
        yield address
    registers.close()


ITEMS: list[tuple[str, str]] = [name.split("/") for name in EXCHANGE_ITEMS]  # type: ignore[misc]


@pytest.mark.parametrize(("department", "item"), ITEMS)
def test_every_item_of_the_eighteen_answers_alike_over_json_and_xml(
    address: str, city: Path, department: str, item: str
) -> None:
    """C03: six departments, eighteen items; the same record whichever way it is asked, every field as declared."""
    family = json.loads((city / "families.jsonl").read_text(encoding="utf-8").splitlines()[0])
    child, guardian = family["children"][0], family["guardian"]["id_number"]
    keys: dict[str, Any] = {
        "id_number": child["id_number"] if department in {"police", "welfare"} and item != "residence" else guardian,
        "child_id_number": child["id_number"],
        "adult_id_number": guardian,
        "owner_id_number": guardian,
        "id_numbers": [guardian, child["id_number"]],
        "child_name": child["name"],
        "parent_id_number": guardian,
    }
    context = CONTEXT | {"request_id": f"q-{department}-{item}"}
    over_json = JsonExchange(address, "sunroll", KEY).ask(department, item, keys, context)
    over_xml = XmlExchange(address, "sunroll", KEY).ask(department, item, keys, context)
    assert over_xml.record == over_json.record
    declared = EXCHANGE_ITEMS[f"{department}/{item}"][1]
    assert read_record(over_xml.record, declared) == read_record(over_json.record, declared)


def test_a_token_that_is_no_longer_known_is_fetched_anew(address: str) -> None:
    exchange = JsonExchange(address, "sunroll", KEY)
    exchange._token, exchange._token_ends_at = "forgotten", float("inf")
    assert exchange.ask("land", "no_house", {"id_numbers": ["1"]}, CONTEXT).record == {"none": True, "homes": []}
    wrong_key = JsonExchange(address, "sunroll", "f" * 32)
    with pytest.raises(DepartmentUnavailable, match="401"):
        wrong_key.ask("land", "no_house", {"id_numbers": ["1"]}, CONTEXT)


def test_a_department_that_is_asked_by_files_is_not_asked_question_by_question() -> None:
    with pytest.raises(DepartmentUnavailable, match="files"):
        Departments({"market": "batch"}, {}).ask("market", "business", {}, CONTEXT)

"""The departments' data exchange, behind one Protocol: each department by its transport, every failure told apart."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

import requests
from flask import current_app

from backend.verification.gateways.signing import Signer
from backend.verification.rules.lines import Line

TIMEOUT = (3.0, 8.0)
OK, UNAUTHORISED, TOO_MANY = 200, 401, 429
LONGEST_ANSWER = 256 * 1024
LONGEST_WAIT_S = 86_400


@dataclass(frozen=True)
class Answer:
    """A department's answer: the record, or None where it has none; where from and of which day."""

    record: dict[str, Any] | None
    source: str
    as_of: str


class DepartmentUnavailable(Exception):
    """The department does not answer now: out of service, over quota, or its answer cannot be trusted.

    `retry_after_s` is how long it asked to be left alone, 0 where it said nothing.
    """

    def __init__(self, why: str, retry_after_s: int = 0) -> None:
        super().__init__(why)
        self.retry_after_s = retry_after_s


class DepartmentTooSlow(DepartmentUnavailable):
    """The department did not answer in time."""


class Exchange(Protocol):
    """Asks one department one question."""

    def ask(self, department: str, item: str, keys: dict[str, Any], context: dict[str, str]) -> Answer:
        """The answer. Raises DepartmentUnavailable, DepartmentTooSlow."""


class Departments:
    """The exchange as the service sees it: every question goes out by its department's transport."""

    def __init__(self, transports: Mapping[str, str], by_transport: Mapping[str, Exchange]) -> None:
        self._transports = dict(transports)
        self._by_transport = dict(by_transport)

    def ask(self, department: str, item: str, keys: dict[str, Any], context: dict[str, str]) -> Answer:
        """The answer by the department's transport. Raises DepartmentUnavailable, DepartmentTooSlow."""
        transport = self._transports.get(department, "json")
        if transport not in self._by_transport:
            raise DepartmentUnavailable(f"{department} is asked by files, not question by question")
        return self._by_transport[transport].ask(department, item, keys, context)


def exchanged(
    session: requests.Session, signer: Signer, address: str, body: bytes, kind: str, more: Mapping[str, str]
) -> requests.Response:
    """The signed answer to one signed question. Raises DepartmentUnavailable, DepartmentTooSlow."""
    headers = {**signer.headers(address, body, kind), **more}
    try:
        reply = session.post(address, data=body, headers=headers, timeout=TIMEOUT)
    except requests.Timeout as error:
        raise DepartmentTooSlow(address) from error
    except requests.RequestException as error:
        raise DepartmentUnavailable(address) from error
    if reply.status_code != OK:
        raise DepartmentUnavailable(f"{address} answered {reply.status_code}", _retry_after(reply))
    if len(reply.content) > LONGEST_ANSWER:
        raise DepartmentUnavailable(f"{address} answered more than {LONGEST_ANSWER} bytes")
    if not signer.is_answer_to(headers["X-Nonce"], reply.url, reply.headers, reply.content):
        raise DepartmentUnavailable("the answer's signature is wrong, or signs another question's answer")
    return reply


def _retry_after(reply: requests.Response) -> int:
    told = reply.headers.get("Retry-After", "")
    return min(int(told), LONGEST_WAIT_S) if reply.status_code == TOO_MANY and told.isdecimal() else 0


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


def line_of(department: str) -> Line:
    """How the department is asked, by the table that the service was started with."""
    lines: dict[str, Line] = current_app.extensions["department_lines"]
    return lines.get(department, Line())

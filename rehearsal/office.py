"""An official's desk as an HTTP client: logs in with password and one-time password, repeats with the same request key.

A password that is about to expire is changed at log-in, as a real official is told to: a rehearsal lasts months.
"""

import time
import uuid
from datetime import datetime, timedelta
from typing import Any

import requests

from rehearsal.officials import STEP_SECONDS, fresh_password, keep_password, one_time_password, present_password

TIMEOUT = (5, 120)
TRIES = 8
REFUSED = 400
BROKEN = 500
CHANGED_BEFORE = timedelta(days=1)
"""How long before its end a password is changed: longer than any session lasts."""


class OfficeRefused(Exception):
    """The service refused; `status` and `code` as its problem document has them."""

    def __init__(self, status: int, problem: dict[str, Any]) -> None:
        self.status = status
        self.code = str(problem.get("code", ""))
        super().__init__(f"{status} {self.code}: {problem.get('detail') or problem} {problem.get('errors') or ''}")


class Office:
    """One official logged in at the service."""

    def __init__(self, service: str, official: dict[str, Any]) -> None:
        self.service = service
        self.official = official
        self.session = requests.Session()
        self._log_in()

    def _log_in(self) -> None:
        """Log in with the next one-time password; a password near its end is changed at once."""
        name = {"name": self.official["login"], "password": present_password(self.official)}
        told = self._prove("POST", "/api/officials/login", name).json()
        self.session.headers["Authorization"] = f"Bearer {told['token']}"
        if datetime.fromisoformat(told["password_expires_at"]) - self.service_time() < CHANGED_BEFORE:
            self._change_password(name["password"])

    def _change_password(self, old: str) -> None:
        """Give the official a fresh password, and keep it where the next log-in finds it."""
        new = fresh_password()
        self._prove("PUT", "/api/officials/me/password", {"old_password": old, "new_password": new})
        keep_password(self.official, new)

    def _prove(self, method: str, path: str, body: dict[str, str]) -> requests.Response:
        """Send the body with the next one-time password; one that was just used is waited out.

        A whole step is waited: with less, five refusals could lock the account.
        """
        for _ in range(TRIES):
            now = self.service_time().timestamp()
            for step in (0, STEP_SECONDS):
                reply = self.session.request(
                    method,
                    f"{self.service}{path}",
                    json={**body, "totp": one_time_password(self.official["totp"], now + step)},
                    headers={"Idempotency-Key": uuid.uuid4().hex},
                    timeout=TIMEOUT,
                )
                if reply.ok:
                    return reply
            time.sleep(STEP_SECONDS)
        raise OfficeRefused(reply.status_code, reply.json())

    def service_time(self) -> datetime:
        """The service's clock, which a rehearsal may have moved."""
        return datetime.fromisoformat(self.session.get(f"{self.service}/alive", timeout=TIMEOUT).json()["now"])

    def get(self, path: str, **query: Any) -> Any:
        """The answer of a look."""
        return self._call("GET", path, params=query).json()

    def page(self, path: str, **query: Any) -> str:
        """The text of a page of the desk."""
        reply = self.session.get(f"{self.service}{path}", params=query, timeout=TIMEOUT)
        if reply.status_code == requests.codes.unauthorized:
            self._log_in()
            reply = self.session.get(f"{self.service}{path}", params=query, timeout=TIMEOUT)
        if not reply.ok:
            raise OfficeRefused(reply.status_code, {"detail": reply.text[:200]})
        return reply.text

    def post(self, path: str, body: Any = None, **more: Any) -> Any:
        """The answer of a change, repeated with the same key where the service is away for a moment."""
        reply = self._call("POST", path, json=body, headers={"Idempotency-Key": uuid.uuid4().hex}, **more)
        return reply.json() if "json" in reply.headers.get("Content-Type", "") else reply.content

    def send_file(self, path: str, name: str, data: bytes, **query: Any) -> Any:
        """Send a file as an official's browser would."""
        return self._call(
            "POST",
            path,
            params=query,
            files={"file": (name, data)},
            headers={"Idempotency-Key": uuid.uuid4().hex},
        ).json()

    def _call(self, method: str, path: str, **more: Any) -> requests.Response:
        fault: Exception | None = None
        for attempt in range(TRIES):
            try:
                reply = self.session.request(method, f"{self.service}/api{path}", timeout=TIMEOUT, **more)
            except requests.RequestException as error:
                fault = error
            else:
                if reply.status_code < REFUSED:
                    return reply
                if reply.status_code == requests.codes.unauthorized and attempt == 0:
                    self._log_in()
                    continue
                if reply.status_code < BROKEN:
                    raise OfficeRefused(reply.status_code, reply.json())
                fault = OfficeRefused(reply.status_code, {"detail": reply.text[:200]})
            time.sleep(min(0.2 * 2**attempt, 3.0))
        raise fault or OfficeRefused(0, {})

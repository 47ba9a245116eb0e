"""A family's phone as an HTTP client: logs in by SMS or WeChat code, repeats with the same request key, never gives up early.

A repeated request is the same bytes under the same Idempotency-Key, as a phone with a bad line would send it.
"""

import re
import time
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import requests
from requests.adapters import HTTPAdapter

TIMEOUT = (5, 30)
TOO_MANY = 429
IN_PROGRESS = 409
BROKEN_FROM = 500
CODE = re.compile(r"(?<!\d)(\d{6})(?!\d)")
LOOK_EVERY_SECONDS = 0.2

Observe = Callable[[str, float, int], None]
"""Told of every try: "METHOD route", seconds, HTTP status (0 where there was no answer)."""


class PhoneRefused(Exception):
    """The service refused; `status`, `code` (kebab-case) and `detail` as its problem document has them."""

    def __init__(self, status: int, problem: Mapping[str, Any]) -> None:
        self.status = status
        self.code = str(problem.get("code", ""))
        self.problem = dict(problem)
        super().__init__(f"{status} {self.code}: {problem.get('detail') or problem.get('title') or problem}")


class NoAnswer(Exception):
    """Nothing usable came back within the phone's patience."""


@dataclass(frozen=True)
class City:
    """Where the phone finds the service and, to read its messages, the simulated gateways."""

    service: str
    sms: str
    wechat: str


class _From(HTTPAdapter):
    """Connections from an address of our own inside 127.0.0.0/8, so that each family counts as one visitor."""

    def __init__(self, source: str) -> None:
        self._source = source
        super().__init__(pool_connections=1, pool_maxsize=2)

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        """Bind each connection to the source address."""
        super().init_poolmanager(*args, **{**kwargs, "source_address": (self._source, 0)})


def _nobody(route: str, seconds: float, status: int) -> None:
    """Nobody observes."""


class Phone:
    """One phone; `source` is its address (127.x.y.z), `patience_s` how long it repeats one request before NoAnswer."""

    def __init__(
        self, city: City, *, source: str = "127.0.0.1", patience_s: float = 120.0, observe: Observe = _nobody
    ) -> None:
        self._city = city
        self._patience_s = patience_s
        self._observe = observe
        self._session = requests.Session()
        self._session.trust_env = False
        self._session.mount("http://", _From(source))
        self.guardian: dict[str, Any] = {}

    def close(self) -> None:
        """Hang up."""
        self._session.close()

    def log_in_by_sms(self, number: str) -> None:
        """Ask for a code, read it from the number's messages, log in. Raises PhoneRefused or NoAnswer."""
        before = len(self._messages(number))
        self.post("/api/login/code", {"phone": number})
        code = self._code(number, before)
        self._take(self.post("/api/login/phone", {"phone": number, "code": code}))

    def log_in_by_wechat(self, openid: str) -> None:
        """Log in with a code of `wx.login`, handed over by the simulated WeChat."""
        answer = self._session.post(f"{self._city.wechat}/chat/{openid}/login-code", timeout=TIMEOUT)
        self._take(self.post("/api/login/wechat", {"code": answer.json()["code"]}))

    @property
    def token(self) -> str:
        """What this phone is logged in with; empty before the log-in."""
        return str(self._session.headers.get("Authorization", "")).removeprefix("Bearer ")

    def come_back(self, token: str) -> bool:
        """Go on with the token of an earlier visit; whether the service still takes it."""
        self._session.headers["Authorization"] = f"Bearer {token}"
        try:
            self.get("/api/me")
        except PhoneRefused:
            self._session.headers.pop("Authorization", None)
            return False
        return True

    def _take(self, told: dict[str, Any]) -> None:
        self._session.headers["Authorization"] = f"Bearer {told['token']}"
        self.guardian = told["guardian"]

    def _messages(self, number: str) -> list[dict[str, Any]]:
        answer = self._session.get(f"{self._city.sms}/phones/{number}", timeout=TIMEOUT)
        items: list[dict[str, Any]] = answer.json()["items"]
        return [item for item in items if item["state"] == "delivered"]

    def _code(self, number: str, before: int) -> str:
        until = time.monotonic() + self._patience_s
        while time.monotonic() < until:
            for message in reversed(self._messages(number)[before:]):
                found = CODE.search(message["text"])
                if found:
                    return found[1]
            time.sleep(LOOK_EVERY_SECONDS)
        raise NoAnswer(f"no code came to {number}")

    def get(self, path: str, **query: str) -> Any:
        """The JSON of a page. Raises PhoneRefused or NoAnswer."""
        return self._insist(requests.Request("GET", self._city.service + path, params=query))

    def post(self, path: str, body: Mapping[str, Any] | None = None, key: str | None = None) -> Any:
        """Send a change under a request key (a new one where None) until it is answered; None for an empty answer."""
        return self._change("POST", path, body, key)

    def put(self, path: str, body: Mapping[str, Any], key: str | None = None) -> Any:
        """Like `post`."""
        return self._change("PUT", path, body, key)

    def delete(self, path: str, key: str | None = None) -> Any:
        """Like `post`, without a body."""
        return self._change("DELETE", path, None, key)

    def upload(self, path: str, kind: str, picture: bytes, key: str | None = None) -> Any:
        """Send a photograph as multipart (kind, picture)."""
        files = {"picture": (f"{kind}.jpg", picture, "image/jpeg")}
        headers = {"Idempotency-Key": key or str(uuid.uuid4())}
        address = self._city.service + path
        return self._insist(requests.Request("POST", address, headers=headers, data={"kind": kind}, files=files))

    def _change(self, method: str, path: str, body: Mapping[str, Any] | None, key: str | None) -> Any:
        headers = {"Idempotency-Key": key or str(uuid.uuid4())}
        return self._insist(requests.Request(method, self._city.service + path, headers=headers, json=body))

    def _insist(self, request: requests.Request) -> Any:
        """Send the prepared bytes until there is an answer that settles it; the waits double up to five seconds."""
        prepared = self._session.prepare_request(request)
        until, wait, last = time.monotonic() + self._patience_s, 0.2, "no answer"
        while True:
            answer = self._once(prepared)
            if answer is not None:
                retry_after = answer.headers.get("Retry-After", "")
                settled = answer.status_code < BROKEN_FROM and answer.status_code != TOO_MANY
                if settled and not (answer.status_code == IN_PROGRESS and retry_after):
                    return _content(answer)
                last = f"{answer.status_code} {answer.text[:200]}"
                wait = max(wait, float(retry_after)) if retry_after.isdigit() else wait
            if time.monotonic() + wait > until:
                raise NoAnswer(f"{prepared.method} {prepared.path_url}: {last}")
            time.sleep(wait)
            wait = min(5.0, wait * 2)

    def _once(self, prepared: requests.PreparedRequest) -> requests.Response | None:
        began = time.perf_counter()
        status = 0
        try:
            answer = self._session.send(prepared, timeout=TIMEOUT)
            status = answer.status_code
        except requests.RequestException:
            answer = None
        route = f"{prepared.method} {without_ids(prepared.path_url)}"
        self._observe(route, time.perf_counter() - began, status)
        return answer


def without_ids(path: str) -> str:
    """The path with identifiers replaced by `{}` and without its query, as a name for statistics."""
    return re.sub(r"/[0-9a-f]{8}-[0-9a-f-]{27}|/\d{6}(-[PJK]\d\d)?(?=/|$)", "/{}", path.partition("?")[0])


def _content(answer: requests.Response) -> Any:
    kind = answer.headers.get("Content-Type", "")
    content = answer.json() if "json" in kind and answer.content else None
    if not answer.ok:
        raise PhoneRefused(answer.status_code, content if isinstance(content, dict) else {"detail": answer.text[:200]})
    return content

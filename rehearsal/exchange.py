"""The departments' data exchange, simulated: `PORT=… CITY=… EXCHANGE_CLIENT=… EXCHANGE_KEY=… python -m rehearsal.exchange`.

Three ways in, as they exist: signed JSON with a token, signed XML envelopes, and batch files where EXCHANGE_DROP names
a folder. A question is taken once and within ten minutes (promises 4.5). Answers fit the city.
"""

import asyncio
import hmac
import json
import logging
import os
import secrets
import time
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from http import HTTPStatus
from pathlib import Path
from typing import Any

from rehearsal.batch_office import BatchOffice
from rehearsal.departments import BadKeys, Record, Registers, answers_of
from rehearsal.envelopes import EnvelopeBroken, read_question, write_answer
from rehearsal.faults import OverQuota, Unavailable, Weather
from rehearsal.loopback import Answer, Refused, Request, Site, json_answer, settings_of
from rehearsal.signatures import FRESH_SECONDS, NonceMemory, sign

TOKEN_LIVES_S = 600
XML = "text/xml; charset=utf-8"
NEEDED = ("request_id", "purpose", "basis", "consented_at", "operator", "keys")


@dataclass
class Figures:
    """Counts of one item since the start, and how long its answers took."""

    asked: int = 0
    found: int = 0
    not_found: int = 0
    unavailable: int = 0
    over_quota: int = 0
    bad_question: int = 0
    seconds: float = 0.0
    longest_seconds: float = 0.0


class Exchange:
    """The exchange as a site: POST /token, /query/{department}/{item} and /soap/{department}; GET /figures, /health."""

    def __init__(self, registers: Registers, clients: Mapping[str, str], weather: Weather) -> None:
        self._answers = answers_of(registers)
        self._clients = dict(clients)
        self._weather = weather
        self._nonces = NonceMemory()
        self._figures: dict[str, Figures] = defaultdict(Figures)
        self._bad_signatures = 0
        self._tokens: dict[str, float] = {}
        self.site = Site("exchange")
        self.site.route("POST", "/token", self._token)
        self.site.route("POST", "/query/{department}/{item}", self._query)
        self.site.route("POST", "/soap/{department}", self._envelope)
        self.site.route("GET", "/figures", self._show_figures)
        weather.offer(self.site)

    def take_files(self, drop: Path, key: str) -> None:
        """Answer batch files that are dropped into the folder, as long as the site runs."""
        BatchOffice(drop, key, self._answers, self._weather).work_beside(self.site, self._figures)

    async def _token(self, request: Request) -> Answer:
        client = self._check_signature(request)
        token = secrets.token_hex(16)
        self._tokens[token] = self._weather.now() + TOKEN_LIVES_S
        return self._signed(json_answer({"token": token, "expires_in": TOKEN_LIVES_S}), request, client)

    async def _envelope(self, request: Request, department: str) -> Answer:
        """One question in an envelope; the item stands in it as its business code."""
        client = self._check_signature(request)
        try:
            told = read_question(request.body)
        except EnvelopeBroken as error:
            raise Refused(400, str(error)) from error
        item = told.pop("item")
        if (department, item) not in self._answers:
            raise Refused(404, f"there is no item {department}/{item}")
        inner = Request(request.method, request.path, {}, request.headers, json.dumps(told).encode())
        answer = await self._counted(inner, department, item)
        if answer.status == HTTPStatus.OK:
            answer = Answer(write_answer(json.loads(answer.body)), kind=XML)
        return self._signed(answer, request, client)

    async def _query(self, request: Request, department: str, item: str) -> Answer:
        client = self._check_signature(request)
        if self._tokens.get(request.headers.get("x-token", ""), 0.0) < self._weather.now():
            raise Refused(401, "the token is missing, unknown or too old")
        if (department, item) not in self._answers:
            raise Refused(404, f"there is no item {department}/{item}")
        return self._signed(await self._counted(request, department, item), request, client)

    async def _counted(self, request: Request, department: str, item: str) -> Answer:
        figures = self._figures[f"{department}/{item}"]
        figures.asked += 1
        began = time.perf_counter()
        answer = await self._answered(request, department, item, figures)
        took = time.perf_counter() - began
        figures.seconds += took
        figures.longest_seconds = max(figures.longest_seconds, took)
        return answer

    async def _answered(self, request: Request, department: str, item: str, figures: Figures) -> Answer:
        try:
            question = _question(request)
            await self._weather.meet(department)
            source, ask = self._answers[department, item]
            record = ask(question["keys"])
        except (Refused, BadKeys) as error:
            figures.bad_question += 1
            return json_answer({"error": str(error)}, 400)
        except Unavailable as error:
            figures.unavailable += 1
            return json_answer({"error": str(error)}, 503)
        except OverQuota as error:
            figures.over_quota += 1
            return json_answer({"error": str(error)}, 429, {"Retry-After": str(error.seconds)})
        if record is None:
            figures.not_found += 1
        else:
            figures.found += 1
        return json_answer(self._content(question["request_id"], record, source))

    def _content(self, request_id: str, record: Record | None, source: str) -> Record:
        return {
            "request_id": request_id,
            "found": record is not None,
            "record": record,
            "source": source,
            "as_of": self._weather.now_at().isoformat(timespec="seconds"),
        }

    def _check_signature(self, request: Request) -> str:
        """The client's name. Raises Refused 401 where the question is not signed, old, or was taken before."""
        try:
            return self._client_of(request)
        except Refused:
            self._bad_signatures += 1
            raise

    def _client_of(self, request: Request) -> str:
        client, timestamp, nonce, signature = (
            request.headers.get(name, "") for name in ("x-client-id", "x-timestamp", "x-nonce", "x-signature")
        )
        key = self._clients.get(client)
        if key is None:
            raise Refused(401, "the client is unknown")
        wanted = sign(key, client, timestamp, nonce, request.path, request.body)
        if not hmac.compare_digest(wanted.encode(), signature.encode()):
            raise Refused(401, "the signature is wrong")
        now = self._weather.now()
        if not timestamp.isdigit() or abs(int(timestamp) / 1000 - now) > FRESH_SECONDS:
            raise Refused(401, "the timestamp is not within ten minutes of the exchange's clock")
        if not nonce or not self._nonces.is_new(client, nonce, now):
            raise Refused(401, "the nonce was used before")
        return client

    def _signed(self, answer: Answer, request: Request, client: str) -> Answer:
        """The answer with a signature over its body, bound to the question by the question's nonce and path."""
        timestamp, nonce = str(int(self._weather.now() * 1000)), request.headers["x-nonce"]
        signature = sign(self._clients[client], client, timestamp, nonce, request.path, answer.body)
        headers = {"X-Client-Id": client, "X-Timestamp": timestamp, "X-Nonce": nonce, "X-Signature": signature}
        return Answer(answer.body, answer.status, answer.kind, {**answer.headers, **headers})

    async def _show_figures(self, request: Request) -> Answer:
        items = {name: asdict(figures) for name, figures in sorted(self._figures.items())}
        return json_answer({"items": items, "bad_signatures": self._bad_signatures})


def _question(request: Request) -> dict[str, Any]:
    question = request.json_object()
    missing = [name for name in NEEDED if name not in question]
    if missing:
        raise Refused(400, f"the question lacks {', '.join(missing)}")
    if not isinstance(question["keys"], dict):
        raise Refused(400, "keys is not a JSON object")
    return question


def main() -> None:
    """Serve from the environment: PORT, CITY, EXCHANGE_CLIENT, EXCHANGE_KEY, and perhaps FAULTS and CLOCK_URL."""
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    told = settings_of("exchange", "PORT", "CITY", "EXCHANGE_CLIENT", "EXCHANGE_KEY")
    weather = Weather.from_environment("exchange")
    clients = {told["EXCHANGE_CLIENT"]: told["EXCHANGE_KEY"]}
    exchange = Exchange(Registers(Path(told["CITY"])), clients, weather)
    if os.environ.get("EXCHANGE_DROP"):
        exchange.take_files(Path(os.environ["EXCHANGE_DROP"]), told["EXCHANGE_KEY"])
    weather.follow(exchange.site, os.environ.get("CLOCK_URL"))
    asyncio.run(exchange.site.run(int(told["PORT"])))


if __name__ == "__main__":
    main()
